import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
} from '../../../generated/apps/v1/types.ts';
import { formatTime } from '../../meta/index.ts';
import type { RolloutPlan } from './plan.ts';
import { totalOf, totalTerminating, totalWanted } from './replica-sets.ts';
import { minAvailable, wantedReplicas } from './strategy.ts';

type Conditions = readonly DeploymentCondition[];

export function condition(
  type: string,
  status: DeploymentCondition['status'],
  reason: string,
  message: string,
  nowMs: number,
): DeploymentCondition {
  const time = formatTime(nowMs);
  return { type, status, reason, message, lastUpdateTime: time, lastTransitionTime: time };
}

/**
 * The list with `next` as its last. One of the same type, status and reason stays as it is, whatever its message; with
 * the same status it hands on the time of its transition.
 */
export function setCondition(conditions: Conditions, next: DeploymentCondition): Conditions {
  const before = conditions.find(({ type }) => type === next.type);
  if (before?.status === next.status && before.reason === next.reason) return conditions;
  const kept =
    before?.status === next.status && before.lastTransitionTime !== undefined
      ? { ...next, lastTransitionTime: before.lastTransitionTime }
      : next;
  return [...conditions.filter(({ type }) => type !== next.type), kept];
}

/** The counts over all ReplicaSets, and whether enough pods are available. */
export function countedStatus(
  { deployment, all, newSet }: RolloutPlan,
  before: DeploymentStatus,
  nowMs: number,
): DeploymentStatus {
  const available = totalOf(all, 'availableReplicas');
  const terminating = totalTerminating(all);
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: totalOf(all, 'replicas'),
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: totalOf(all, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, totalWanted(all) - available),
  };
  const isEnough = available >= wantedReplicas(deployment) - unavailableAllowed(deployment);
  const { collisionCount, conditions = [] } = before;
  return {
    ...withoutZeros(counts),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: setCondition(conditions, availableCondition(isEnough, nowMs)),
  };
}

/** Every wanted pod is there, up to date and available, and no other. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function unavailableAllowed(deployment: Deployment): number {
  return wantedReplicas(deployment) - minAvailable(deployment);
}

function availableCondition(isEnough: boolean, nowMs: number): DeploymentCondition {
  return isEnough
    ? condition(
        'Available',
        'True',
        'MinimumReplicasAvailable',
        'Deployment has minimum availability.',
        nowMs,
      )
    : condition(
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        nowMs,
      );
}

/** Upstream omits counts of zero. */
function withoutZeros(counts: Readonly<Record<string, number>>): DeploymentStatus {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
