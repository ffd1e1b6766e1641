import type { Job } from '../../../generated/batch/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { finishedMs, remainingMs } from './backoff.ts';
import { judgeFailure } from './failure-policy.ts';
import { IndexSet } from './indexes.ts';
import { completionIndex, hasPlace, isPodFailed, isTracked, limitsByIndex } from './job.ts';
import type { Survey } from './survey.ts';

const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
const IGNORED = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** Indexes that have failed as often as an index may; undefined where that is not limited. */
export function failedIndexesOf(job: Job, { pods }: Survey): IndexSet | undefined {
  if (!limitsByIndex(job)) return undefined;
  const { completions = 0, backoffLimitPerIndex = 0 } = job.spec ?? {};
  const former = IndexSet.parse(job.status?.failedIndexes, completions);
  const isLast = (pod: Pod): boolean => {
    if (!isTracked(pod) || !hasPlace(job, pod) || !isPodFailed(job, pod)) return false;
    const { counts, failsIndex } = judgeFailure(job, pod);
    return failsIndex || (counts && countOf(pod, FAILURES) >= backoffLimitPerIndex);
  };
  return former.with(pods.filter(isLast).map((pod) => completionIndex(pod)!));
}

/**
 * The last failed pod of each index that is still to be replaced. It stays uncounted until its replacement is there, which
 * goes on counting from its annotations.
 */
export function podsToReplace(
  { newFailed, active, succeededIndexes }: Survey,
  failedIndexes: IndexSet | undefined,
): ReadonlyMap<number, Pod> {
  const found = new Map<number, Pod>();
  if (!failedIndexes) return found;
  const running = new Set(active.map(completionIndex));
  for (const pod of newFailed) {
    const index = completionIndex(pod)!;
    if (running.has(index) || succeededIndexes.has(index) || failedIndexes.has(index)) continue;
    const before = found.get(index);
    if (!before || isLater(pod, before)) found.set(index, pod);
  }
  return found;
}

const isLater = (pod: Pod, before: Pod): boolean =>
  allFailures(before) <= allFailures(pod) && finishedMs(before) <= finishedMs(pod);

/** Annotations by which a pod knows how often its index failed before it. */
export function failureAnnotations(job: Job, replaced: Pod | undefined): Record<string, string> {
  if (!limitsByIndex(job)) return {};
  const counts = replaced !== undefined && judgeFailure(job, replaced).counts ? 1 : 0;
  const ignored = replaced === undefined ? 0 : countOf(replaced, IGNORED) + 1 - counts;
  const failures = replaced === undefined ? 0 : countOf(replaced, FAILURES) + counts;
  return { [FAILURES]: `${failures}`, ...(ignored > 0 ? { [IGNORED]: `${ignored}` } : {}) };
}

/** How long the index of a failed pod has to wait for the next one. */
export function indexWaitMs(replaced: Pod | undefined, nowMs: number): number {
  if (!replaced) return 0;
  const failures = allFailures(replaced) + 1;
  return remainingMs({ failures, lastFailureMs: finishedMs(replaced) }, nowMs);
}

const allFailures = (pod: Pod): number => countOf(pod, FAILURES) + countOf(pod, IGNORED);

function countOf({ metadata }: Pod, key: string): number {
  return Number(metadata.annotations?.[key] ?? 0) || 0;
}
