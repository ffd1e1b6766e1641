import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import { milliUnits, wholeUnits } from '../meta/index.ts';
import type { Quantity } from './amounts.ts';
import { milliseconds } from './behaviour-script.ts';

export interface Usage {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

const LOG_LINES_MAX = 10_000;

/** What a container that started at `startedMs` uses at `nowMs`: the last point of its curve that has come. */
export function usage(
  behaviour: BehaviourSpec | undefined,
  startedMs: number,
  nowMs: number,
): Usage {
  const { cpu, memory, curve = [] } = behaviour?.usage ?? {};
  const current = { cpuMilli: milli(cpu, 0), memoryBytes: bytes(memory, 0) };
  for (const point of curve) {
    if (startedMs + milliseconds(point.at, 0) > nowMs) break;
    current.cpuMilli = milli(point.cpu, current.cpuMilli);
    current.memoryBytes = bytes(point.memory, current.memoryBytes);
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

function milli(quantity: Quantity | undefined, otherwise: number): number {
  return quantity === undefined ? otherwise : milliUnits(quantity);
}

function bytes(quantity: Quantity | undefined, otherwise: number): number {
  return quantity === undefined ? otherwise : wholeUnits(quantity);
}
