/**
 * kube-scheduler: assigns pods to nodes.
 *
 * Nodes and their pods are kept in a snapshot by what changes (`ClusterState`), never rebuilt. A cycle takes the next pod
 * of the queue, filters nodes until enough fit, scores those, binds to one of the best, and has the pod on it in the
 * snapshot before the binding is written; the event that confirms it changes nothing. Plugins whose answer depends on one
 * node only are asked again only when that node changed (`LocalCache`); counts for topology spreading go up and down
 * with the pods (`SpreadIndex`).
 *
 * Invariant: the snapshot equals what the watch events so far, and the bindings under way, say; nothing else is state but
 * the queue and the place in the rotation over the nodes. A fork shares all nodes until one side changes them.
 *
 * `createScheduler` is for runtime/cluster. `createView`, `explain` and what goes with them are pure: decisions over
 * given objects, without a cluster, for `why`, screens and comparisons.
 *
 * Left out: preemption (only its verdict in messages), affinity between pods, volumes, resource claims.
 */
export { ClusterState } from './cluster-state.ts';
export {
  DEFAULT_SCHEDULER,
  type PluginSet,
  type SchedulerConfig,
  type SchedulerProfile,
  type SchedulerVersion,
} from './config.ts';
export { explain } from './decision.ts';
export type { Diagnosis, PostFilterPlugin, Rejection } from './framework.ts';
export { type PluginVerdict, pluginScores, pluginVerdicts, preEnqueue } from './inspection.ts';
export { assignPod, type Placement, placementOf, scoreTable } from './placement.ts';
export { feasibleNodesToFind } from './sampling.ts';
export { createScheduler } from './scheduler.ts';
export { createView, type SchedulingObjects, type SchedulingView } from './view.ts';
