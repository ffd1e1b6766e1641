import type { HookCourse } from './hooks.ts';
import type { Pull } from './images.ts';
import type { LogLine } from './logs.ts';
import type { Plays } from './program-plays.ts';
import type { Exit, Program, Run } from './timeline.ts';
import type { UsagePlan } from './usage.ts';

/** The first `times` tries end in this waiting reason. */
export interface Failures {
  readonly times: number;
  readonly reason: string;
  readonly message: string;
}

/** Everything that one container of a template will do, known in advance. Shared by all pods of the template. */
export interface ContainerScript {
  readonly pull: Pull;
  /** From an image that is present to a running process. */
  readonly createMs: number;
  readonly startFailures: Failures;
  /** What the program does in its nth run, counted from 0, that began at `sinceMs`. */
  program(nth: number, sinceMs: number): Program;
  /** The course of that run. */
  run(nth: number, sinceMs: number): Run;
  /** The same where the limit of its memory holds only from so long after the start. */
  runLimitedFrom(nth: number, limitedFromMs: number): Run;
  /** From SIGTERM to the end. */
  readonly terminateMs: number;
  /** Whether it answers probes after SIGTERM as before. */
  readonly servesToTheEnd: boolean;
  readonly terminateExit: Exit;
  /** What a run that began at `startedMs` has written to its log up to `nowMs`, oldest first. */
  log(startedMs: number, nowMs: number): readonly LogLine[];
  readonly usage: UsagePlan;
  /** What is known of its program; absent where nothing is. */
  readonly plays?: Plays;
  /** How its preStop hook goes that begins at `nowMs`; absent where that is part of the program. */
  preStop?(nth: number, sinceMs: number, nowMs: number): HookCourse | undefined;
  /** What comes of SIGTERM at `signalMs`; undefined, or absent, where that is as for all. */
  stopped?(
    nth: number,
    sinceMs: number,
    signalMs: number,
  ): { readonly afterMs: number; readonly exit: Exit } | undefined;
  /** Notes that a run is over. */
  ended?(nth: number, atMs: number): void;
}

export const DEFAULT_CREATE_MS = 100;
export const DEFAULT_TERMINATE_MS = 1_000;
/** The kernel's end of a container that uses more memory than there is for it. */
export const OOM_KILLED: Exit = { code: 137, reason: 'OOMKilled' };
export const COMPLETED: Exit = { code: 0, reason: 'Completed' };
