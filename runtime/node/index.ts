/**
 * The nodes: a simulated kubelet for every Node, all driven by one component.
 *
 * A Cluster resource asks for pools of nodes; each member registers itself, reports its status, and renews its Lease. A Node
 * that somebody creates by hand gets a kubelet too, unless it is annotated `cluster.slipway.dev/kubelet: none`. Pods bound
 * to a node are admitted, their images pulled, their containers started, probed, restarted and stopped in virtual time. What a
 * container does is data (Behaviour resources): how long its image takes, how it answers probes, when it exits.
 *
 * Invariant: the pod worker's decision is a pure function of pod, record, behaviour and time; nothing is simulated tick by
 * tick. A container's whole course is worked out when it starts, so that a timer is set only for the next moment at which
 * something can be seen to change, and a healthy container needs none.
 *
 * All state is immutable records in copy-on-write maps; a fork shares them. The API is seen through the transport only.
 *
 * What befalls machines (power, network, pressure, pulls, probes) is data too: `Ailment`s in the state, put there by whoever
 * injects faults. A node that runs short of memory, disk, inodes or processes evicts pods and collects garbage (eviction/).
 *
 * What pods refer to must be there before they start (references/). What a node runs by itself, and the API only shows, is in
 * static/.
 *
 * What the programs of known images and commands do is in programs/. Left out: a real container runtime.
 */

export { type Ailment, isAt, type Place, type Pressure } from './ailments.ts';
export {
  type ExecAnswer,
  type Execution,
  execution,
  type PortAnswer,
  portAnswers,
  runningId,
} from './container-exec.ts';
export { containerLog, type LogAnswer, type LogQuestion } from './container-log.ts';
export { elapsedText } from './effects.ts';
export type { ContainerReading, Meter, NodeReading, PodReading } from './meter.ts';
export { hasKubelet, KUBELET_ANNOTATION } from './node-sync.ts';
export { createNodes, type Nodes, type NodesConfig } from './nodes.ts';
