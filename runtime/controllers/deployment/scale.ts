import type { Deployment, ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { RolloutPlan } from './plan.ts';
import {
  bySizeThenNewer,
  bySizeThenOlder,
  isActive,
  replicasOf,
  totalWanted,
} from './replica-sets.ts';
import { annotatedNumber, DESIRED_REPLICAS, MAX_REPLICAS } from './revision.ts';
import { isRollingUpdate, maxReplicas, wantedReplicas } from './strategy.ts';

/** Whether the Deployment's size changed since its ReplicaSets were sized last. */
export function isScalingEvent({ deployment, all }: RolloutPlan): boolean {
  const wanted = wantedReplicas(deployment);
  return all
    .filter(isActive)
    .some((each) => (annotatedNumber(each, DESIRED_REPLICAS) ?? wanted) !== wanted);
}

/**
 * Brings the ReplicaSets to the Deployment's size without rolling anything: the only active one (or the newest) takes all;
 * beside a complete new one the old ones go; in the middle of a rollout each grows or shrinks in proportion.
 */
export function scale(plan: RolloutPlan): void {
  const { deployment, newSet } = plan;
  const only = activeOrNewest(plan);
  if (only) {
    plan.resize(only, wantedReplicas(deployment));
    return;
  }
  if (newSet && isSaturated(deployment, newSet)) {
    for (const each of plan.oldSets.filter(isActive)) plan.resize(each, 0);
    return;
  }
  if (isRollingUpdate(deployment)) scaleInProportion(plan);
}

/** The one to scale when at most one is active; undefined when several are. */
function activeOrNewest({ all, newSet, oldSets }: RolloutPlan): ReplicaSet | undefined {
  const active = all.filter(isActive);
  if (active.length > 1) return undefined;
  return active[0] ?? newSet ?? oldSets.at(-1);
}

/** It alone has and offers as many pods as the Deployment wants. */
function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    replicasOf(set) === wanted &&
    annotatedNumber(set, DESIRED_REPLICAS) === wanted &&
    (set.status?.availableReplicas ?? 0) === wanted
  );
}

function scaleInProportion(plan: RolloutPlan): void {
  const { deployment } = plan;
  const active = plan.all.filter(isActive);
  const allowed = wantedReplicas(deployment) > 0 ? maxReplicas(deployment) : 0;
  const toAdd = allowed - totalWanted(active);
  if (toAdd !== 0) active.sort(toAdd > 0 ? bySizeThenNewer : bySizeThenOlder);
  let added = 0;
  const sizes = active.map((each) => {
    const share = proportion(deployment, each, toAdd, added);
    added += share;
    return replicasOf(each) + share;
  });
  if (sizes.length > 0) sizes[0] = Math.max(0, sizes[0]! + toAdd - added);
  for (const [at, each] of active.entries()) plan.resizeAndNote(each, sizes[at]!);
}

/** How much of `toAdd` (negative: to take away) falls to `set`, within what is left of it. */
function proportion(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  const left = toAdd - added;
  if (left === 0) return 0;
  const share = fraction(deployment, set);
  return toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
}

function fraction(deployment: Deployment, set: ReplicaSet): number {
  const size = replicasOf(set);
  if (wantedReplicas(deployment) === 0) return -size;
  const maxBefore = annotatedNumber(set, MAX_REPLICAS) || (deployment.status?.replicas ?? 0);
  if (maxBefore === 0) return 0;
  return Math.round((size * maxReplicas(deployment)) / maxBefore) - size;
}
