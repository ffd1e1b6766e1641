/**
 * The kubelet's eviction manager (https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/) on simulated
 * usage, and the garbage collection of images and containers that goes with it.
 *
 * The core is pure. `pass` is one look at statistics of the shape of `/stats/summary`: thresholds (thresholds.ts), what
 * is met since when (observations.ts), what the node can clear away (reclaim.ts), whose turn it is (ranking.ts), and what the
 * pod is told (messages.ts). Beside it: pods beyond their own limits of storage, admission under pressure, preemption for
 * critical pods, the kernel's choice when memory is used up, and image and container garbage collection.
 *
 * The shell (watch.ts, clearing.ts) does that to simulated nodes, of which survey.ts makes statistics. It knows from sums of what pods could use at most whether a node can
 * come under pressure at all. Invariant: for a node that cannot, no timer is set and no pass is made; a node that could is
 * looked at when its use changes, and every ten seconds only while it is short of something.
 *
 * For runtime/node and the fidelity runs. Left out: swap, a container runtime that fails, disks that fill between two points
 * of a usage curve.
 */

export {
  type ContainerGcPolicy,
  collectContainers,
  type DeadContainer,
  type PodContainer,
} from './container-gc.ts';
export {
  collectImages,
  type ImageGcPolicy,
  type KnownImage,
  leastUsed,
  usedPercent,
} from './image-gc.ts';
export { type Load, loadOf, NO_LOAD } from './load.ts';
export { changeLoad, machineFor, noteLoad, openLoads } from './load-book.ts';
export {
  AT_EASE,
  type Eviction,
  type EvictionConfig,
  type EvictionState,
  type Pass,
  type PassInput,
  pass,
} from './manager.ts';
export { EVICTED } from './messages.ts';
export { notifierName, notifyAt } from './notifier.ts';
export * from './observations.ts';
export { type MemoryUser, oomScoreAdjust, oomVictim } from './oom.ts';
export {
  distance,
  isPreemptable,
  PREEMPTED_DISRUPTION,
  PREEMPTED_MESSAGE,
  PREEMPTING,
  podsToPreempt,
  type Requirement,
  remaining,
} from './preemption.ts';
export { refusedUnder } from './pressure-admission.ts';
export { isCritical, priorityOf, type QosClass, qosOf } from './qos.ts';
export * from './ranking.ts';
export { type ReclaimStep, reclaimSteps } from './reclaim.ts';
export type { EvictionRecord } from './record.ts';
export { allocatable, type EvictionSettings, evictionSettings } from './settings.ts';
export * from './signals.ts';
export * from './summary.ts';
export { placedOn, runningOn, survey } from './survey.ts';
export * from './thresholds.ts';
export { forgetEviction, pressuresOn, syncEviction } from './watch.ts';
