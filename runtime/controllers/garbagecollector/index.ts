/**
 * Deletes what its owners leave behind.
 *
 * Owner references make a graph over all resources (`config.resources`). It is not copied: objects are indexed by the uids
 * of their owners, and an owner is looked up where its reference says it is. An object whose owners are all gone is
 * deleted; of some absent owners only the references go. An owner that is being deleted in the foreground
 * (`foregroundDeletion`) has its dependents deleted first and goes when none blocks it any more; one that orphans
 * (`orphan`) has its references removed from them.
 *
 * Invariant: nothing is deleted before a live read has said that its owner is absent, or is another object of that name;
 * deletions carry the uid as their precondition. Work per event: the owners of one object and the dependents of one
 * owner. A reference to a kind that is not served protects, as it may be served later.
 *
 * For runtime/cluster. Left out: pods without nodes and ended pods (pod garbage collector), Events, which upstream ignores.
 */
export { createGarbageCollector, type GarbageCollectorConfig } from './controller.ts';
