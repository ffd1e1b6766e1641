import type { BehaviourSpec, UsagePoint } from '../../generated/cluster/v1/types.ts';
import { wholeUnits } from '../meta/index.ts';
import { milliseconds } from './durations.ts';

/** What a container uses of its node at a moment, or at most. */
export interface Uses {
  readonly memoryBytes: number;
  /** The writable layer. */
  readonly layerBytes: number;
  readonly logBytes: number;
  readonly inodes: number;
  readonly processes: number;
  /** Bytes by volume of the pod. */
  readonly volumes: Readonly<Record<string, number>>;
}

/** What a container uses in the course of a run: steps, each of which holds until the next. */
export interface UsagePlan {
  /** In order of time; the first is at the start. */
  readonly steps: readonly { readonly atMs: number; readonly uses: Uses }[];
  /** Of each thing the most that it uses at any time. */
  readonly peak: Uses;
}

export const NO_USE: Uses = {
  memoryBytes: 0,
  layerBytes: 0,
  logBytes: 0,
  inodes: 0,
  processes: 0,
  volumes: {},
};

const IDLE: Uses = { ...NO_USE, processes: 1 };
/** A container of which no behaviour says what it uses: one process. */
export const IDLE_PLAN: UsagePlan = { steps: [{ atMs: 0, uses: IDLE }], peak: IDLE };

export function usagePlan(usage: BehaviourSpec['usage']): UsagePlan {
  if (!usage) return IDLE_PLAN;
  const points = (usage.curve ?? [])
    .map((point) => ({ atMs: milliseconds(point.at, 0), point }))
    .sort((a, b) => a.atMs - b.atMs);
  const steps = [{ atMs: 0, uses: changed(IDLE, usage) }];
  for (const { atMs, point } of points)
    steps.push({ atMs, uses: changed(steps.at(-1)!.uses, point) });
  return { steps, peak: steps.map(({ uses }) => uses).reduce(most) };
}

/** What a run that began at `startedMs` uses at `nowMs`. */
export function usesAt({ steps }: UsagePlan, startedMs: number, nowMs: number): Uses {
  return (steps.findLast(({ atMs }) => startedMs + atMs <= nowMs) ?? steps[0]!).uses;
}

/** When it next changes after `nowMs`; Infinity if it does not. */
export function nextStepMs({ steps }: UsagePlan, startedMs: number, nowMs: number): number {
  const next = steps.find(({ atMs }) => startedMs + atMs > nowMs);
  return next ? startedMs + next.atMs : Number.POSITIVE_INFINITY;
}

/** When in its course a run first uses more memory than `limitBytes`; undefined if it never does. */
export function exceedsMemoryAtMs({ steps }: UsagePlan, limitBytes: number): number | undefined {
  return steps.find(({ uses }) => uses.memoryBytes > limitBytes)?.atMs;
}

type Change = Pick<UsagePoint, 'memory' | 'storage' | 'logs' | 'inodes' | 'processes' | 'volumes'>;

function changed(before: Uses, change: Change): Uses {
  const { memory, storage, logs, inodes, processes, volumes } = change;
  const bytes = (quantity: typeof memory, otherwise: number): number =>
    quantity === undefined ? otherwise : wholeUnits(quantity);
  const own = Object.entries(volumes ?? {}).map(([name, size]) => [name, wholeUnits(size)]);
  return {
    memoryBytes: bytes(memory, before.memoryBytes),
    layerBytes: bytes(storage, before.layerBytes),
    logBytes: bytes(logs, before.logBytes),
    inodes: inodes ?? before.inodes,
    processes: processes ?? before.processes,
    volumes: own.length > 0 ? { ...before.volumes, ...Object.fromEntries(own) } : before.volumes,
  };
}

function most(a: Uses, b: Uses): Uses {
  const volumes: Record<string, number> = { ...a.volumes };
  for (const [name, bytes] of Object.entries(b.volumes))
    volumes[name] = Math.max(volumes[name] ?? 0, bytes);
  return {
    memoryBytes: Math.max(a.memoryBytes, b.memoryBytes),
    layerBytes: Math.max(a.layerBytes, b.layerBytes),
    logBytes: Math.max(a.logBytes, b.logBytes),
    inodes: Math.max(a.inodes, b.inodes),
    processes: Math.max(a.processes, b.processes),
    volumes,
  };
}
