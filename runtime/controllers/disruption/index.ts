/**
 * disruption-controller: says in every PodDisruptionBudget how many of its pods are healthy, how many must be, and how many may be
 * evicted now. The API server's eviction spends what is allowed; this gives it back as pods go and others become ready.
 *
 * How many pods there ought to be (`expectation.ts`) is their number where the budget names a number of healthy ones, and the sum
 * of their controllers' scales where it names a share or what may be missing. Pods whose eviction was granted count as gone; if they
 * are still there after two minutes, they count again.
 *
 * Beside it, a second controller takes back the condition DisruptionTarget of pods that were not deleted within two minutes.
 *
 * Invariant: the status follows from the budget, its pods and their controllers; when those cannot be counted it allows nothing and
 * says why (SyncFailed). Work per change of a pod: the budgets that select it, and their pods, both through indexes. A change of scale
 * alone is not watched, as upstream: pods come or go with it.
 *
 * For runtime/cluster. Left out: granting evictions (runtime/apiserver).
 */
export { createDisruptionController, type DisruptionConfig } from './controller.ts';
export type { ScalableKind } from './scales.ts';
export { createStaleDisruptionController } from './stale-disruptions.ts';
