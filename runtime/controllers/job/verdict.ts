import type { Job, JobCondition } from '../../../generated/batch/v1/types.ts';
import { conditionOf, formatTime, parseTime } from '../../meta/index.ts';
import { failJobMessage } from './failure-policy.ts';
import { IndexSet } from './indexes.ts';
import { isIndexed, isSuspended } from './job.ts';
import { restartsOf } from './ranking.ts';
import type { Survey } from './survey.ts';

/** How a Job ends. Its status says so twice: when it is certain, and when no pod of it runs any more. */
export interface Verdict {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

/** The condition by which the status says a verdict first. */
export const INTERIM = { Complete: 'SuccessCriteriaMet', Failed: 'FailureTarget' } as const;

export const COMPLETIONS_REACHED: Verdict = {
  type: 'Complete',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};

interface Judged {
  readonly job: Job;
  readonly survey: Survey;
  /** Indexes that failed for good. */
  readonly failedIndexes: IndexSet | undefined;
  readonly nowMs: number;
}

/** Whether the Job ends although pods of it may still run. What was said once stands. */
export function verdictOf({ job, survey, failedIndexes, nowMs }: Judged): Verdict | undefined {
  return (
    saidBefore(job) ??
    byPolicy(job, survey) ??
    byLimits(job, survey, nowMs) ??
    byIndexes(job, survey, failedIndexes)
  );
}

const failed = (reason: string, message: string): Verdict => ({ type: 'Failed', reason, message });

function saidBefore({ status }: Job): Verdict | undefined {
  for (const type of ['Complete', 'Failed'] as const) {
    const said = conditionOf(status?.conditions, INTERIM[type]);
    if (said?.status === 'True')
      return { type, reason: said.reason ?? '', message: said.message ?? '' };
  }
  return undefined;
}

function byPolicy(job: Job, { pods }: Survey): Verdict | undefined {
  const message = failJobMessage(job, pods);
  return message === undefined ? undefined : failed('PodFailurePolicy', message);
}

function byLimits(job: Job, { failed: failures, pods }: Survey, nowMs: number) {
  const limit = job.spec?.backoffLimit ?? Number.POSITIVE_INFINITY;
  if (failures > limit || restartsExceed(job, pods, limit))
    return failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  if ((deadlineMs(job) ?? Number.POSITIVE_INFINITY) <= nowMs)
    return failed('DeadlineExceeded', 'Job was active longer than specified deadline');
  return undefined;
}

/** Where containers are restarted in their pods, that is how failures are counted. */
function restartsExceed({ spec }: Job, pods: Survey['pods'], limit: number): boolean {
  if (spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = pods
    .filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
    .reduce((sum, pod) => sum + restartsOf(pod), 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

/** When the Job has run for as long as it may; undefined if nothing runs out. */
export function deadlineMs(job: Job): number | undefined {
  const seconds = job.spec?.activeDeadlineSeconds;
  const startTime = job.status?.startTime;
  if (seconds === undefined || startTime === undefined || isSuspended(job)) return undefined;
  return parseTime(startTime) + seconds * 1000;
}

function byIndexes(
  job: Job,
  { succeededIndexes }: Survey,
  failedIndexes: IndexSet | undefined,
): Verdict | undefined {
  if (!isIndexed(job)) return undefined;
  const { completions = 0, maxFailedIndexes = Number.POSITIVE_INFINITY } = job.spec ?? {};
  const failures = failedIndexes?.total ?? 0;
  if (failures > maxFailedIndexes)
    return failed(
      'MaxFailedIndexesExceeded',
      'Job has exceeded the specified maximal number of failed indexes',
    );
  if (failures > 0 && failures + succeededIndexes.total >= completions)
    return failed('FailedIndexes', 'Job has failed indexes');
  return bySuccessPolicy(job, succeededIndexes);
}

function bySuccessPolicy({ spec }: Job, succeeded: IndexSet): Verdict | undefined {
  const rules = spec?.successPolicy?.rules ?? [];
  const at = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeeded.total >= (succeededCount ?? 0);
    const wanted = IndexSet.parse(succeededIndexes, spec?.completions ?? 0);
    return succeeded.countCommon(wanted) >= (succeededCount ?? wanted.total);
  });
  if (at < 0) return undefined;
  return { type: 'Complete', reason: 'SuccessPolicy', message: `Matched rules at index ${at}` };
}

/** A condition that is true from now on. */
export function conditionNow(
  type: string,
  { reason, message }: Pick<Verdict, 'reason' | 'message'>,
  nowMs: number,
  status: 'True' | 'False' = 'True',
): JobCondition {
  const time = formatTime(nowMs);
  return { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message };
}
