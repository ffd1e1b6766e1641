import type { ReplicaSet, ReplicaSetStatus } from '../../../generated/apps/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import {
  conditionOf,
  formatTime,
  hasLabels,
  jsonEqual,
  withCondition,
  withoutCondition,
} from '../../meta/index.ts';
import { availableAtMs, readyCondition } from '../pods.ts';

/** What one pass over the active pods finds. */
export interface Tally {
  readonly replicas: number;
  readonly fullyLabeled: number;
  readonly ready: number;
  readonly available: number;
  /** When the next ready pod becomes available by waiting; absent when none waits. */
  readonly nextAvailableMs?: number;
}

/** Why the pods of a ReplicaSet could not be made what they ought to be. */
export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly message: string;
}

const REPLICA_FAILURE = 'ReplicaFailure';

export function tally({ spec }: ReplicaSet, pods: readonly Pod[], nowMs: number): Tally {
  const templateLabels = spec?.template?.metadata?.labels ?? {};
  const minReadySeconds = spec?.minReadySeconds ?? 0;
  let fullyLabeled = 0;
  let ready = 0;
  let available = 0;
  let nextAvailableMs = Number.POSITIVE_INFINITY;
  for (const pod of pods) {
    const { labels } = pod.metadata;
    if (labels === templateLabels || hasLabels(labels, templateLabels)) fullyLabeled++;
    const condition = readyCondition(pod);
    if (condition === undefined) continue;
    ready++;
    const atMs = availableAtMs(condition, minReadySeconds);
    if (atMs <= nowMs) available++;
    else if (atMs < nextAvailableMs) nextAvailableMs = atMs;
  }
  const counts = { replicas: pods.length, fullyLabeled, ready, available };
  return nextAvailableMs === Number.POSITIVE_INFINITY ? counts : { ...counts, nextAvailableMs };
}

/** The status that a ReplicaSet ought to have; the one it has when nothing differs. Counts of zero are absent, as upstream omits them. */
export function nextStatus(
  { metadata, status }: ReplicaSet,
  counts: Tally,
  terminating: number | undefined,
  failure: ReplicaFailure | undefined,
  nowMs: number,
): ReplicaSetStatus {
  const conditions = withFailure(status?.conditions, failure, nowMs);
  const next: ReplicaSetStatus = {
    replicas: counts.replicas,
    ...(counts.fullyLabeled > 0 ? { fullyLabeledReplicas: counts.fullyLabeled } : {}),
    ...(counts.ready > 0 ? { readyReplicas: counts.ready } : {}),
    ...(counts.available > 0 ? { availableReplicas: counts.available } : {}),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    ...(metadata.generation ? { observedGeneration: metadata.generation } : {}),
    ...(conditions && conditions.length > 0 ? { conditions } : {}),
  };
  return status !== undefined && jsonEqual(status, next) ? status : next;
}

/** The first failure stays as it is until a reconcile goes without one. */
function withFailure(
  conditions: ReplicaSetStatus['conditions'],
  failure: ReplicaFailure | undefined,
  nowMs: number,
): ReplicaSetStatus['conditions'] {
  if (!failure) return withoutCondition(conditions, REPLICA_FAILURE);
  if (conditionOf(conditions, REPLICA_FAILURE)) return conditions;
  return withCondition(conditions, {
    type: REPLICA_FAILURE,
    status: 'True',
    ...failure,
    lastTransitionTime: formatTime(nowMs),
  });
}
