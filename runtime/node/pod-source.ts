import type { Pod } from '../../generated/core/v1/types.ts';

export const CONFIG_HASH = 'kubernetes.io/config.hash';
export const CONFIG_MIRROR = 'kubernetes.io/config.mirror';
export const CONFIG_SEEN = 'kubernetes.io/config.seen';
export const CONFIG_SOURCE = 'kubernetes.io/config.source';

/** Whether an object of the API is the mirror of a static pod. */
export function isMirror({ metadata }: Pod): boolean {
  return metadata?.annotations?.[CONFIG_MIRROR] !== undefined;
}

/** Whether a pod is one that its node runs by itself, or the mirror of one. */
export function isStatic(pod: Pod): boolean {
  return isMirror(pod) || (pod.metadata?.annotations?.[CONFIG_SOURCE] ?? 'api') !== 'api';
}

/** The uid under which the node runs what an object of the API shows: its own, but for mirrors. */
export function uidOnNode({ metadata }: Pod): string {
  return metadata?.annotations?.[CONFIG_MIRROR] ?? metadata?.uid ?? '';
}
