/**
 * The Job controller: runs pods until enough of them have succeeded, or too many have failed.
 *
 * A reconcile surveys the pods that are the Job's own and decides: whether the Job ends (limits, deadline, its policies
 * about failure and success), and if not, which pods to make or to remove. Then it does that, and books what has ended.
 *
 * Invariant: a pod counts once, whatever is interrupted. Pods carry a finalizer; a pod that ended is noted by its uid in the
 * status (or by its index), let go of the finalizer, and only then moved from the notes into the counts. A Job that is over
 * says so first by an interim condition (SuccessCriteriaMet, FailureTarget), and finally (Complete, Failed) when all its pods
 * are counted and none runs.
 *
 * `decide` and what it uses (`survey`, `verdict`, `plan`, `failed-indexes`, `failure-policy`, `backoff`) are pure, and so are
 * `ledger` and `status`; `perform` and `record` write. The failures since the last success are the only state that the API does
 * not hold: they delay the next pod, and start at none in a new process, as upstream.
 *
 * A second controller, `orphans`, takes the finalizer off pods whose Job is gone.
 *
 * The composition root calls both. Upstream gathers changes of pods for a second before it looks; here each is looked at.
 * Left out: removing Jobs that are over (ttlafterfinished) and their pods (the garbage collector).
 */
export { createJobController } from './controller.ts';
export { createJobOrphanController } from './orphans.ts';
