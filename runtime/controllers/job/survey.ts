import type { Job } from '../../../generated/batch/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { conditionOf, type WatchEvent } from '../../meta/index.ts';
import { isPodActive, isPodReady, isPodTerminating, readyCondition } from '../pods.ts';
import { judgeFailure } from './failure-policy.ts';
import { IndexSet } from './indexes.ts';
import { completionIndex, hasPlace, isIndexed, isPodFailed, isTracked } from './job.ts';
import { restartsOf } from './ranking.ts';

/** What one pass over the pods of a Job finds. */
export interface Survey {
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  /** Ended and not in the status yet. */
  readonly newSucceeded: readonly Pod[];
  readonly newFailed: readonly Pod[];
  /** All that are known so far, with those that the status does not count yet. */
  readonly succeeded: number;
  readonly failed: number;
  /** For Indexed Jobs: indexes that the status has, and those together with new ones. */
  readonly formerIndexes: IndexSet;
  readonly succeededIndexes: IndexSet;
}

export function survey(job: Job, pods: readonly Pod[]): Survey {
  const { status, spec } = job;
  const { succeeded = [], failed = [] } = status?.uncountedTerminatedPods ?? {};
  const noted = { succeeded: new Set(succeeded), failed: new Set(failed) };
  const isNew = (pod: Pod, among: ReadonlySet<string>): boolean =>
    isTracked(pod) && !among.has(pod.metadata.uid ?? '') && hasPlace(job, pod);
  const newSucceeded = pods.filter(
    (pod) => pod.status?.phase === 'Succeeded' && isNew(pod, noted.succeeded),
  );
  const newFailed = pods.filter((pod) => isPodFailed(job, pod) && isNew(pod, noted.failed));
  const active = pods.filter(isPodActive);
  const formerIndexes = IndexSet.parse(status?.completedIndexes, spec?.completions ?? 0);
  const succeededIndexes = isIndexed(job)
    ? formerIndexes.with(newSucceeded.map((pod) => completionIndex(pod)!))
    : formerIndexes;
  return {
    pods,
    active,
    ready: active.filter(isPodReady).length,
    terminating: pods.filter(isPodTerminating).length,
    newSucceeded,
    newFailed,
    succeeded: isIndexed(job)
      ? succeededIndexes.total
      : (status?.succeeded ?? 0) + newSucceeded.length + noted.succeeded.size,
    failed:
      (status?.failed ?? 0) +
      newFailed.filter((pod) => judgeFailure(job, pod).counts).length +
      noted.failed.size,
    formerIndexes,
    succeededIndexes,
  };
}

/** Whether a change of a pod can mean anything to its Job: not a new address, node or container state. */
export function concernsJob({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  const [now, before] = [object.metadata, previous.metadata];
  return (
    now.labels !== before.labels ||
    now.ownerReferences !== before.ownerReferences ||
    now.deletionTimestamp !== before.deletionTimestamp ||
    object.status?.phase !== previous.status?.phase ||
    (readyCondition(object) === undefined) !== (readyCondition(previous) === undefined) ||
    conditionOf(object.status?.conditions, 'DisruptionTarget') !==
      conditionOf(previous.status?.conditions, 'DisruptionTarget') ||
    restartsOf(object) !== restartsOf(previous)
  );
}
