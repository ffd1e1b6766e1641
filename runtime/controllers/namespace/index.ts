/**
 * Empties namespaces that are being deleted, and lets them go.
 *
 * A deleted namespace is Terminating until its content is gone. The controller deletes the pods first, and when the last
 * of them is gone everything else, of every namespaced resource that is served (`config.resources`); it says in the
 * namespace's conditions what remains and why, looks again after a while, and in the end takes the finalizer
 * `kubernetes` off through the `finalize` subresource, upon which the server deletes the namespace.
 *
 * Invariant: the finalizer is taken off only by a look that found nothing left. Work per look: the objects in the
 * namespace. No kind is named but pods, which have a grace period and go first.
 *
 * For runtime/cluster. Left out: refusing new content (admission) and marking the namespace Terminating (the server).
 */
export { createNamespaceController, type NamespaceConfig } from './controller.ts';
