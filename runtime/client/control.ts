import type { Timer } from '../base/index.ts';
import type { JournalRecord } from '../trace/index.ts';

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

/** A place in a manifest. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One mistake of an author, ready to be framed. */
export interface ManifestError {
  readonly code: string;
  readonly message: string;
  /** The whole frame, without colour. */
  readonly frame: string;
  readonly position?: SourcePosition;
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

export interface ComponentState {
  readonly name: string;
  readonly depth: number;
  readonly ready: boolean;
}

/** What a screen or a command may do and see beyond the API. */
export interface Control {
  clock(): ClockState;
  setMode(mode: ClockMode): void;
  setSpeed(speed: number): void;
  /** One unit of work, or the next moment at which there is some. Only when paused. */
  step(): Promise<void>;
  /** Everything that has a goal, those not at it first. O(what has a goal). */
  progress(): readonly Progress[];
  readonly converged: boolean;
  /** The next sleepers, in order of waking. */
  sleepers(count: number): readonly Timer[];
  components(): readonly ComponentState[];
  /** Newest first. */
  journal(count: number, matches?: (record: JournalRecord) => boolean): readonly JournalRecord[];
  causesOf(record: number): readonly JournalRecord[];
  why(podKey: string): SchedulingExplanation | undefined;
  manifests(): ManifestState | undefined;
  /** Where in the manifests an object comes from, if it does. */
  sourceOf(resource: string, key: string): SourcePosition | undefined;
  /** The newest revision of the store. */
  revision(): number;
  /** Called at most once per turn of the machine's event loop when anything changed; returns the way to stop. */
  onChange(listener: () => void): () => void;
}
