import type { FileSystem } from './files/index.ts';
import type { Machine } from './machine.ts';

/** What a process waits for: a moment of the cluster's time, or that something is done. */
export interface Pause {
  /** Until then at most. Infinity: for ever. */
  readonly untilMs?: number;
  /** Until this holds, if anything that it looks at can change. */
  readonly isDone?: () => boolean;
  /** It does the very same again and again, as long as no file changes: it goes on like that. */
  readonly repeats?: boolean;
}

/** A process under way; its value is its exit code. */
export type Running = Generator<Pause, number, void>;

/** Bytes, one a character. */
export type Bytes = string;

/** Where a process writes. */
export type Sink = (bytes: Bytes) => void;

/** What a process reads. */
export interface Input {
  /** All that is left. */
  rest(): Bytes;
  /** The next line without its end; undefined at the end. */
  line(): Bytes | undefined;
}

/** What a program is given when it is run. */
export interface Task {
  /** With its own name first. */
  readonly argv: readonly string[];
  readonly env: Map<string, string>;
  cwd: string;
  readonly files: FileSystem;
  readonly input: Input;
  readonly out: Sink;
  readonly err: Sink;
  readonly machine: Machine;
}

/** A program: what is done when it is run. One that takes no time answers with its exit code at once. */
export type Program = (task: Task) => Running | number;

export const NO_INPUT: Input = { rest: () => '', line: () => undefined };

export function inputOf(bytes: Bytes): Input {
  let at = 0;
  return {
    rest() {
      const left = bytes.slice(at);
      at = bytes.length;
      return left;
    },
    line() {
      if (at >= bytes.length) return undefined;
      const end = bytes.indexOf('\n', at);
      const line = bytes.slice(at, end < 0 ? undefined : end);
      at = end < 0 ? bytes.length : end + 1;
      return line;
    },
  };
}

/** What somebody has written so far of what a process reads. */
export interface Typed {
  readonly bytes: Bytes;
  /** More may come. */
  readonly isOpen: boolean;
}

/** Thrown by an input of which the rest has not come yet. */
export class Unfed extends Error {
  override readonly name = 'Unfed';
}

/** An input to which more may be written; `onWait` is told when a process waits for that. */
export function typedInput({ bytes, isOpen }: Typed, onWait: () => void): Input {
  const input = inputOf(bytes);
  if (!isOpen) return input;
  const wait = (): never => {
    onWait();
    throw new Unfed();
  };
  let lines = bytes.split('\n').length - 1;
  return { rest: wait, line: () => (lines-- > 0 ? input.line() : wait()) };
}

/** Text as bytes, in UTF-8. */
export function bytesOf(text: string): Bytes {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

export function textOf(bytes: Bytes): string {
  return /^[\x00-\x7f]*$/.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}
