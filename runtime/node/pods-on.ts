import type { Pod } from '../../generated/core/v1/types.ts';
import { BY_NODE, type Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';
import { isMirror, uidOnNode } from './pod-source.ts';

/** The pods of a node as its kubelet knows them: those that are bound to it, and its static ones in the place of their mirrors. */
export function podsOn({ state, pods }: Kubelets, node: string): readonly Pod[] {
  const bound = pods.byIndex(BY_NODE, node);
  const keys = state.staticKeys.get(node);
  if (!keys) return bound;
  const own = keys.flatMap((key) => state.statics.get(key)?.pod ?? []);
  return [...bound.filter((pod) => !isMirror(pod)), ...own];
}

/** What its kubelet knows of a pod of the API, or of the one that a mirror shows. */
export function recordOf({ state }: Kubelets, pod: Pod): PodRecord | undefined {
  const record = state.pods.get(`${pod.metadata.namespace}/${pod.metadata.name}`);
  return record?.uid === uidOnNode(pod) ? record : undefined;
}
