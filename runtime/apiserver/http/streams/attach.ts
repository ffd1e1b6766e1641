import type { LoggedLine } from '../../nodes.ts';
import type { WantedStreams } from '../../subresources/index.ts';
import { type Channels, STDOUT } from './channels.ts';
import { terminalText } from './command.ts';
import { lookUntilDone } from './look.ts';
import { finishWith } from './outcome.ts';

export interface Attached {
  readonly streams: WantedStreams;
  /** The cluster's time, brought up to the wall's. */
  now(): number;
  /** Whether the process still runs to which the client is attached. */
  isAlive(): boolean;
  /** What the process has written up to now, or to its end. */
  lines(): readonly LoggedLine[];
}

/** Sends a client what a process writes from now on, until it ends. What the client sends nobody reads. */
export function attachTo(channels: Channels, process: Attached): void {
  const { streams } = process;
  let seenMs = process.now();
  lookUntilDone(() => {
    if (channels.isOver) return true;
    const nowMs = process.now();
    const isOver = !process.isAlive();
    const fresh = process.lines().filter(({ atMs }) => atMs > seenMs);
    seenMs = nowMs;
    if (streams.stdout)
      for (const { text } of fresh)
        channels.send(STDOUT, Buffer.from(terminalText(`${text}\n`, streams)));
    if (isOver) finishWith(channels, 0);
    return isOver;
  });
}
