import type { PodDisruptionBudget } from '../../generated/policy/v1/types.ts';
import { jsonEqual } from '../../generator/model/equal.ts';
import { conditionOf } from './conditions.ts';
import { formatTime } from './time.ts';

type Status = NonNullable<PodDisruptionBudget['status']>;

const DISRUPTION_ALLOWED = 'DisruptionAllowed';
const SYNC_FAILED = 'SyncFailed';

/** Why the pods of a budget could not be counted; undefined when they could. */
export function disruptionFailure(status: Pick<Status, 'conditions'>): string | undefined {
  const found = conditionOf(status.conditions, DISRUPTION_ALLOWED);
  return found?.reason === SYNC_FAILED ? (found.message ?? '') : undefined;
}

/**
 * The status of a budget with the condition that follows from how many disruptions it allows, or with the reason why that is not
 * known; the same status when it has that condition.
 */
export function withDisruptionAllowed(status: Status, nowMs: number, failure?: string): Status {
  const { observedGeneration, disruptionsAllowed, conditions = [] } = status;
  const isAllowed = failure === undefined && disruptionsAllowed > 0;
  const counted = isAllowed ? 'SufficientPods' : 'InsufficientPods';
  const before = conditionOf(conditions, DISRUPTION_ALLOWED);
  const state = isAllowed ? 'True' : 'False';
  const since = before?.status === state ? before.lastTransitionTime : undefined;
  const condition = {
    type: DISRUPTION_ALLOWED,
    status: state,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime: since ?? formatTime(nowMs),
    reason: failure === undefined ? counted : SYNC_FAILED,
    message: failure ?? '',
  } as const;
  if (jsonEqual(before, condition)) return status;
  const next = before
    ? conditions.map((each) => (each === before ? condition : each))
    : [...conditions, condition];
  return { ...status, conditions: next };
}
