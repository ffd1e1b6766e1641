/**
 * The TTL-after-finished controller: deletes Jobs some time after they are over.
 *
 * A Job that has `ttlSecondsAfterFinished` lives that long after the transition of its Complete or Failed condition; then it is
 * deleted in the foreground, so that it outlives its pods. Until then the key waits on a timer.
 *
 * Invariant: only the very Job that was judged is deleted, never one of the same name and another uid. Raising or removing
 * the limit in time saves the Job.
 *
 * The composition root calls it. Left out: pods, which the garbage collector takes.
 */
export { createTtlAfterFinishedController } from './controller.ts';
