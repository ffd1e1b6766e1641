import { cronjobs, jobs } from '../../../generated/batch/v1/resources.ts';
import type { CronJob, CronJobStatus, Job } from '../../../generated/batch/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import {
  controllerOf,
  formatTime,
  isAlreadyExists,
  isDeleting,
  isNamespaceTerminating,
  isNotFound,
  jsonEqual,
  keyOf,
} from '../../meta/index.ts';
import { indexByController } from '../dependents.ts';
import { dueRun } from './due.ts';
import { expendable, jobFor, jobName, referenceTo, reviewJobs } from './jobs.ts';
import { timetable } from './schedule.ts';

export function createCronJobController({ transport }: ControllerDeps): Controller {
  const lister = transport.lister(cronjobs);
  const jobsOf = indexByController(transport, jobs);
  return {
    name: 'cronjob',
    watches: [
      watch(cronjobs, ({ object }) => [keyOf(object)]),
      watch(jobs, ({ object }) => {
        const owner = controllerOf(object);
        return owner?.kind === cronjobs.kind
          ? [`${object.metadata.namespace}/${owner.name}`]
          : NO_KEYS;
      }),
    ],
    async reconcile(key, context) {
      const cronJob = lister.byKey(key);
      if (!cronJob) return undefined;
      const owned = jobsOf(cronJob.metadata.uid ?? '');
      const { status, events } = reviewJobs(cronJob, owned);
      for (const { type, reason, message } of events)
        context.events.event(cronJob, type, reason, message);
      const reviewed = { ...cronJob, status };
      await tidy(context, reviewed, owned);
      const run = await startDue(context, reviewed);
      const next = run.status ?? status;
      if (!jsonEqual(next, cronJob.status ?? {}))
        await context.client.updateStatus(cronjobs, { ...cronJob, status: next });
      if (run.error !== undefined) throw run.error;
      return run.result;
    },
  };
}

const NO_KEYS: readonly string[] = [];

/** What came of the run that was due, if one was. */
interface Run {
  /** The status afterwards, where it differs. */
  readonly status?: CronJobStatus;
  readonly result?: ReconcileResult;
  readonly error?: unknown;
}

async function tidy(
  context: ReconcileContext,
  cronJob: CronJob,
  owned: readonly Job[],
): Promise<void> {
  for (const { metadata } of expendable(
    cronJob,
    owned.filter((job) => !isDeleting(job)),
  ))
    await deleteJob(context, cronJob, metadata.name ?? '');
}

async function deleteJob(
  { client, events }: ReconcileContext,
  cronJob: CronJob,
  name: string,
): Promise<void> {
  const target = { name, namespace: cronJob.metadata.namespace };
  try {
    await client.delete(jobs, target, { propagationPolicy: 'Background' });
    events.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  } catch (error) {
    if (isNotFound(error)) return;
    events.event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${textOf(error)}`);
    throw error;
  }
}

async function startDue(context: ReconcileContext, cronJob: CronJob): Promise<Run> {
  const { spec, status = {} } = cronJob;
  if (isDeleting(cronJob) || spec.suspend) return {};
  const nowMs = context.now();
  const times = timetable(spec.schedule, spec.timeZone);
  const { atMs, tooManyMissed, nextMs } = dueRun(cronJob, times, nowMs);
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    context.events.event(cronJob, type, reason, message);
  if (nextMs === undefined) {
    tell('Warning', 'InvalidSchedule', `invalid schedule: ${spec.schedule} : ${NEVER}`);
    return {};
  }
  const result = wake(nextMs, nowMs);
  if (tooManyMissed) tell('Warning', 'TooManyMissedTimes', TOO_MANY_MISSED);
  if (atMs === undefined) return { result };
  const active = status.active ?? [];
  const name = jobName(cronJob, atMs);
  if (active.some((each) => each.name === name)) return { result };
  if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
    tell('Normal', 'JobAlreadyActive', ALREADY_ACTIVE);
    return { result };
  }
  const replaced = spec.concurrencyPolicy === 'Replace' ? active : [];
  for (const each of replaced) await deleteJob(context, cronJob, each.name ?? '');
  const kept = active.filter((each) => !replaced.includes(each));
  const made = await createJob(context, cronJob, atMs);
  if (!made.job) return { ...made, result, status: { ...status, active: kept } };
  return {
    result: { ...result, decision: { start: name } },
    status: {
      ...status,
      active: [...kept, referenceTo(made.job)],
      lastScheduleTime: formatTime(atMs),
    },
  };
}

/** The Job of a run, made now or by a reconcile that was interrupted. */
async function createJob(
  { client, events }: ReconcileContext,
  cronJob: CronJob,
  atMs: number,
): Promise<{ readonly job?: Job; readonly error?: unknown }> {
  try {
    const job = await client.create(jobs, jobFor(cronJob, atMs));
    events.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`);
    return { job };
  } catch (error) {
    if (isNamespaceTerminating(error)) return {};
    if (isAlreadyExists(error)) {
      const job = await client.get(jobs, jobName(cronJob, atMs), cronJob.metadata.namespace);
      return controllerOf(job)?.uid === cronJob.metadata.uid ? { job } : {};
    }
    const message = `Error creating job: ${textOf(error)}`;
    events.event(cronJob, 'Warning', 'FailedCreate', message);
    return { error };
  }
}

const ALREADY_ACTIVE =
  'Not starting job because prior execution is running and concurrency policy is Forbid';
const TOO_MANY_MISSED =
  'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';

/** What is said of a schedule that is never due, such as the 31st of February. */
const NEVER = 'time difference between two schedules is less than 1 second';

/** Comes back at the next moment of the schedule, for ever. */
const wake = (nextMs: number, nowMs: number): ReconcileResult => ({
  requeueAfterMs: nextMs - nowMs,
  periodic: true,
});

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
