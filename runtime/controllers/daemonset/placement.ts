import type { DaemonSet } from '../../../generated/apps/v1/types.ts';
import type { Node, Pod, PodSpec, Taint } from '../../../generated/core/v1/types.ts';
import { nodeMatcher, tolerates } from '../../meta/index.ts';
import { daemonTolerations } from './pod.ts';

/** What a node means to a DaemonSet. */
export interface Verdict {
  /** It should get a pod. */
  readonly shouldRun: boolean;
  /** A pod that it has may stay: a taint that does not evict came later. */
  readonly shouldContinue: boolean;
}

const RUNS: Verdict = { shouldRun: true, shouldContinue: true };
const STAYS: Verdict = { shouldRun: false, shouldContinue: true };
const NO: Verdict = { shouldRun: false, shouldContinue: false };

/** Goes by the template's node name, node selector, required node affinity and tolerations; not by room or conditions. */
export function verdictOn({ spec }: DaemonSet, node: Node): Verdict {
  const pod: PodSpec = spec?.template?.spec ?? { containers: [] };
  if (pod.nodeName && pod.nodeName !== node.metadata.name) return NO;
  if (!nodeMatcher(pod)(node)) return NO;
  const taints = (node.spec?.taints ?? []).filter((taint) => !isTolerated(pod, taint));
  if (taints.some(({ effect }) => effect === 'NoExecute')) return NO;
  return taints.some(({ effect }) => effect === 'NoSchedule') ? STAYS : RUNS;
}

function isTolerated(pod: PodSpec, taint: Taint): boolean {
  return daemonTolerations(pod).some((each) => tolerates(each, taint));
}

/** The node that a pod is on, or is made for; undefined when it is made for none in particular. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const { matchFields = [] } of required?.nodeSelectorTerms ?? [])
    for (const { key, operator, values = [] } of matchFields)
      if (key === 'metadata.name' && operator === 'In')
        return values.length === 1 ? values[0] : undefined;
  return undefined;
}
