import type { Job } from '../../../generated/batch/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { type Backoff, nextBackoff } from './backoff.ts';
import { failedIndexesOf, podsToReplace } from './failed-indexes.ts';
import type { IndexSet } from './indexes.ts';
import { type Plan, planPods } from './plan.ts';
import { type Survey, survey } from './survey.ts';
import { deadlineMs, type Verdict, verdictOf } from './verdict.ts';

export interface JobState {
  /** Not finished; its clock runs if it is not suspended. */
  readonly job: Job;
  /** All pods that are its own, also those that have ended. */
  readonly pods: readonly Pod[];
  readonly backoff: Backoff;
  readonly nowMs: number;
}

export interface JobDecision {
  readonly job: Job;
  readonly survey: Survey;
  readonly backoff: Backoff;
  readonly failedIndexes: IndexSet | undefined;
  /** Failed pods that wait to be replaced, by index. */
  readonly replace: ReadonlyMap<number, Pod>;
  /** How the Job ends, if pods of it need not be waited for. */
  readonly verdict: Verdict | undefined;
  /** Pods that still run although the verdict is known: they go, and count. */
  readonly discard: readonly Pod[];
  readonly plan: Plan;
  readonly deadlineMs: number | undefined;
}

/** What to do about a Job: end it, or make and remove pods. Pure. */
export function decide({ job, pods, backoff: before, nowMs }: JobState): JobDecision {
  const found = survey(job, pods);
  const backoff = nextBackoff(before, found.newSucceeded, found.newFailed);
  const failedIndexes = failedIndexesOf(job, found);
  const replace = podsToReplace(found, failedIndexes);
  const state = { job, survey: found, backoff, failedIndexes, replace, nowMs };
  const verdict = verdictOf(state);
  return {
    ...state,
    verdict,
    discard: verdict ? found.active : [],
    plan: verdict ? { remove: [], create: [] } : planPods(state),
    deadlineMs: deadlineMs(job),
  };
}
