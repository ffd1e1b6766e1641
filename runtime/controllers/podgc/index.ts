/**
 * The pod garbage collector: deletes pods that nobody else will.
 *
 * Four sorts, each with its keys: ended pods beyond `terminatedPodGCThreshold`, those evicted under pressure first, then
 * the oldest (`terminated`); pods on a node that is no more, once it has been missing for forty seconds (`node/<name>`);
 * pods that are being deleted on a node that is not ready and is marked out of service (`out-of-service/<name>`); and pods
 * that are being deleted and were never scheduled (`unscheduled/<pod>`). A pod that has not ended is marked Failed first,
 * and what is deleted goes without grace: there is no kubelet to wait for.
 *
 * Invariant: it acts on the moments of a grid of twenty seconds, as upstream does, and only wakes when an event may have
 * given it work. What is remembered is since when each missing node has been missed; all else follows from indexes.
 *
 * For runtime/cluster. Left out: pods whose owner is gone (the garbage collector) and pods of a pool's node that is taken
 * away, which go with it (runtime/node).
 */
export { createPodGarbageCollector } from './controller.ts';
