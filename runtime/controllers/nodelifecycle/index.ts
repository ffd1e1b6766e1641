/**
 * Knows which nodes are alive, and says so: in conditions, taints, events and the readiness of pods.
 *
 * At once, for every change of a node: NoSchedule taints that follow from its conditions, and the labels that go in pairs.
 * On a grid of `nodeMonitorPeriod`: a node that has been silent for `nodeMonitorGracePeriod` (neither lease nor status)
 * becomes Unknown and its pods not ready; a node that is not Ready waits in its zone's queue for a NoExecute taint, upon
 * which its pods are evicted (tainteviction). A zone hands those out at a rate that depends on how many of its nodes
 * are left; when no zone has any, none is handed out, as the fault is likelier the network's than the nodes'.
 *
 * Invariant: work per lease renewal is none. Leases are not watched: a healthy node is due when its last heartbeat would
 * be stale, and by then there is a newer one, from which the next moment follows. One timer, for the earliest of them.
 *
 * Where we deviate: heartbeats are timed by the kubelets' own clocks (`renewTime`), not by when they were seen; here they
 * are the same clock. A pass is at its moment of the grid, however long it takes.
 *
 * For runtime/cluster; the fidelity runs ask its decisions one by one. Left out: deleting pods (tainteviction), nodes without a machine (cloud node lifecycle).
 */
export { createNodeLifecycleController } from './controller.ts';
export { readyStatus, staleAtMs, unknownConditions } from './health.ts';
export { notReady } from './mark-pods.ts';
export { settingsOf } from './settings.ts';
export { missingLabels, withConditionTaints } from './taints.ts';
export { isCounted, zoneKey, zoneState } from './zones.ts';
