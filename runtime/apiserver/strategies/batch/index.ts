/**
 * Jobs and CronJobs. A Job gets a selector of its own and labels to match it (`jobs.ts`), and what it says of completions,
 * failures and success must fit together (`job-spec.ts`, with `failure-policy.ts` and `success-policy.ts`); hardly anything of
 * it may change once it is made (`job-changes.ts`). Its status is refused where it contradicts itself (`job-status.ts`). A
 * CronJob (`cron-jobs.ts`) holds the spec of a Job to the same rules, but leaves selector and defaults to the Jobs themselves.
 */
export { cronJobs } from './cron-jobs.ts';
export { jobs } from './jobs.ts';
