import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from '../../../generated/apps/v1/types.ts';
import { conditionOf, parseTime, withoutCondition } from '../../meta/index.ts';
import type { RolloutPlan } from './plan.ts';
import { condition, isComplete, setCondition } from './status.ts';

export const PROGRESSING = 'Progressing';
const REPLICA_FAILURE = 'ReplicaFailure';
const COMPLETE = 'NewReplicaSetAvailable';
const TIMED_OUT = 'ProgressDeadlineExceeded';
const PAUSED = 'DeploymentPaused';
/** A deadline counts as missed strictly after it, and times have whole seconds. */
const SECOND_MS = 1000;
const NO_DEADLINE = 2 ** 31 - 1;

export function hasDeadline({ spec }: Deployment): boolean {
  const seconds = spec?.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== NO_DEADLINE;
}

/** With the condition that says that the Deployment was paused or resumed, so that the time in between is not held against it. */
export function withPause(
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): DeploymentStatus {
  const { conditions = [] } = status;
  const reason = conditionOf(conditions, PROGRESSING)?.reason;
  const paused = deployment.spec?.paused === true;
  if (!hasDeadline(deployment) || reason === TIMED_OUT || paused === (reason === PAUSED))
    return status;
  const next = paused
    ? condition(PROGRESSING, 'Unknown', PAUSED, 'Deployment is paused', nowMs)
    : condition(PROGRESSING, 'Unknown', 'DeploymentResumed', 'Deployment is resumed', nowMs);
  return { ...status, conditions: setCondition(conditions, next) };
}

/** With the condition that begins the estimation: the new ReplicaSet was made, or found when nothing was known yet. */
export function withNewSet(
  { deployment, newSet, creates }: RolloutPlan,
  status: DeploymentStatus,
  nowMs: number,
): DeploymentStatus {
  const { conditions = [] } = status;
  if (!newSet || !hasDeadline(deployment)) return status;
  const name = JSON.stringify(newSet.metadata.name);
  if (!creates && conditionOf(conditions, PROGRESSING)) return status;
  const next = creates
    ? condition(
        PROGRESSING,
        'True',
        'NewReplicaSetCreated',
        `Created new replica set ${name}`,
        nowMs,
      )
    : condition(PROGRESSING, 'True', 'FoundNewReplicaSet', `Found new replica set ${name}`, nowMs);
  return { ...status, conditions: setCondition(conditions, next) };
}

/**
 * `status` with what is to be said about the rollout: complete, moving, or out of time; and with the failure of a
 * ReplicaSet. `before` is the status that it moves on from.
 */
export function withProgress(
  plan: RolloutPlan,
  before: DeploymentStatus,
  status: DeploymentStatus,
  nowMs: number,
): DeploymentStatus {
  const conditions = withFailures(plan, withEstimate(plan, before, status, nowMs));
  return { ...status, conditions };
}

/** When the Deployment has to be looked at again because its deadline may have passed; undefined when nothing is estimated. */
export function deadlineMs(deployment: Deployment, status: DeploymentStatus): number | undefined {
  const current = conditionOf(status.conditions, PROGRESSING);
  if (!hasDeadline(deployment) || !current || isComplete(deployment, status)) return undefined;
  if (current.reason === TIMED_OUT || current.reason === COMPLETE) return undefined;
  return missedAtMs(deployment, current) + SECOND_MS;
}

function withEstimate(
  { deployment, newSet }: RolloutPlan,
  before: DeploymentStatus,
  status: DeploymentStatus,
  nowMs: number,
): readonly DeploymentCondition[] {
  const conditions = status.conditions ?? [];
  if (!hasDeadline(deployment)) return withoutCondition(conditions, PROGRESSING);
  const current = conditionOf(before.conditions, PROGRESSING);
  const isSettled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0);
  if (isSettled && current?.reason === COMPLETE) return conditions;
  const what = newSet
    ? `ReplicaSet ${JSON.stringify(newSet.metadata.name)}`
    : `Deployment ${JSON.stringify(deployment.metadata.name)}`;
  if (isComplete(deployment, status)) {
    const message = `${what} has successfully progressed.`;
    return setCondition(conditions, condition(PROGRESSING, 'True', COMPLETE, message, nowMs));
  }
  if (hasMoved(before, status)) {
    const moving = condition(
      PROGRESSING,
      'True',
      'ReplicaSetUpdated',
      `${what} is progressing.`,
      nowMs,
    );
    return renewed(conditions, moving);
  }
  if (hasTimedOut(deployment, conditionOf(conditions, PROGRESSING), nowMs)) {
    const message = `${what} has timed out progressing.`;
    return setCondition(conditions, condition(PROGRESSING, 'False', TIMED_OUT, message, nowMs));
  }
  return conditions;
}

/** Like `setCondition`, but renews the time of the last update when nothing else changes: the deadline counts from there. */
function renewed(
  conditions: readonly DeploymentCondition[],
  next: DeploymentCondition,
): readonly DeploymentCondition[] {
  const current = conditionOf(conditions, next.type);
  const since = current?.status === next.status ? current.lastTransitionTime : undefined;
  const kept = since === undefined ? next : { ...next, lastTransitionTime: since };
  return setCondition(withoutCondition(conditions, next.type), kept);
}

function hasMoved(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number =>
    replicas - updatedReplicas;
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function hasTimedOut(
  deployment: Deployment,
  current: DeploymentCondition | undefined,
  nowMs: number,
): boolean {
  if (!current || current.reason === COMPLETE) return false;
  return current.reason === TIMED_OUT || missedAtMs(deployment, current) < nowMs;
}

function missedAtMs({ spec }: Deployment, { lastUpdateTime }: DeploymentCondition): number {
  return parseTime(lastUpdateTime) + (spec?.progressDeadlineSeconds ?? 0) * SECOND_MS;
}

/** With the failure that a ReplicaSet reports, the new one's first. */
function withFailures(
  { newSet, all }: RolloutPlan,
  conditions: readonly DeploymentCondition[],
): readonly DeploymentCondition[] {
  const failure = (newSet && failureOf(newSet)) ?? all.map(failureOf).find(Boolean);
  if (!failure) return withoutCondition(conditions, REPLICA_FAILURE);
  return setCondition(conditions, failure);
}

function failureOf({ status }: ReplicaSet): DeploymentCondition | undefined {
  const failure = conditionOf(status?.conditions, REPLICA_FAILURE);
  if (!failure) return undefined;
  const { lastTransitionTime } = failure;
  return { ...failure, ...(lastTransitionTime ? { lastUpdateTime: lastTransitionTime } : {}) };
}
