/**
 * Schedules of CronJobs: cron's five fields, its names (`@hourly`) and fixed intervals (`@every 1h30m`).
 *
 * `parseSchedule` reads one into sets of numbers; what it refuses, it refuses with the words of the parser that Kubernetes uses,
 * because they are part of the API's answers. Which moments fit is not decided here: that needs a time zone and belongs to
 * whoever makes the jobs.
 */
export { type CronSchedule, parseSchedule, ScheduleError } from './schedule.ts';
