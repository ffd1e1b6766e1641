import type { TimerKind } from '../base/index.ts';
import type { Amounts } from './amounts.ts';
import type { ContainerRecord } from './container-record.ts';
import type { DeadContainer, Load } from './eviction/index.ts';

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

/** All containers of a pod are to end and start from the beginning, because of how one has ended. */
export interface RestartAll {
  /** When the kubelet may have seen it. */
  readonly noticedMs: number;
}

/** What a kubelet knows of one pod, and all it keeps of it. Immutable. */
export interface PodRecord {
  readonly uid: string;
  readonly node: string;
  readonly startMs: number;
  /** What it takes of the node. */
  readonly amounts: Amounts;
  /** Of its containers. */
  readonly images: readonly string[];
  /** Absent until there is a sandbox. */
  readonly ip?: string;
  readonly init: readonly ContainerRecord[];
  readonly main: readonly ContainerRecord[];
  readonly stopping?: Stopping;
  readonly restartAll?: RestartAll;
  /** The kubelet refused the pod, or ended it. */
  readonly verdict?: PodVerdict;
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
