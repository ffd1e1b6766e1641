import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import {
  conditionOf,
  formatTime,
  isDeleting,
  isNotFound,
  keyOf,
  parseTime,
  withCondition,
} from '../../meta/index.ts';
import { hasPodEnded } from '../pods.ts';

const DISRUPTION_TARGET = 'DisruptionTarget';
/** How long a pod may be said to go without being deleted. */
const STALE_AFTER_MS = 2 * 60_000;

/** Takes the condition DisruptionTarget back from pods that were not deleted after all. Key: the pod. */
export function createStaleDisruptionController(deps: ControllerDeps): Controller {
  const podLister = listerOf(deps, pods);
  return {
    name: 'stale-pod-disruption',
    watches: [
      watch(
        pods,
        ({ object }) => [keyOf(object)],
        ({ object, previous }) =>
          isChanged(object, previous) &&
          staleAtMs(object) !== (previous ? staleAtMs(previous) : undefined),
      ),
    ],
    async reconcile(key, { client, now }) {
      const pod = podLister.byKey(key);
      const atMs = pod && staleAtMs(pod);
      if (!pod || atMs === undefined) return;
      const nowMs = now();
      if (atMs > nowMs) return { requeueAfterMs: atMs - nowMs };
      const conditions = withCondition(pod.status?.conditions, {
        type: DISRUPTION_TARGET,
        status: 'False',
        lastTransitionTime: formatTime(nowMs),
      });
      try {
        await client.updateStatus(pods, { ...pod, status: { ...pod.status, conditions } });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return { decision: { spared: key } };
    },
  };
}

function isChanged({ status, metadata }: Pod, previous: Pod | undefined): boolean {
  if (!previous) return true;
  return (
    status?.conditions !== previous.status?.conditions ||
    metadata.deletionTimestamp !== previous.metadata.deletionTimestamp
  );
}

/** When the pod's condition becomes untrue unless it is deleted. A kubelet may take any time after it said so. */
function staleAtMs(pod: Pod): number | undefined {
  const conditions = pod.status?.conditions;
  if (!conditions || isDeleting(pod) || hasPodEnded(pod)) return undefined;
  const found = conditionOf(conditions, DISRUPTION_TARGET);
  if (found?.status !== 'True' || found.reason === 'TerminationByKubelet') return undefined;
  return parseTime(found.lastTransitionTime) + STALE_AFTER_MS;
}
