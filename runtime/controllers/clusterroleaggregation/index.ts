/**
 * clusterrole-aggregation-controller: fills the rules of cluster roles that are made of others, as admin, edit and view are.
 *
 * A ClusterRole with an `aggregationRule` gets the rules of all cluster roles that its selectors choose, each once, in the order
 * of the selectors and of names (`decide.ts`). Written by server-side apply, so that labels and selectors stay their owner's.
 *
 * Invariant: only `rules` is written, and only when it differs. An event costs a look at the aggregated roles, which are few and
 * found by an index; a reconcile reads the chosen roles through an index of labels.
 *
 * For runtime/cluster. Left out: whether somebody may aggregate at all (the API server's escalation check).
 */
export { createClusterRoleAggregationController } from './controller.ts';
