import { jobs } from '../../../generated/batch/v1/resources.ts';
import type { CronJob, CronJobStatus, Job } from '../../../generated/batch/v1/types.ts';
import type { ObjectReference } from '../../../generated/core/v1/types.ts';
import { zoneOffsetMs } from '../../base/index.ts';
import type { Init } from '../../client/index.ts';
import { formatTime, isConditionTrue, ownerReference } from '../../meta/index.ts';

const SCHEDULED_AT = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const MINUTE_MS = 60_000;

export const jobName = ({ metadata }: CronJob, atMs: number): string =>
  `${metadata.name}-${Math.floor(atMs / MINUTE_MS)}`;

/** The Job of the run that is due at `atMs`. */
export function jobFor(cronJob: CronJob, atMs: number): Init<Job> {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const { namespace } = cronJob.metadata;
  return {
    metadata: {
      name: jobName(cronJob, atMs),
      ...(namespace ? { namespace } : {}),
      ...(metadata?.labels ? { labels: metadata.labels } : {}),
      annotations: {
        ...metadata?.annotations,
        [SCHEDULED_AT]: zonedTime(atMs, cronJob.spec.timeZone),
      },
      ownerReferences: [ownerReference(cronJob)],
    },
    ...(spec ? { spec } : {}),
  };
}

/** RFC 3339 in the zone of the schedule, as upstream writes it. */
function zonedTime(atMs: number, timeZone = 'UTC'): string {
  const offsetMs = zoneOffsetMs(timeZone, atMs);
  if (offsetMs === 0) return formatTime(atMs);
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${formatTime(atMs + offsetMs).slice(0, -1)}${offsetMs < 0 ? '-' : '+'}${hour}:${minute}`;
}

export function endOf({ status }: Job): 'Complete' | 'Failed' | undefined {
  if (isConditionTrue(status?.conditions, 'Complete')) return 'Complete';
  return isConditionTrue(status?.conditions, 'Failed') ? 'Failed' : undefined;
}

export function referenceTo({ metadata }: Job): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    kind: jobs.kind,
    apiVersion: 'batch/v1',
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(uid ? { uid } : {}),
    ...(resourceVersion ? { resourceVersion } : {}),
  };
}

interface Noticed {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface Review {
  readonly status: CronJobStatus;
  readonly events: readonly Noticed[];
}

/** What a look at its Jobs changes in the status, and what there is to tell about it. */
export function reviewJobs({ status = {} }: CronJob, owned: readonly Job[]): Review {
  const events: Noticed[] = [];
  const found = new Map(owned.map((job) => [job.metadata.uid, job]));
  const isListed = ({ metadata }: Job): boolean =>
    status.active?.some(({ uid }) => uid === metadata.uid) ?? false;
  for (const job of owned) {
    const [end, { name }] = [endOf(job), job.metadata];
    if (end === undefined && !isListed(job))
      events.push({
        type: 'Warning',
        reason: 'UnexpectedJob',
        message: `Saw a job that the controller did not create or forgot: ${name}`,
      });
    if (end !== undefined && isListed(job))
      events.push({
        type: 'Normal',
        reason: 'SawCompletedJob',
        message: `Saw completed job: ${name}, condition: ${end}`,
      });
  }
  const active = (status.active ?? []).filter(({ uid, name }) => {
    const job = found.get(uid);
    if (job) return endOf(job) === undefined;
    const message = `Active job went missing: ${name}`;
    events.push({ type: 'Normal', reason: 'MissingJob', message });
    return false;
  });
  const succeeded = owned
    .filter((job) => endOf(job) === 'Complete')
    .map((job) => job.status?.completionTime ?? '');
  const lastSuccess = [...succeeded, status.lastSuccessfulTime ?? ''].sort().at(-1);
  return {
    status: {
      ...(active.length > 0 ? { active } : {}),
      ...(status.lastScheduleTime ? { lastScheduleTime: status.lastScheduleTime } : {}),
      ...(lastSuccess ? { lastSuccessfulTime: lastSuccess } : {}),
    },
    events,
  };
}

/** Jobs that are over and more than the history is to hold, oldest first. */
export function expendable({ spec }: CronJob, owned: readonly Job[]): readonly Job[] {
  const limits = [
    ['Complete', spec.successfulJobsHistoryLimit],
    ['Failed', spec.failedJobsHistoryLimit],
  ] as const;
  return limits.flatMap(([end, limit]) => {
    const ended = owned.filter((job) => endOf(job) === end).sort(byStart);
    return limit === undefined ? [] : ended.slice(0, Math.max(0, ended.length - limit));
  });
}

function byStart(a: Job, b: Job): number {
  const [one, other] = [a, b].map(
    ({ metadata, status }) => `${status?.startTime ?? '~'} ${metadata.name}`,
  ) as [string, string];
  return one < other ? -1 : 1;
}
