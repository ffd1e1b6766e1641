/**
 * The CronJob controller: makes a Job at each moment of a schedule.
 *
 * A reconcile first takes note of the Jobs that are the CronJob's own (those that are over leave `status.active`; the oldest
 * beyond the history limits are deleted), then starts the run that is due, if any, and asks to be woken for the next one.
 *
 * Invariant: a run is named by its minute, so that it starts once, whatever is interrupted. Of runs that were missed only the
 * latest is made up for, within `startingDeadlineSeconds`.
 *
 * `schedule` knows when a schedule is due in its time zone, `due` which run that is; both are pure. The controller writes.
 *
 * The composition root calls it. Left out: what becomes of the Jobs (job), and reading schedules (runtime/meta/cron).
 */
export { createCronJobController } from './controller.ts';
