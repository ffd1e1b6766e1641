import type { CronJob, CronJobSpec } from '../../../../generated/batch/v1/types.ts';
import { isTimeZone } from '../../../base/index.ts';
import { type KubeObject, parseSchedule } from '../../../meta/index.ts';
import { completePodSpec, podSpecProblems } from '../pod-spec/index.ts';
import { forbidden, invalid, notSupported, type Problem } from '../problem.ts';
import type { Strategy } from '../strategy.ts';
import { jobSpecProblems } from './job-spec.ts';

type StoredCronJob = CronJob & KubeObject;

/** The names of its jobs add a dash and ten digits. */
const NAME_MAX = 52;
const TEMPLATE = 'spec.jobTemplate.spec';

/** CronJobs: a schedule that can be read, in a time zone that there is, and a template that is a Job's. */
export const cronJobs: Strategy<StoredCronJob> = {
  prepareCreate: complete,
  prepareUpdate: complete,
  validate(cronJob, old, found) {
    const { spec, metadata } = cronJob;
    const { name = '' } = metadata;
    const length = `must be no more than ${NAME_MAX} characters`;
    return [
      ...(!old && name.length > NAME_MAX ? [invalid('metadata.name', name, length)] : []),
      ...(spec && spec !== old?.spec ? specProblems(spec, old?.spec, found) : []),
    ];
  },
};

function complete(cronJob: StoredCronJob): StoredCronJob {
  const job = cronJob.spec?.jobTemplate?.spec;
  const before = job?.template?.spec;
  if (!job || !before) return cronJob;
  const pod = completePodSpec(before);
  if (pod === before) return cronJob;
  const spec = { ...job, template: { ...job.template, spec: pod } };
  const jobTemplate = { ...cronJob.spec.jobTemplate, spec };
  return { ...cronJob, spec: { ...cronJob.spec, jobTemplate } };
}

function specProblems(
  spec: CronJobSpec,
  old: CronJobSpec | undefined,
  found: readonly Problem[],
): Problem[] {
  const { schedule = '', timeZone } = spec;
  return [
    ...(schedule === '' || schedule === old?.schedule ? [] : scheduleProblems(schedule)),
    ...(timeZone === undefined || timeZone === old?.timeZone ? [] : zoneProblems(timeZone)),
    ...templateProblems(spec, old, found),
  ];
}

const ZONE_PREFIX = /^(CRON_)?TZ=(\S*)\s*/;

/** A zone before the fields was never meant to be: it is told apart from a schedule that cannot be read. */
function scheduleProblems(schedule: string): Problem[] {
  const field = 'spec.schedule';
  const problems: Problem[] = [];
  try {
    parseSchedule(schedule.replace(ZONE_PREFIX, ''));
  } catch (error) {
    problems.push(invalid(field, schedule, (error as Error).message));
  }
  if (schedule.includes('TZ'))
    problems.push(
      invalid(field, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'),
    );
  return problems;
}

function zoneProblems(zone: string): Problem[] {
  const field = 'spec.timeZone';
  if (zone === '') return [invalid(field, zone, 'timeZone must be nil or non-empty string')];
  if (zone.toLowerCase() === 'local')
    return [
      invalid(
        field,
        zone,
        'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ),
    ];
  return isTimeZone(zone) ? [] : [invalid(field, zone, `unknown time zone ${zone}`)];
}

function templateProblems(
  { jobTemplate }: CronJobSpec,
  old: CronJobSpec | undefined,
  found: readonly Problem[],
): Problem[] {
  const job = jobTemplate?.spec;
  if (!job || job === old?.jobTemplate?.spec) return [];
  const { selector, manualSelector, template } = job;
  const pod = template?.spec;
  const path = `${TEMPLATE}.template.spec`;
  return [
    ...jobSpecProblems(job, TEMPLATE, found),
    ...(pod ? podSpecProblems(pod, { path, isTemplate: true, found }) : []),
    ...(pod?.ephemeralContainers
      ? [
          forbidden(
            `${path}.ephemeralContainers`,
            'ephemeral containers not allowed in pod template',
          ),
        ]
      : []),
    ...(selector
      ? [invalid(`${TEMPLATE}.selector`, selector, '`selector` will be auto-generated')]
      : []),
    ...(manualSelector
      ? [notSupported(`${TEMPLATE}.manualSelector`, manualSelector, ['nil', 'false'])]
      : []),
  ];
}
