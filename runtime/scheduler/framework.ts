import type { Pod } from '../../generated/core/v1/types.ts';
import type { NamespaceLabels } from './affinity-terms.ts';
import type { ClusterState } from './cluster-state.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodShape, Requirements } from './pod-shape.ts';

/**
 * How a node refuses a pod. `UnschedulableAndUnresolvable` means that removing other pods from the node would not help.
 */
export type RejectionCode = 'Unschedulable' | 'UnschedulableAndUnresolvable';

/** A plugin's refusal, with the reasons that the pod's condition counts. */
export interface Rejection {
  readonly plugin: string;
  readonly code: RejectionCode;
  readonly reasons: readonly string[];
}

/** Kinds of change after which a rejected pod may be worth another look; bits, so that sets of them are numbers. */
export const clusterEvents = {
  nodeAdded: 1,
  nodeAllocatable: 2,
  nodeLabels: 4,
  nodeTaints: 8,
  nodeDeleted: 16,
  podAssigned: 32,
  podDeleted: 64,
  podLabels: 128,
  ownUpdate: 256,
  namespaceLabels: 512,
  claims: 1024,
  volumes: 2048,
  storageClasses: 4096,
  csiNodes: 8192,
  csiDrivers: 16384,
} as const;

/** Something that happened in the cluster, as far as plugins may care. */
export interface ClusterEvent {
  /** One or more bits of `clusterEvents`. */
  readonly kinds: number;
  /** The node as it is now; for `nodeDeleted`, as it was. */
  readonly node?: NodeInfo;
  /** The assigned pod that came, went or changed. */
  readonly pod?: PodShape;
  /** Its labels before, when they changed. */
  readonly previousPod?: PodShape;
  /** Labels of namespaces at that moment. */
  readonly namespaceLabels?: NamespaceLabels;
  /** The claim, volume, class or CSI object that came, went or changed, as far as plugins look at it. */
  readonly storage?: StorageEvent;
}

/** A change of an object that volumes depend on. */
export interface StorageEvent {
  readonly name: string;
  readonly namespace?: string;
}

/** How the raw scores of the feasible nodes become 0..100. Absent: they already are. */
export type Normalization = 'proportional' | 'reversed';

/** What every plugin answers, whatever extension points it has. */
interface PluginBase {
  readonly name: string;
  /** Bits of `clusterEvents` that may make a pod schedulable that this plugin rejected. */
  readonly events?: number;
  /** Queueing hint: whether `event`, one of `events`, is worth a retry. Absent: always. */
  isWorthRetry?(pod: PodShape, event: ClusterEvent): boolean;
  /** PreEnqueue: a refusal keeps the pod out of the active queue until it changes. */
  preEnqueue?(pod: Pod): Rejection | undefined;
}

/** The result of PreFilter for a pod that only certain nodes can take. */
export interface NodeNames {
  readonly names: readonly string[];
}

/**
 * A plugin whose Filter and Score depend on the pod's requirements and one node only. Its results are kept per
 * requirements and node until the node changes.
 */
export interface LocalPlugin extends PluginBase {
  readonly kind: 'local';
  /** PreFilter: names the only nodes in question, or refuses for all. */
  preFilter?(pod: Requirements): NodeNames | Rejection | undefined;
  filter?(pod: Requirements, node: NodeInfo): Rejection | undefined;
  /** The only slots that `filter` may let pass, where those are few: the others need not be asked. Undefined: any may. */
  mayPass?(pod: Requirements, state: ClusterState): readonly number[] | undefined;
  /** PreScore: true when there is nothing to score; the plugin then adds nothing. */
  skipScore?(pod: Requirements): boolean;
  score?(pod: Requirements, node: NodeInfo): number;
  readonly normalize?: Normalization;
}

/**
 * Filter of one cycle: by the slot of a node, and the node as it is or as it would be without, or with, some pods. What the
 * state counts must say the same (`ClusterState.count`).
 */
export type SlotFilter = (slot: number, node: NodeInfo) => Rejection | undefined;

/** Score of one cycle: fills `scores[i]`, normalized to 0..100, for the i-th of the feasible slots. */
export type SlotScorer = (feasible: Int32Array, count: number, scores: Float64Array) => void;

/** A plugin that looks at other pods or at all nodes. PreFilter and PreScore prepare one cycle; undefined skips it. */
export interface ClusterPlugin extends PluginBase {
  readonly kind: 'cluster';
  /** Refuses for all nodes, or gives the filter of this cycle. */
  preFilter?(pod: PodShape, state: ClusterState): SlotFilter | Rejection | undefined;
  preScore?(
    pod: PodShape,
    state: ClusterState,
    feasible: Int32Array,
    count: number,
  ): SlotScorer | undefined;
}

/** A plugin that only guards the entrance of the queue. */
export interface GatePlugin extends PluginBase {
  readonly kind: 'gate';
}

export type Plugin = LocalPlugin | ClusterPlugin | GatePlugin;

/** Why no node took the pod: what PostFilter (preemption) gets. */
export interface Diagnosis {
  /** All nodes in the snapshot. */
  readonly total: number;
  /** Set when PreFilter refused for all nodes at once. */
  readonly preFilter?: Rejection;
  /** The nodes that were asked, and beside each the refusal. */
  readonly slots: readonly number[];
  readonly rejections: readonly Rejection[];
  /** For the nodes that PreFilter left out. */
  readonly absent?: Rejection;
}

export function isRejection(
  outcome: NodeNames | SlotFilter | Rejection | undefined,
): outcome is Rejection {
  return outcome !== undefined && 'code' in outcome;
}
