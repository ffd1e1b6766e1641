import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import { isDeleting } from '../../meta/index.ts';
import type { RolloutPlan } from './plan.ts';
import {
  byRevision,
  isActive,
  replicasOf,
  totalHeld,
  totalOf,
  totalWanted,
} from './replica-sets.ts';
import { isComplete } from './status.ts';
import { maxReplicas, minAvailable, wantedReplicas } from './strategy.ts';

const UNLIMITED = 2 ** 31 - 1;

/** One step of a rolling update: the new ReplicaSet grows if surge allows, else old ones shrink as far as availability allows. */
export function rollUpdate(plan: RolloutPlan): void {
  if (!plan.newSet) plan.create();
  if (growNew(plan) || shrinkOld(plan)) return;
  if (isComplete(plan.deployment, plan.deployment.status ?? {})) cleanUp(plan);
}

/** One step of a recreation: all old pods go, and only when they have gone the new ReplicaSet comes. */
export function recreate(plan: RolloutPlan, hasPods: (set: ReplicaSet) => boolean): void {
  const { deployment, oldSets } = plan;
  const active = oldSets.filter(isActive);
  for (const each of active) plan.resize(each, 0);
  if (active.length > 0 || totalOf(oldSets, 'replicas') > 0 || oldSets.some(hasPods)) return;
  if (!plan.newSet) plan.create();
  plan.resize(plan.newSet!, wantedReplicas(deployment));
  if (isComplete(deployment, deployment.status ?? {})) cleanUp(plan);
}

/** Removes empty old ReplicaSets beyond the history that is to be kept, lowest revision first. */
export function cleanUp({ deployment, oldSets, remove }: RolloutPlan): void {
  const limit = deployment.spec?.revisionHistoryLimit ?? UNLIMITED;
  if (limit === UNLIMITED) return;
  const alive = oldSets.filter((each) => !isDeleting(each));
  const surplus = alive.sort(byRevision).slice(0, Math.max(0, alive.length - limit));
  remove.push(...surplus.filter(isIdle));
}

function isIdle(set: ReplicaSet): boolean {
  const { metadata, status } = set;
  const isObserved = (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0);
  return !isActive(set) && (status?.replicas ?? 0) === 0 && isObserved;
}

function growNew(plan: RolloutPlan): boolean {
  const newSet = plan.newSet!;
  const wanted = wantedReplicas(plan.deployment);
  const size = replicasOf(newSet);
  if (size >= wanted) return plan.resize(newSet, wanted);
  const room = maxReplicas(plan.deployment) - totalHeld(plan.all);
  return room > 0 && plan.resize(newSet, size + Math.min(room, wanted - size));
}

function shrinkOld(plan: RolloutPlan): boolean {
  const newSet = plan.newSet!;
  if (totalWanted(plan.oldSets) === 0 || plan.oldSets.some(isOutdated)) return false;
  const newUnavailable = replicasOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  const most = totalWanted(plan.all) - minAvailable(plan.deployment) - newUnavailable;
  if (most <= 0) return false;
  const unhealthy = shrinkUnhealthy(plan, most);
  return shrinkAvailable(plan) + unhealthy > 0;
}

/** Its status counts pods that its spec has given up already: what it says of availability is not to be relied on. */
function isOutdated(set: ReplicaSet): boolean {
  return isActive(set) && (set.status?.availableReplicas ?? 0) > replicasOf(set);
}

/** Takes pods away that are not available anyway, so that broken ones do not block the rollout. */
function shrinkUnhealthy(plan: RolloutPlan, most: number): number {
  let left = most;
  for (const each of plan.oldSets) {
    const unavailable = replicasOf(each) - (each.status?.availableReplicas ?? 0);
    const count = Math.min(left, unavailable);
    if (count <= 0 || !isActive(each)) continue;
    plan.resize(each, replicasOf(each) - count);
    left -= count;
  }
  return most - left;
}

/** Takes as many pods away as are available beyond the minimum. */
function shrinkAvailable(plan: RolloutPlan): number {
  const offering = [...plan.oldSets.filter(isActive), plan.newSet!];
  const surplus = totalOf(offering, 'availableReplicas') - minAvailable(plan.deployment);
  let left = Math.max(0, surplus);
  for (const each of plan.oldSets) {
    const count = Math.min(left, replicasOf(each));
    if (count === 0) continue;
    plan.resize(each, replicasOf(each) - count);
    left -= count;
  }
  return Math.max(0, surplus) - left;
}
