/**
 * The StatefulSet controller: keeps pods that each have a number, a name of their own and claims that stay theirs, and replaces
 * them one after the other when the template changes.
 *
 * A reconcile takes and lets go of pods, writes down the template as a ControllerRevision, decides one step and does it:
 * first the wanted pods in order of their numbers, then those beyond them, then those of an old revision. An ordered set stops at
 * the first pod that is not available, so that a template that was corrected does not replace a pod that is broken: its
 * predecessor upstream does the same, and somebody has to delete the pod.
 *
 * Invariant: a pod is known by its name. What becomes of a number follows from the pod of that name alone, so that no two
 * pods ever share claims. Which revision a new pod is made from follows from the partition, else from the template.
 *
 * `members` sorts pods by number, `claims` says what their claims need, `rollout` which pods an update replaces, `decide` puts
 * them in order, `status` counts: all pure. `perform` writes and tells. The names of revisions are those that a real
 * cluster gives the same template.
 *
 * Differs from upstream on purpose: a claim says who owns it when it is made, not in a second write; the deletion of a claim
 * brings the set back, so that a number whose old claim is on its way out is not forgotten; and `maxUnavailable`, which
 * Kubernetes 1.36 takes only behind a feature gate, counts where it is set. Without it a rollout is that of 1.36.
 */
export { createStatefulSetController } from './controller.ts';
