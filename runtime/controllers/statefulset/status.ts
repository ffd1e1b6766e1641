import type { StatefulSet, StatefulSetStatus } from '../../../generated/apps/v1/types.ts';
import { isDeleting, jsonEqual } from '../../meta/index.ts';
import { availableAtMs, readyCondition } from '../pods.ts';
import { revisionOfPod, wantedReplicas } from './identity.ts';
import { isAvailable, isRunningAndReady, type StatefulSetState } from './members.ts';

/**
 * The status that a set ought to have; the one it has when nothing differs. `removed` are names of pods that were told to go
 * just now. When all pods are of the new revision and ready, it becomes the current one.
 */
export function nextStatus(
  state: StatefulSetState,
  removed: ReadonlySet<string>,
  collisionCount: number,
): StatefulSetStatus {
  const { set, current, update } = state;
  const counts = count(state, removed);
  const isComplete = isUpdated(set, counts);
  const next: StatefulSetStatus = {
    ...(set.metadata.generation ? { observedGeneration: set.metadata.generation } : {}),
    replicas: counts.replicas,
    ...positive('readyReplicas', counts.ready),
    ...positive('currentReplicas', isComplete ? counts.updated : counts.current),
    ...positive('updatedReplicas', counts.updated),
    currentRevision: isComplete ? update.name : current.name,
    updateRevision: update.name,
    collisionCount,
    availableReplicas: counts.available,
    ...(set.status?.conditions ? { conditions: set.status.conditions } : {}),
  };
  return set.status !== undefined && jsonEqual(set.status, next) ? set.status : next;
}

/** When the next ready pod becomes available by waiting; undefined when none waits. */
export function nextAvailableMs({ set, pods, nowMs }: StatefulSetState): number | undefined {
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const times = pods.flatMap((pod) => {
    const ready = readyCondition(pod);
    return ready ? availableAtMs(ready, minReadySeconds) : [];
  });
  const coming = times.filter((atMs) => atMs > nowMs);
  return coming.length > 0 ? Math.min(...coming) : undefined;
}

interface Counts {
  readonly replicas: number;
  readonly ready: number;
  readonly available: number;
  readonly current: number;
  readonly updated: number;
}

function count(
  { set, pods, current, update, nowMs }: StatefulSetState,
  removed: ReadonlySet<string>,
): Counts {
  const counts = { replicas: pods.length, ready: 0, available: 0, current: 0, updated: 0 };
  for (const pod of pods) {
    if (isRunningAndReady(pod)) {
      counts.ready++;
      if (isAvailable(set, pod, nowMs)) counts.available++;
    }
    if (isDeleting(pod) || removed.has(pod.metadata.name ?? '')) continue;
    const revision = revisionOfPod(pod);
    if (revision === current.name) counts.current++;
    if (revision === update.name) counts.updated++;
  }
  return counts;
}

function isUpdated(set: StatefulSet, { replicas, ready, updated }: Counts): boolean {
  const wanted = wantedReplicas(set);
  const type = set.spec?.updateStrategy?.type ?? 'RollingUpdate';
  return type === 'RollingUpdate' && updated === wanted && ready === wanted && replicas === wanted;
}

/** Upstream omits counts of zero. */
function positive(name: keyof StatefulSetStatus, value: number): Partial<StatefulSetStatus> {
  return value > 0 ? { [name]: value } : {};
}
