import type { FaultSpec } from '../../generated/cluster/v1/types.ts';
import type { Timer } from '../base/index.ts';
import type { ApiError, KubeObject, ResourceRef } from '../meta/index.ts';
import type { JournalRecord } from '../trace/index.ts';
import type { FaultState } from './fault.ts';

/** How virtual time passes while someone watches. */
export type ClockMode =
  /** Jumps while anything waits on time, then follows the wall. */
  | 'eager'
  /** Follows the wall, times `speed`. */
  | 'real'
  /** Stands still; `step` does one unit of work or fires the next timers. */
  | 'paused';

export interface ClockState {
  readonly nowMs: number;
  /** Since the cluster started. */
  readonly elapsedMs: number;
  readonly mode: ClockMode;
  readonly speed: number;
}

/** How programs of other processes reach the cluster. */
export interface ApiAccess {
  readonly url: string;
  /** Absolute path of the file that tells clients how to connect. */
  readonly kubeconfig: string;
}

/** What one object still has to do to be at its goal. */
export interface Progress {
  /** `deployments.apps`, */
  readonly resource: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly atGoal: boolean;
  readonly want?: number;
  readonly have?: number;
  readonly waitingFor?: string;
  /** Virtual time at which it last came to or left its goal, or moved. */
  readonly sinceMs: number;
  /** Distances (want - have, or 0 and 1) over the last moments, oldest first, for a sparkline. */
  readonly trend: readonly number[];
}

/** How many objects of a kind are not at their goal, and how many were at the last moments at which that changed. */
export interface Pulse {
  /** `deployments.apps` */
  readonly resource: string;
  readonly behind: number;
  /** Oldest first; the last is `behind`. */
  readonly trend: readonly number[];
}

/** A place in a manifest. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What the manifests say of one object. */
export interface ManifestView {
  /** As it was last applied. */
  readonly object: KubeObject;
  /** The place of a field, `spec.template.spec.containers[0].image`, or of its nearest parent that has one. */
  positionOf(fieldPath: string): SourcePosition;
}

/** One mistake of an author, ready to be framed. */
export interface ManifestError {
  readonly code: string;
  readonly message: string;
  /** The whole frame, without colour. */
  readonly frame: string;
  readonly position?: SourcePosition;
  /** An error where it is absent. */
  readonly severity?: 'error' | 'warning';
  /** The object of the manifests that it is about: `shop › Deployment/web`. */
  readonly object?: string;
}

/** The state of the folder of manifests: what the strip and the error frame show. */
export interface ManifestState {
  readonly folder: string;
  /** idle = nothing saved yet or all applied; failed = the last save has errors and nothing of it is applied. */
  readonly phase: 'idle' | 'checking' | 'evaluating' | 'applying' | 'failed';
  readonly files: number;
  readonly resources: number;
  readonly savedAtWallMs?: number;
  readonly changed?: {
    readonly created: number;
    readonly updated: number;
    readonly pruned: number;
  };
  readonly timings?: {
    readonly parseMs: number;
    readonly checkMs: number;
    readonly evaluateMs: number;
    readonly applyMs: number;
  };
  readonly errors: readonly ManifestError[];
}

/** Scheduling of one pod, node by node. */
export interface SchedulingExplanation {
  readonly pod: string;
  /** One sentence: why it is where it is, or why it is nowhere. */
  readonly summary: string;
  readonly node?: string;
  /** Names of the plugins asked, in order. */
  readonly plugins: readonly string[];
  readonly nodes: readonly {
    readonly name: string;
    /** First plugin that refused, with its reason in numbers; absent when the node fits. */
    readonly refusedBy?: string;
    readonly reason?: string;
    /** Every plugin that refuses, the first included. */
    readonly refusals?: readonly { readonly plugin: string; readonly reason: string }[];
    readonly score?: number;
    /** The total's parts by plugin, times their weights. */
    readonly scores?: Readonly<Record<string, number>>;
  }[];
  /** What preemption would do, or why it would not help; only for a pod that fits nowhere. */
  readonly preemption?: string;
  /** What would have to change for it to fit. */
  readonly counterfactual: readonly string[];
}

