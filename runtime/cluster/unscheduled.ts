import { pods } from '../../generated/core/v1/resources.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import type { SchedulingExplanation, Transport } from '../client/index.ts';
import { conditionOf, controllerOf, isDeleting, keyOf } from '../meta/index.ts';
import type { Cluster } from './cluster.ts';
import { explainPod } from './control-plane.ts';

/** Why pods are on no node; of pods of one owner that are refused for the same reasons only the first. */
export function explainUnscheduled(cluster: Cluster): SchedulingExplanation[] {
  return unscheduledPods(cluster.transport).flatMap((key) => explainPod(cluster, key) ?? []);
}

/** Keys of the pods that the scheduler finds no node for; one of each owner, as its others differ in name only. */
function unscheduledPods(transport: Pick<Transport, 'lister'>): string[] {
  const seen = new Set<string>();
  return transport
    .lister(pods)
    .list()
    .filter((pod) => {
      if (!isUnschedulable(pod)) return false;
      const owner = controllerOf(pod)?.uid ?? keyOf(pod);
      if (seen.has(owner)) return false;
      seen.add(owner);
      return true;
    })
    .map(keyOf);
}

function isUnschedulable(pod: Pod): boolean {
  if (isDeleting(pod)) return false;
  const scheduled = conditionOf(pod.status?.conditions, 'PodScheduled');
  return scheduled?.status === 'False';
}
