import type { Execution } from '../../nodes.ts';
import type { WantedStreams } from '../../subresources/index.ts';
import { type Channels, STDERR, STDIN, STDOUT } from './channels.ts';
import { lookUntilDone } from './look.ts';
import { finishWith, KILLED } from './outcome.ts';

export interface Process {
  readonly execution: Execution;
  readonly streams: WantedStreams;
  /** The cluster's time, brought up to the wall's. */
  now(): number;
  /** Whether the container that it was started in still runs. */
  isAlive(): boolean;
}

/** Runs a command for a client: its output and exit code come when its time is over, and its input has ended where it waits for that. */
export function runCommand(channels: Channels, process: Process): void {
  const { streams, execution } = process;
  const { stdout, stderr, code, afterMs, input } = execution;
  const dueMs = process.now() + afterMs;
  let isFed = !streams.stdin || input === 'Ignored';
  const write = (channel: number, text: string): void =>
    channels.send(channel, Buffer.from(terminalText(text, streams)));
  const look = lookUntilDone(() => {
    if (channels.isOver) return true;
    const nowMs = process.now();
    if (!process.isAlive()) {
      finishWith(channels, KILLED);
      return true;
    }
    if (!isFed || nowMs < dueMs) return false;
    if (streams.stdout) write(STDOUT, stdout);
    // With a terminal both go to the one output.
    if (streams.stderr || streams.tty) write(streams.tty ? STDOUT : STDERR, stderr);
    finishWith(channels, code);
    return true;
  });
  channels.listen({
    data(channel, bytes) {
      if (channel === STDIN && input === 'Echoed' && streams.stdout) channels.send(STDOUT, bytes);
    },
    end(channel) {
      if (channel !== STDIN) return;
      isFed = true;
      look();
    },
  });
}

/** As a terminal gets it: it goes back to the first column with each line. */
export function terminalText(text: string, { tty }: WantedStreams): string {
  return tty ? text.replaceAll(/\r?\n/g, '\r\n') : text;
}
