/**
 * Evicts pods from nodes with NoExecute taints.
 *
 * A pod that does not tolerate every NoExecute taint of its node is deleted at once; one that tolerates them for a time is
 * deleted when the shortest of the times is over, counted from when the taint was seen; the taint's going calls it off.
 * Before the deletion the pod gets the condition DisruptionTarget.
 *
 * Invariant: a pod is deleted once, and never while nothing says that it must. What is remembered is when each pod that
 * waits began to: taints need not carry a time. Work per taint: the pods of the node; pods on nodes without such taints
 * make none.
 *
 * For runtime/cluster. Left out: who puts the taints on (nodelifecycle, people) and how fast (its rates).
 */
export { createTaintEvictionController } from './controller.ts';
export { decideEviction, type Scheduled, toleratedSeconds } from './decide.ts';
