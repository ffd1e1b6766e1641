import { afterWall } from '../base/index.ts';

/** What ends a command that would go on: a signal, or an error that nobody caught. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'failure';

/** All that a command sees of the world. Results go to `out`, everything else to `err`. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Whether messages may be coloured. */
  readonly color: boolean;
  /** Both ends are a terminal: a screen can be drawn and keys come in. */
  readonly isTerminal: boolean;
  /** Aborts with an `Interruption` as its reason. */
  readonly interrupted: AbortSignal;
  readonly workingFolder: string;
}

export function processIo(interrupted: AbortSignal): Io {
  const { stdin, stdout, stderr, env } = process;
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    color: stderr.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    isTerminal: stdin.isTTY === true && stdout.isTTY === true && env.TERM !== 'dumb',
    interrupted,
    workingFolder: process.cwd(),
  };
}

/** How long a command that was told to end may take to end well. */
const FAREWELL_MS = 1000;

/** Waits for the end of what was begun, but not for ever: whoever sent a signal wants the process gone. */
export async function farewell(ended: Promise<unknown>): Promise<void> {
  let cancel = (): void => {};
  const late = new Promise<void>((resolve) => {
    cancel = afterWall(FAREWELL_MS, resolve, true);
  });
  await Promise.race([ended, late]);
  cancel();
}

/** Resolves with the signal that ends the command. */
export function interruption({ interrupted }: Io): Promise<Interruption> {
  return new Promise((resolve) => {
    const end = (): void => resolve(interrupted.reason as Interruption);
    if (interrupted.aborted) end();
    else interrupted.addEventListener('abort', end, { once: true });
  });
}
