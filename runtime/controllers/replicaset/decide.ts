import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { limits } from '../../base/index.ts';
import { isDeleting } from '../../meta/index.ts';
import { podsToRemove } from './ranking.ts';

export interface ReplicaSetState {
  readonly replicaSet: ReplicaSet;
  /** Active pods that it controls. */
  readonly pods: readonly Pod[];
  /** Pods of all ReplicaSets that have the same owner; asked for only when some pods must go and others may stay. */
  readonly related: () => readonly Pod[];
  readonly nowMs: number;
}

export interface ReplicaSetActions {
  readonly create: number;
  readonly remove: readonly Pod[];
}

const NOTHING: ReplicaSetActions = { create: 0, remove: [] };

/** How many pods to make or which to remove, at most a burst at a time: what is done brings the key back. */
export function decide({ replicaSet, pods, related, nowMs }: ReplicaSetState): ReplicaSetActions {
  if (isDeleting(replicaSet)) return NOTHING;
  const missing = (replicaSet.spec?.replicas ?? 1) - pods.length;
  if (missing === 0) return NOTHING;
  if (missing > 0) return { create: Math.min(missing, limits.replicaSetBurst), remove: [] };
  const count = Math.min(-missing, limits.replicaSetBurst);
  return { create: 0, remove: podsToRemove(pods, count, related, nowMs) };
}
