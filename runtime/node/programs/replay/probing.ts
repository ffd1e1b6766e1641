import { SILENT } from '../network/calls.ts';
import { bytesOf, textOf } from '../process.ts';
import { Busy } from './busy.ts';
import { asideCaller } from './callers.ts';
import type { Room, World } from './world.ts';

/** What the command of a probe finds from a moment after the start of the run on. */
export interface Finding {
  readonly fromMs: number;
  readonly code: number;
  readonly output: string;
  /** Infinity where it never ends. */
  readonly takesMs: number;
}

/** Runs the command of a probe aside, as if its time did not pass; undefined where there is no such program. */
export function lookAt(
  world: World,
  room: Room,
  command: readonly string[],
  fromMs: number,
): Finding | undefined {
  const { processes } = world;
  let output = '';
  const write = (bytes: string): void => {
    output += bytes;
  };
  let hasCalled = false;
  const caller = asideCaller('probe', () => {
    hasCalled = true;
    return SILENT;
  });
  const process = world.start(room, command.map(bytesOf), { out: write, err: write, caller });
  if (!process) {
    return undefined;
  }
  let takesMs = 0;
  let code: number | undefined;
  try {
    while (code === undefined && takesMs < LONGEST_MS) {
      const { value, done } = world.resume(process);
      if (done) code = value;
      else takesMs += Math.max(1, (value.untilMs ?? Number.POSITIVE_INFINITY) - world.nowMs);
    }
  } catch (error) {
    if (!(error instanceof Busy)) throw error;
    takesMs = Number.POSITIVE_INFINITY;
  }
  world.processes = processes.filter((each) => world.processes.includes(each));
  // What others answer differs from try to try.
  if (hasCalled) return undefined;
  return { fromMs, code: code ?? 0, output: textOf(output), takesMs };
}

/** No probe waits longer than that. */
const LONGEST_MS = 3_600_000;
