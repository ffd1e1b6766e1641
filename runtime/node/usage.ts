import type { UsagePoint } from '../../generated/cluster/v1/types.ts';
import { milliUnits, wholeUnits } from '../meta/index.ts';
import type { CompiledBehaviour } from './behaviour-match.ts';
import { type Course, courseOf, NOTHING } from './course.ts';
import { milliseconds } from './durations.ts';
import { type SharedLoad, sharedLoad } from './shared-load.ts';

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

/** What a container uses in the course of a run, by itself and as its part of a load: the one source of it. */
export interface UsagePlan {
  /** Thousandths of a processor, from the start of the run. */
  readonly cpu: Course;
  /** Steps, each of which holds until the next, in order of time; the first is at the start. */
  readonly steps: readonly { readonly atMs: number; readonly uses: Uses }[];
  /** Of each thing the most that it uses at any time by itself. */
  readonly peak: Uses;
  /** Work that it shares with others; it adds to the rest. */
  readonly load?: SharedLoad;
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
export const IDLE_PLAN: UsagePlan = {
  cpu: NOTHING,
  steps: [{ atMs: 0, uses: IDLE }],
  peak: IDLE,
};

/** What a container uses of which this is the strongest behaviour that says so. */
export function usagePlan(behaviour: CompiledBehaviour | undefined): UsagePlan {
  const usage = behaviour?.spec.usage;
  if (!usage) return IDLE_PLAN;
  const points = (usage.curve ?? [])
    .map((point) => ({ atMs: milliseconds(point.at, 0), point }))
    .sort((a, b) => a.atMs - b.atMs);
  const steps = [{ atMs: 0, uses: changed(IDLE, usage) }];
  for (const { atMs, point } of points)
    steps.push({ atMs, uses: changed(steps.at(-1)!.uses, point) });
  const { load } = usage;
  return {
    cpu: courseOf(
      milli(usage.cpu),
      points.map(({ atMs, point }) => ({ atMs, value: milli(point.cpu) })),
    ),
    steps,
    peak: steps.map(({ uses }) => uses).reduce(most),
    ...(load ? { load: sharedLoad(behaviour, load) } : {}),
  };
}

const milli = (quantity: UsagePoint['cpu']): number | undefined =>
  quantity === undefined ? undefined : milliUnits(quantity);

/** What a run that began at `startedMs` uses at `nowMs`. */
export function usesAt({ steps }: UsagePlan, startedMs: number, nowMs: number): Uses {
  return (steps.findLast(({ atMs }) => startedMs + atMs <= nowMs) ?? steps[0]!).uses;
}

/** When it next changes after `nowMs`; Infinity if it does not. */
export function nextStepMs({ steps }: UsagePlan, startedMs: number, nowMs: number): number {
  const next = steps.find(({ atMs }) => startedMs + atMs > nowMs);
  return next ? startedMs + next.atMs : Number.POSITIVE_INFINITY;
}

/** When in its course, from `fromMs` on, a run first uses more memory than `limitBytes`; undefined if it never does. */
export function exceedsMemoryAtMs(
  { steps }: UsagePlan,
  limitBytes: number,
  fromMs = 0,
): number | undefined {
  const found = steps.find(
    ({ uses }, at) =>
      uses.memoryBytes > limitBytes && (steps[at + 1]?.atMs ?? Number.POSITIVE_INFINITY) > fromMs,
  );
  return found && Math.max(found.atMs, fromMs);
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
