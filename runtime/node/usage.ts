import { parseDuration } from '../base/index.ts';
import type { BehaviourSpec } from './behaviour-spec.ts';
import { parseAmount } from './quantities.ts';

export interface Usage {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

const IDLE: Usage = { cpuMilli: 0, memoryBytes: 0 };
const LOG_LINES_MAX = 10_000;

/** What a container that started at `startedMs` uses at `nowMs`: the last point of its curve that has come. */
export function usage(
  behaviour: BehaviourSpec | undefined,
  startedMs: number,
  nowMs: number,
): Usage {
  let current = IDLE;
  for (const { from, cpu, memory } of behaviour?.usage ?? []) {
    if (startedMs + span(from) > nowMs) break;
    current = {
      cpuMilli: cpu === undefined ? current.cpuMilli : parseAmount('cpu', cpu),
      memoryBytes: memory === undefined ? current.memoryBytes : parseAmount('memory', memory),
    };
  }
  return current;
}

/** What it has written up to `nowMs`, oldest first; the newest lines when there are too many. */
export function logs(
  behaviour: BehaviourSpec | undefined,
  startedMs: number,
  nowMs: number,
): LogLine[] {
  const lines: LogLine[] = [];
  for (const { at, every, line } of behaviour?.logs ?? []) {
    const firstMs = startedMs + span(at);
    const periodMs = span(every);
    if (firstMs > nowMs) continue;
    const count = periodMs > 0 ? Math.floor((nowMs - firstMs) / periodMs) + 1 : 1;
    for (let i = Math.max(0, count - LOG_LINES_MAX); i < count; i++)
      lines.push({ atMs: firstMs + i * periodMs, text: line });
  }
  return lines.sort((a, b) => a.atMs - b.atMs).slice(-LOG_LINES_MAX);
}

function span(duration: string | undefined): number {
  return duration === undefined ? 0 : (parseDuration(duration) ?? 0);
}
