import type { Job } from '../../../generated/batch/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { limits } from '../../base/index.ts';
import { isDeleting } from '../../meta/index.ts';
import { type Backoff, remainingMs } from './backoff.ts';
import { indexWaitMs } from './failed-indexes.ts';
import type { IndexSet } from './indexes.ts';
import {
  completionIndex,
  isIndexed,
  isSuspended,
  limitsByIndex,
  replacesOnlyFailed,
} from './job.ts';
import { podsToRemove } from './ranking.ts';
import type { Survey } from './survey.ts';

/** A pod to make: for an index, maybe in place of one that failed. */
export interface PodOrder {
  readonly index?: number;
  readonly replaced?: Pod;
}

/** Pods to remove or to make, never both. */
export interface Plan {
  /** They are let go before they are deleted: they count as neither succeeded nor failed. */
  readonly remove: readonly Pod[];
  readonly create: readonly PodOrder[];
  /** When pods can be made that have to wait. */
  readonly waitMs?: number;
}

export interface Planned {
  readonly job: Job;
  readonly survey: Survey;
  readonly backoff: Backoff;
  readonly failedIndexes: IndexSet | undefined;
  readonly replace: ReadonlyMap<number, Pod>;
  readonly nowMs: number;
}

const NOTHING: Plan = { remove: [], create: [] };

/** What a Job that goes on does about its pods, a burst at a time: what is done brings the key back. */
export function planPods(state: Planned): Plan {
  const { job, survey, backoff, nowMs } = state;
  const { active, terminating } = survey;
  if (isDeleting(job)) return NOTHING;
  const wanted = isSuspended(job) ? 0 : wantedActive(job, survey);
  const surplus = Math.max(0, active.length - wanted);
  const remove = podsToRemove(job, active, surplus).slice(0, limits.jobBurst);
  if (remove.length > 0) return { remove, create: [] };
  const kept = active.length + (replacesOnlyFailed(job) ? terminating : 0);
  const missing = Math.min(wanted - kept, limits.jobBurst);
  if (missing <= 0) return NOTHING;
  const waitMs = limitsByIndex(job) ? 0 : remainingMs(backoff, nowMs);
  if (waitMs > 0) return { ...NOTHING, waitMs };
  if (!isIndexed(job)) return { remove: [], create: Array.from({ length: missing }, () => ({})) };
  return planIndexes(state, missing);
}

function wantedActive({ spec }: Job, { active, succeeded }: Survey): number {
  const { parallelism = 1, completions } = spec ?? {};
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

function planIndexes({ job, survey, failedIndexes, replace, nowMs }: Planned, count: number): Plan {
  const { active, pods, terminating, succeededIndexes } = survey;
  const occupied = terminating > 0 && replacesOnlyFailed(job) ? stillThere(pods) : active;
  const taken = succeededIndexes.with(
    occupied.map(completionIndex).filter((index) => index !== undefined),
  );
  const pending = (failedIndexes ? taken.with(failedIndexes) : taken).missing(
    count,
    job.spec?.completions ?? 0,
  );
  const orders = pending.map((index): PodOrder & { index: number } => {
    const replaced = replace.get(index);
    return { index, ...(replaced ? { replaced } : {}) };
  });
  const waits = orders.map(({ replaced }) => indexWaitMs(replaced, nowMs));
  const create = orders.filter((_, at) => waits[at] === 0);
  const later = waits.filter((waitMs) => waitMs > 0);
  return { remove: [], create, ...(later.length > 0 ? { waitMs: Math.min(...later) } : {}) };
}

const stillThere = (pods: readonly Pod[]): readonly Pod[] =>
  pods.filter(({ status }) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded');
