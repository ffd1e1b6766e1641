/**
 * The Deployment controller: has ReplicaSets make the pods, one ReplicaSet a template, and moves the pods from the old
 * ReplicaSets to the new one.
 *
 * A reconcile reads the ReplicaSets that name the Deployment as their controller (and orphans that its selector meets),
 * decides one step and writes it. What a step does to a ReplicaSet brings the Deployment back when the ReplicaSet's status
 * tells that it happened; so a rollout is a chain of small steps, each of which holds surge and unavailability by itself.
 *
 * Invariant: every step is decided from what is there, not from what was begun. A ReplicaSet whose template is wanted
 * again becomes the new one under the next revision; nothing else is a rollback.
 *
 * `plan` holds the ReplicaSets while a step is decided; `rollout` (rolling update, recreation, clean-up) and `scale`
 * (sizes only) change it, `status` and `progress` say what it looks like, `decide` puts them in order: all pure. `perform`
 * writes. A progress deadline is a work timer that exists only while a rollout is estimated: a Deployment that is
 * complete, paused or out of time waits for nothing.
 *
 * Differs from upstream on purpose: the hash of a template is not Go's (see runtime/meta); one reconcile writes an object
 * at most once, where upstream writes the status after every sub-step; and pods are not watched, since a ReplicaSet's
 * `terminatingReplicas` already tells when the last old pod is gone. Left out: `deprecated.deployment.rollback.to`.
 */
export { createDeploymentController } from './controller.ts';
