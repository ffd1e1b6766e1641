import type { Node, Pod, PodCondition, PodStatus } from '../../../generated/core/v1/types.ts';
import { formatTime, isConditionTrue, isDeleting, parseTime } from '../../meta/index.ts';
import { hasPodEnded } from '../pods.ts';

const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/** Values of the index over pods that only this controller deals with. */
export const TERMINATED = 'terminated';
export const UNSCHEDULED = 'unscheduled';

export function garbageSorts(pod: Pod): readonly string[] {
  const isUnscheduled = isDeleting(pod) && !pod.spec?.nodeName;
  if (hasPodEnded(pod)) return isUnscheduled ? BOTH : ENDED;
  return isUnscheduled ? NEVER_BOUND : NONE;
}

const NONE: readonly string[] = [];
const ENDED: readonly string[] = [TERMINATED];
const NEVER_BOUND: readonly string[] = [UNSCHEDULED];
const BOTH: readonly string[] = [TERMINATED, UNSCHEDULED];

/** The ended pods to delete, so that `threshold` stay; a threshold of 0 or less keeps them all. */
export function beyondThreshold(ended: readonly Pod[], threshold: number): readonly Pod[] {
  if (threshold <= 0 || ended.length <= threshold) return [];
  return ended
    .map((pod) => ({ pod, evicted: isEvicted(pod), ms: parseTime(pod.metadata.creationTimestamp) }))
    .sort(
      (a, b) =>
        Number(b.evicted) - Number(a.evicted) ||
        a.ms - b.ms ||
        compare(a.pod.metadata.name, b.pod.metadata.name),
    )
    .slice(0, ended.length - threshold)
    .map(({ pod }) => pod);
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b);
}

/** Turned out by a kubelet that was short of something. */
function isEvicted({ status }: Pod): boolean {
  return status?.phase === 'Failed' && status.reason === 'Evicted';
}

/** Marked by somebody who knows that the machine is off, and not heard of. */
export function isOutOfService({ spec, status }: Node): boolean {
  return (
    (spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE) &&
    !isConditionTrue(status?.conditions, 'Ready')
  );
}

/** What to write into a pod's status before it is deleted: it ends, and an orphan says why. Undefined when it has ended. */
export function failing(pod: Pod, isOrphan: boolean, nowMs: number): PodStatus | undefined {
  if (hasPodEnded(pod)) return undefined;
  if (!isOrphan) return { phase: 'Failed' };
  const disruption: PodCondition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
    lastTransitionTime: formatTime(nowMs),
  };
  return { phase: 'Failed', conditions: [disruption] };
}
