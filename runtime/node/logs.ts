import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import { milliseconds } from './durations.ts';

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
  /** It has not come to its end: nothing says that a new line follows. */
  readonly isOpen?: true;
}

const LOG_LINES_MAX = 10_000;

/**
 * What a container that started at `startedMs` has written up to `nowMs`, oldest first; the newest lines when there are too many.
 * One that never started has its beginning at 0.
 */
export function logs(
  behaviour: BehaviourSpec | undefined,
  startedMs: number,
  nowMs: number,
): LogLine[] {
  if (startedMs <= 0) return [];
  const lines: LogLine[] = [];
  for (const { after, every, line = '' } of behaviour?.logs ?? []) {
    const firstMs = startedMs + milliseconds(after, 0);
    if (firstMs > nowMs) continue;
    const periodMs = milliseconds(every, 0);
    const count = periodMs > 0 ? Math.floor((nowMs - firstMs) / periodMs) + 1 : 1;
    for (let i = Math.max(0, count - LOG_LINES_MAX); i < count; i++)
      lines.push({ atMs: firstMs + i * periodMs, text: line });
  }
  return lines.sort((a, b) => a.atMs - b.atMs).slice(-LOG_LINES_MAX);
}
