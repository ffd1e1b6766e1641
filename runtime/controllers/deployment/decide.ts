import type { Deployment, DeploymentStatus, ReplicaSet } from '../../../generated/apps/v1/types.ts';
import { isDeleting, jsonEqual } from '../../meta/index.ts';
import { RolloutPlan, type Scaling } from './plan.ts';
import { deadlineMs, withNewSet, withPause, withProgress } from './progress.ts';
import { REVISION } from './revision.ts';
import { cleanUp, recreate, rollUpdate } from './rollout.ts';
import { isScalingEvent, scale } from './scale.ts';
import { countedStatus } from './status.ts';
import { isRollingUpdate } from './strategy.ts';

export interface DeploymentState {
  readonly deployment: Deployment;
  /** All that it controls. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Whether pods of a ReplicaSet still run, also such as are told to go; asked for only when recreating. */
  readonly hasPods: (set: ReplicaSet) => boolean;
  readonly nowMs: number;
}

export interface DeploymentActions {
  readonly create?: ReplicaSet;
  readonly updates: readonly ReplicaSet[];
  /** Why: the sizes that change, in order. */
  readonly scalings: readonly Scaling[];
  readonly remove: readonly ReplicaSet[];
  /** The status to have, and the revision to carry. The Deployment's own when nothing differs. */
  readonly status: DeploymentStatus;
  readonly revision?: string;
  readonly deadlineMs?: number;
}

/**
 * One step of a Deployment. A paused one, or one whose size changed, only scales what it has; otherwise its strategy
 * makes one step, and the status tells how the rollout goes.
 */
export function decide({
  deployment,
  replicaSets,
  hasPods,
  nowMs,
}: DeploymentState): DeploymentActions {
  const plan = new RolloutPlan(deployment, replicaSets);
  const stored = deployment.status ?? {};
  if (isDeleting(deployment)) {
    const found = withNewSet(plan, stored, nowMs);
    return actions(plan, countedStatus(plan, found, nowMs));
  }
  const paused = withPause(deployment, stored, nowMs);
  const isPaused = deployment.spec?.paused === true;
  if (isPaused || isScalingEvent(plan)) {
    const found = withNewSet(plan, paused, nowMs);
    scale(plan);
    if (isPaused) cleanUp(plan);
    return actions(plan, countedStatus(plan, found, nowMs));
  }
  if (isRollingUpdate(deployment)) rollUpdate(plan);
  else recreate(plan, hasPods);
  const before = withNewSet(plan, paused, nowMs);
  const status = withProgress(plan, before, countedStatus(plan, before, nowMs), nowMs);
  const atMs = deadlineMs(deployment, status);
  return { ...actions(plan, status), ...(atMs === undefined ? {} : { deadlineMs: atMs }) };
}

function actions(plan: RolloutPlan, status: DeploymentStatus): DeploymentActions {
  const { deployment, newSet, creates, updates, scalings, remove } = plan;
  const revision = newSet?.metadata.annotations?.[REVISION];
  const stored = deployment.status;
  return {
    ...(creates && newSet ? { create: newSet } : {}),
    updates,
    scalings,
    remove,
    status: stored && jsonEqual(stored, status) ? stored : status,
    ...(revision === undefined ? {} : { revision }),
  };
}
