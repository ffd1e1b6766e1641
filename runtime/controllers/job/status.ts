import type { Job, JobCondition, JobStatus } from '../../../generated/batch/v1/types.ts';
import {
  conditionOf,
  formatTime,
  isConditionTrue,
  jsonEqual,
  withCondition,
} from '../../meta/index.ts';
import type { IndexSet } from './indexes.ts';
import { isIndexed, isSuspended } from './job.ts';
import type { Ledger } from './ledger.ts';
import type { Survey } from './survey.ts';
import { conditionNow, INTERIM, type Verdict } from './verdict.ts';

const SUSPENDED = 'Suspended';

/** The Job whose clock runs: from its first look on, and anew when it is resumed. */
export function started(job: Job, nowMs: number): Job {
  const { status } = job;
  const isResumed = isConditionTrue(status?.conditions, SUSPENDED);
  if (isSuspended(job) || (status?.startTime !== undefined && !isResumed)) return job;
  return { ...job, status: { ...status, startTime: formatTime(nowMs) } };
}

/** The conditions with the right one about being suspended; undefined when they say so already. */
export function suspensionChange(job: Job, nowMs: number): readonly JobCondition[] | undefined {
  const conditions = job.status?.conditions;
  const wanted = isSuspended(job);
  const found = conditionOf(conditions, SUSPENDED);
  if (found === undefined ? !wanted : (found.status === 'True') === wanted) return undefined;
  const text = wanted
    ? { reason: 'JobSuspended', message: 'Job suspended' }
    : { reason: 'JobResumed', message: 'Job resumed' };
  return withCondition(conditions, conditionNow(SUSPENDED, text, nowMs, wanted ? 'True' : 'False'));
}

export interface Counts {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
}

interface Facts {
  readonly survey: Survey;
  readonly failedIndexes: IndexSet | undefined;
  readonly counts: Counts;
  readonly conditions: readonly JobCondition[];
  /** It is suspended and goes by that: its clock does not run, so it has no start. */
  readonly isHeld: boolean;
}

/** The status by what is known and noted; the one that the Job has when nothing differs. Counts of zero are absent, as upstream omits them. */
export function nextStatus(job: Job, ledger: Ledger, facts: Facts): JobStatus {
  const { survey, failedIndexes, conditions, isHeld } = facts;
  const { active, ready, terminating } = facts.counts;
  const { status } = job;
  const indexes = isIndexed(job) ? survey.succeededIndexes : undefined;
  const succeeded = indexes ? indexes.total : ledger.succeeded;
  const { uncounted } = ledger;
  const next: JobStatus = {
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(status?.startTime && !isHeld ? { startTime: status.startTime } : {}),
    ...(active > 0 ? { active } : {}),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(ledger.failed > 0 ? { failed: ledger.failed } : {}),
    terminating,
    ...(indexes && indexes.total > 0 ? { completedIndexes: `${indexes}` } : {}),
    ...(failedIndexes ? { failedIndexes: `${failedIndexes}` } : {}),
    uncountedTerminatedPods: {
      ...(uncounted.succeeded.length > 0 ? { succeeded: uncounted.succeeded } : {}),
      ...(uncounted.failed.length > 0 ? { failed: uncounted.failed } : {}),
    },
    ready,
  };
  return status !== undefined && jsonEqual(status, next) ? status : next;
}

export function withInterim(
  conditions: readonly JobCondition[],
  verdict: Verdict | undefined,
  nowMs: number,
): readonly JobCondition[] {
  if (!verdict || isConditionTrue(conditions, INTERIM[verdict.type])) return conditions;
  return [...conditions, conditionNow(INTERIM[verdict.type], verdict, nowMs)];
}

/** The status of a Job that is over. */
export function finalStatus(status: JobStatus, verdict: Verdict, nowMs: number): JobStatus {
  const { type } = verdict;
  return {
    ...status,
    conditions: [...(status.conditions ?? []), conditionNow(type, verdict, nowMs)],
    ...(type === 'Complete' ? { completionTime: formatTime(nowMs) } : {}),
  };
}
