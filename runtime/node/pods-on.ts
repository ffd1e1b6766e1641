import type { Pod } from '../../generated/core/v1/types.ts';
import { BY_NODE, type Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';
import { isMirror, uidOnNode } from './pod-source.ts';

const NONE: readonly never[] = [];

/**
 * The pods of a node as its kubelet knows them: those that are bound to it, or what a kubelet that is cut off has last seen of them, with
 * those that only the node has still; and its static ones in the place of their mirrors.
 */
export function podsOn({ state, pods }: Kubelets, node: string): readonly Pod[] {
  const bound = pods.byIndex(BY_NODE, node);
  const keys = state.staticKeys.get(node);
  const copies = state.copies.size === 0 ? NONE : state.copies.withPrefix(`${node}\0`);
  if (!keys && copies.length === 0) return bound;
  const own = (keys ?? NONE).flatMap((key) => state.statics.get(key)?.pod ?? []);
  const copied = new Set(copies.map(({ metadata }) => metadata.uid));
  const plain = bound.filter((pod) => !isMirror(pod) && !copied.has(pod.metadata.uid));
  return [...plain, ...copies, ...own];
}

/** Under which key the record of a pod is that a kubelet knows. */
export function recordKeyOf({ state }: Pick<Kubelets, 'state'>, pod: Pod): string {
  const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
  if (state.copies.size === 0) return key;
  const uid = uidOnNode(pod);
  const orphan = orphanKey(key, uid);
  return state.pods.get(key)?.uid !== uid && state.pods.has(orphan) ? orphan : key;
}

/** What its kubelet knows of a pod of the API, or of the one that a mirror shows. */
export function recordOf(kubelets: Kubelets, pod: Pod): PodRecord | undefined {
  const record = kubelets.state.pods.get(recordKeyOf(kubelets, pod));
  return record?.uid === uidOnNode(pod) ? record : undefined;
}

/** The key of a pod that the API has no longer: another of its name may come while it ends. */
export function orphanKey(key: string, uid: string): string {
  return `${key}@${uid}`;
}

export function isOrphan(key: string): boolean {
  return key.includes('@');
}
