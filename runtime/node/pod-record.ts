import type { PodSpec } from '../../generated/core/v1/types.ts';
import type { TimerKind } from '../base/index.ts';
import type { Amounts } from './amounts.ts';
import type { ContainerRecord } from './container-record.ts';
import type { DeadContainer, Load } from './eviction/index.ts';
import type { VolumePulls } from './image-volumes.ts';
import type { PodHistory } from './programs/index.ts';
import type { Mounting, PodTokens } from './references/index.ts';

/** Why a pod ends that does not end by itself. */
export interface PodVerdict {
  readonly reason: string;
  readonly message: string;
  /** Message of the condition DisruptionTarget that the pod ends with; absent where it gets none. */
  readonly disruption?: string;
}

/** The pod is being terminated: containers get SIGTERM at `sinceMs` and SIGKILL at `deadlineMs`. */
export interface Stopping {
  readonly sinceMs: number;
  readonly deadlineMs: number;
  /** Absent when the pod was deleted. */
  readonly verdict?: PodVerdict;
}

/** A size that the node cannot give the pod: never, or not at present. */
export interface PendingResize {
  readonly reason: 'Infeasible' | 'Deferred';
  readonly message: string;
  /** Of the pod, when it was looked at. */
  readonly generation: number;
}

/** A size that was set aside for the pod and is on its way to its containers. */
export interface Resizing {
  /** What they have had so far. */
  readonly from: PodSpec;
  readonly dueMs: number;
  /** Of the pod that wants it. */
  readonly generation: number;
  /** They have it, but for those that are being stopped to start again with it. */
  readonly isApplied?: true;
  /** Why it could not be done yet. */
  readonly error?: string;
}

/** All containers of a pod are to end and start from the beginning, because of how one has ended. */
export interface RestartAll {
  /** When the kubelet may have seen it. */
  readonly noticedMs: number;
}

export interface PodPrograms {
  readonly history: PodHistory;
  /** When more may come of it than is known. */
  readonly horizonMs: number;
}

/** What a kubelet knows of one pod, and all it keeps of it. Immutable. */
export interface PodRecord {
  readonly uid: string;
  readonly node: string;
  readonly startMs: number;
  /** A spec of the pod: with the resources that are set aside for it. Absent where it was turned away. */
  readonly allocated?: PodSpec;
  readonly pending?: PendingResize;
  readonly resizing?: Resizing;
  /** What it takes of the node. */
  readonly amounts: Amounts;
  /** Of its containers. */
  readonly images: readonly string[];
  /** Absent until there is a sandbox. */
  readonly ip?: string;
  readonly init: readonly ContainerRecord[];
  readonly main: readonly ContainerRecord[];
  /** Its volumes are not all there yet: nothing starts. */
  readonly mounting?: Mounting;
  /** Images that its volumes show; absent where there are none. */
  readonly volumePulls?: VolumePulls;
  /** Of its ephemeral containers, by name. Absent where there are none. */
  readonly ephemeral?: Readonly<Record<string, ContainerRecord>>;
  readonly stopping?: Stopping;
  readonly restartAll?: RestartAll;
  /** The kubelet refused the pod, or ended it. */
  readonly verdict?: PodVerdict;
  /** What the programs of its containers have met with; absent where nobody knows them, or nothing comes of them. */
  readonly programs?: PodPrograms;
  /** Of its service account, in its volumes; absent where no program could read them. */
  readonly tokens?: PodTokens;
  /** Nothing runs and nothing will: the phase is final. */
  readonly terminal: boolean;
  /** Containers of its that have ended and are still on the node. Absent when there are none. */
  readonly dead?: readonly DeadContainer[];
  /** The most that it may come to use of its node. */
  readonly load?: Load;
  /** The timer that is set for it. */
  readonly wakeMs: number;
  readonly wakeKind: TimerKind;
  /** resourceVersion of the kubelet's own last write, whose echo needs no work. */
  readonly version: string;
  /** The pod was last looked at as it was before that write: its echo is to be looked at after all. */
  readonly sawOld?: true;
}
