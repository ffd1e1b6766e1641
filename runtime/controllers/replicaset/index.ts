/**
 * The ReplicaSet controller: keeps as many pods as `spec.replicas` says, made from the template, and counts them.
 *
 * A reconcile reads the pods that name the ReplicaSet as their controller (and orphans that its selector meets) through
 * indexes, takes and lets go of pods, decides how many to make or which to remove, and either does that or writes the
 * status. Its cost is the number of its own pods, whatever else the cluster holds.
 *
 * Invariant: all pods of one template share the template's spec and labels by reference, since the API server remembers
 * what it has checked by identity. And the status is written only when it differs.
 *
 * There are no expectations. Upstream needs them because an informer's cache lags behind its own writes: without them a
 * second look would make the same pods again. Here a lister reads what the server holds, so a reconcile sees whatever the
 * one before did. Over HTTP a lister lags; before this controller runs there, its lister must read its own writes (wait
 * for the resourceVersion of the last one).
 *
 * Other kinds that keep a number of equal pods are read as ReplicaSets (`ReplicaKind`) and go the same way.
 *
 * `decide` (with `ranking`) and `status` are pure; `pod-control` beside this folder writes pods. The composition root calls
 * `createReplicaSetController`. Left out: collecting pods of a ReplicaSet that is gone (the garbage collector).
 */
export { createReplicaController, createReplicaSetController } from './controller.ts';
