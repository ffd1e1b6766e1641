/**
 * kube-scheduler: assigns pods to nodes.
 *
 * Nodes and their pods are kept in a snapshot by what changes (`ClusterState`), never rebuilt. A cycle takes the next pod
 * of the queue, filters nodes until enough fit, scores those, binds to one of the best, and has the pod on it in the
 * snapshot before the binding is written; the event that confirms it changes nothing. Plugins whose answer depends on one
 * node only are asked again only when that node changed (`LocalCache`); counts for topology spreading and affinity go up and
 * down with the pods (`PodCounts`, `CarriedTerms`). What would be without some pods, or with nominated ones, is asked of the
 * same counts, which are put back (`WhatIf`). `preemption/` makes room, `volumes/` says what volumes mean for a node.
 *
 * Profiles come from KubeSchedulerConfiguration, or the settings of the Cluster, and are followed while it runs.
 *
 * Invariant: the snapshot equals what the watch events so far, and the bindings under way, say; nothing else is state but
 * the queue, pods that wait for their volumes and the place in the rotation over the nodes. A fork shares all nodes until
 * one side changes them.
 *
 * `createScheduler` is for runtime/cluster. `createView`, `explain` and what goes with them are pure: decisions over
 * given objects, without a cluster, for `why`, screens and comparisons.
 *
 * Left out: resource claims, extenders, plugins that are not built in.
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
export type { Diagnosis, Rejection, RejectionCode } from './framework.ts';
export { currentView } from './informers.ts';
export {
  comesFirst,
  dryRunPreemption,
  type PluginVerdict,
  pluginScores,
  pluginVerdicts,
  postFilterReply,
  preEnqueue,
  whyNotPreempting,
} from './inspection.ts';
export { assignPod, type Placement, placementOf, scoreTable } from './placement.ts';
export {
  type Candidate as PreemptionCandidate,
  type DisruptionBudgetObject,
  selectCandidate,
} from './preemption/index.ts';
export { feasibleNodesToFind } from './sampling.ts';
export { createScheduler } from './scheduler.ts';
export { createView, type SchedulingObjects, type SchedulingView } from './view.ts';
