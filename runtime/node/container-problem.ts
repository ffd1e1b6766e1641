import type { Container, Pod } from '../../generated/core/v1/types.ts';
import type { Kubelets } from './kubelets.ts';
import { mountProblem } from './mount-problem.ts';
import { rootProblem } from './non-root.ts';
import type { PodRecord } from './pod-record.ts';
import { environmentFor } from './program-desk.ts';
import { environmentProblem } from './references/index.ts';
import type { NodeRecord } from './state.ts';

/** Why a container cannot be made of what its pod says: its variables, then what it mounts, then as whom it runs. */
export function containerProblem(
  kubelets: Kubelets,
  pod: Pod,
  record: PodRecord,
  node: NodeRecord,
  spec: Container,
): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  return (
    environmentProblem(kubelets.references, namespace, spec) ??
    mountProblem(spec, () => environmentFor(kubelets, pod, record, node, spec)) ??
    rootProblem(pod, spec)
  );
}
