import type { Answer, Call } from './network/calls.ts';
import type { Bytes } from './process.ts';

/** A file that a volume is made with. */
export interface MadeFile {
  readonly bytes: Bytes;
  readonly mode: number;
  /** Root's where absent. */
  readonly uid?: number;
}

/** A run of a container that has begun. */
export interface RunInput {
  readonly container: string;
  /** Which run it is, counted from 0. */
  readonly nth: number;
  readonly startedMs: number;
  readonly argv: readonly Bytes[];
  readonly env: readonly (readonly [string, Bytes])[];
  /** When it was told to stop. */
  readonly signalMs?: number;
  /** When it came to its end from outside. */
  readonly endedMs?: number;
}

/** What a volume that is made of objects holds from a moment on. */
export interface FilesInput {
  readonly atMs: number;
  readonly volume: string;
  /** By path in the volume. */
  readonly files: Readonly<Record<string, MadeFile>>;
}

/** A command that somebody ran in a container and that has changed something. */
export interface CommandInput {
  readonly atMs: number;
  readonly container: string;
  readonly argv: readonly Bytes[];
  readonly input: Bytes;
  /** Of which hook of which run; absent where somebody ran it from outside. */
  readonly of?: string;
  /** What came of its calls, in their order. */
  readonly answers?: readonly Answer[];
}

/** A call from outside that a program of the pod has answered, and that it has written down or remembers. */
export interface RequestInput {
  readonly atMs: number;
  /** With the pod's own port. */
  readonly call: Call;
  readonly clientIp: string;
  /** What came of the calls that it made for that. */
  readonly answers: readonly Answer[];
  /** It has left more than a line in a log. */
  readonly changes?: true;
}

/** What came of a call that the program of a run has made: of the first one that has no answer yet. */
export interface AnswerInput {
  /** Its `runKey`. */
  readonly caller: string;
  readonly answer: Answer;
}

/** All that the programs of a pod have met with, in order: what they do follows from it. Immutable. */
export interface PodHistory {
  readonly sinceMs: number;
  readonly runs: readonly RunInput[];
  readonly files: readonly FilesInput[];
  readonly commands: readonly CommandInput[];
  readonly requests: readonly RequestInput[];
  /** Absent where no program has made a call. */
  readonly answers?: readonly AnswerInput[];
}
