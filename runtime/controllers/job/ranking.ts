import type { Job } from '../../../generated/batch/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { parseTime } from '../../meta/index.ts';
import { readyCondition } from '../pods.ts';
import { completionIndex, hasPlace, isIndexed } from './job.ts';

const PHASE_ORDER: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** Which active pods go when at least `count` must: those that work on no index or on another's too, then the cheapest. */
export function podsToRemove(job: Job, active: readonly Pod[], count: number): readonly Pod[] {
  const [superfluous, others] = isIndexed(job) ? split(job, active) : [[], active];
  if (superfluous.length >= count) return superfluous;
  if (count >= active.length) return active;
  return [...superfluous, ...cheapestFirst(others).slice(0, count - superfluous.length)];
}

function split(job: Job, active: readonly Pod[]): [superfluous: Pod[], others: Pod[]] {
  const holders = new Map<number, Pod>();
  const superfluous = active.filter((pod) => !hasPlace(job, pod));
  for (const pod of cheapestFirst(active.filter((each) => hasPlace(job, each)))) {
    const index = completionIndex(pod)!;
    const before = holders.get(index);
    if (before) superfluous.push(before);
    holders.set(index, pod);
  }
  return [superfluous, [...holders.values()]];
}

/** Unassigned, pending, not ready, recently ready, often restarted, young pods first. */
function cheapestFirst(pods: readonly Pod[]): Pod[] {
  return [...pods].sort(compare);
}

function compare(a: Pod, b: Pod): number {
  const [one, other] = [rankOf(a), rankOf(b)];
  const at = one.findIndex((value, index) => value !== other[index]);
  return at < 0 ? 0 : one[at]! - other[at]!;
}

function rankOf(pod: Pod): readonly number[] {
  const { metadata, spec, status } = pod;
  const ready = readyCondition(pod);
  return [
    spec?.nodeName ? 1 : 0,
    PHASE_ORDER[status?.phase ?? 'Pending'] ?? 0,
    ready ? 1 : 0,
    ready?.lastTransitionTime ? -parseTime(ready.lastTransitionTime) : 0,
    -restartsOf(pod),
    -parseTime(metadata.creationTimestamp),
  ];
}

/** Restarts of all containers of a pod. */
export function restartsOf({ status }: Pod): number {
  const { containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  return [...containerStatuses, ...initContainerStatuses].reduce(
    (sum, { restartCount }) => sum + restartCount,
    0,
  );
}