/** The rules of one node's proxy, as text that an empty kernel loads. */
export interface NodeRules {
  readonly node: string;
  readonly mode: string;
  /** By IP family; empty where no rules can be shown for the mode. */
  readonly texts: readonly { readonly family: 'IPv4' | 'IPv6'; readonly text: string }[];
}

export interface ComponentState {
  readonly name: string;
  /** Work items that are ready to be taken. */
  readonly depth: number;
  readonly ready: boolean;
  /** Work items that failed and wait for another try. */
  readonly retrying: number;
  /** How many items wait in the parts of a queue that has parts, `unschedulable`. */
  readonly parts?: Readonly<Record<string, number>>;
}

/** What one component, or a client of another process, reads of one kind, and how far it is behind. */
export interface WatchState {
  /** Of a client its user and program. */
  readonly component: string;
  /** `deployments.apps` */
  readonly resource: string;
  /** Streams of changes that are open; a component that only looks things up has none. */
  readonly streams: number;
  /** Changes that it was told of, and the revision of the last; 0 before the first. */
  readonly told: number;
  readonly revision: number;
  /** Bookmarks that it was sent; components of this process need none. */
  readonly bookmarks: number;
  /** How often it had to begin anew with all that exists: it was restarted, or its place in the history was gone. */
  readonly relists: number;
  /** Changes that it has not seen: a fault keeps them from it, or it is slow. And when it sees the next that a fault keeps. */
  readonly unseen: number;
  readonly nextDueMs?: number;
}

/** What a screen or a command may do and see beyond the API. */
export interface Control {
  clock(): ClockState;
  setMode(mode: ClockMode): void;
  setSpeed(speed: number): void;
  /** One unit of work, or the next moment at which there is some. Only when paused. */
  step(): Promise<void>;
  /**
   * Runs on as fast as it can until `reached`, at the latest until `atMs`, and stands still there. False when it was not
   * reached, or somebody set another mode meanwhile.
   */
  runUntil(reached: () => boolean, atMs: number): Promise<boolean>;
  /** Everything that has a goal, those not at it first. O(what has a goal). */
  progress(): readonly Progress[];
  /** Of every kind of which anything ever was behind. O(kinds). */
  pulses(): readonly Pulse[];
  readonly converged: boolean;
  /** The next sleepers, in order of waking. */
  sleepers(count: number): readonly Timer[];
  components(): readonly ComponentState[];
  /** Who follows what, in the order in which they began. */
  watches(): readonly WatchState[];
  /** Newest first. */
  journal(count: number, matches?: (record: JournalRecord) => boolean): readonly JournalRecord[];
  causesOf(record: number): readonly JournalRecord[];
  why(podKey: string): SchedulingExplanation | undefined;
  /** All faults that are known, in the order in which they were given: to come, under way, ended. */
  faults(): readonly FaultState[];
  /**
   * Gives the cluster a fault, as on a command line (`zone=b+10m`) or as the `spec` of a Fault; times count from now. Throws an error whose
   * message (and `help`, where it has one) says what is wrong with it.
   */
  inject(fault: string | FaultSpec): FaultState;
  /** Ends a fault, or takes back one that is to come; false when there is none of that id, or it has ended. */
  heal(id: string): boolean;
  /** The rules of a node's proxy, in the mode of its configuration or another; undefined if there is no such node. */
  rules(node: string, mode?: string): NodeRules | undefined;
  manifests(): ManifestState | undefined;
  /** Where in the manifests an object comes from, if it does. */
  sourceOf(resource: string, key: string): SourcePosition | undefined;
  /** What the manifests say of an object, if they do. */
  manifestOf(resource: string, key: string): ManifestView | undefined;
  /** An object of a lister with its `managedFields`, which are worked out when somebody looks. */
  withManagedFields(resource: ResourceRef, object: KubeObject): KubeObject;
  /** What came out otherwise than the manifests want, each at the line that causes it. Worked out when asked. */
  outcomes(): readonly ManifestError[];
  /** What a refused eviction of a pod says, at the number of the budget that refused it. */
  refusedEviction(podKey: string, error: ApiError): ManifestError | undefined;
  /** The newest revision of the store. */
  revision(): number;
  /** Called at most once per turn of the machine's event loop when anything changed; returns the way to stop. */
  onChange(listener: () => void): () => void;
}
