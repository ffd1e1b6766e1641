/**
 * ReplicationControllers, for the controller of ReplicaSets: both keep a number of equal pods, and do it alike.
 *
 * A ReplicationController chooses its pods by plain labels, the template's own if it says none, and does not count pods
 * that are ending; in all else (what is made and removed and in which order, adoption and release, the condition
 * ReplicaFailure, events) it is a ReplicaSet under another name, as it is upstream.
 *
 * Invariant: an object is translated once, so that what is remembered by identity (selectors, templates) stays so. Pods
 * name the ReplicationController itself as their owner.
 *
 * For runtime/cluster, which hands it to the controller. Left out: everything that a ReplicaSet's controller does.
 */
export { replicationControllers } from './kind.ts';
