import { parseTime } from '../../meta/index.ts';
import { isMemorySignal, type Pressure, pressureOf, type Signal } from './signals.ts';
import { type FsStats, type MemoryStats, podsGroup, type Summary } from './summary.ts';
import { levelOf, sameThreshold, type Threshold } from './thresholds.ts';

/** How much is left of something. */
export interface Observation {
  readonly available: number;
  readonly capacity: number;
  /** When it was measured; absent where the measure is always new. */
  readonly timeMs?: number;
}

export type Observations = Readonly<Partial<Record<Signal, Observation>>>;

/** Thresholds that are met, each with when it was first seen to be. */
export interface Sighting {
  readonly threshold: Threshold;
  readonly sinceMs: number;
}

export type PressureTimes = Readonly<Partial<Record<Pressure, number>>>;

/** What the statistics say of each signal; a signal without statistics is left out. */
export function observe(summary: Summary): Observations {
  const { memory, fs, runtime, rlimit } = summary.node;
  const seen: Partial<Record<Signal, Observation>> = {};
  const put = (signal: Signal, observation: Observation | undefined): void => {
    if (observation) seen[signal] = observation;
  };
  put('memory.available', memoryLeft(memory));
  put('allocatableMemory.available', memoryLeft(podsGroup(summary)));
  for (const [name, disk] of [
    ['nodefs', fs],
    ['imagefs', runtime?.imageFs],
    ['containerfs', runtime?.containerFs],
  ] as const) {
    put(`${name}.available`, left(disk?.availableBytes, disk?.capacityBytes, disk));
    put(`${name}.inodesFree`, left(disk?.inodesFree, disk?.inodes, disk));
  }
  const { maxpid, curproc } = rlimit ?? {};
  if (maxpid !== undefined && curproc !== undefined)
    put('pid.available', left(maxpid - curproc, maxpid, rlimit));
  return seen;
}

function memoryLeft(memory: MemoryStats | undefined): Observation | undefined {
  const { availableBytes, workingSetBytes } = memory ?? {};
  if (availableBytes === undefined || workingSetBytes === undefined) return undefined;
  return left(availableBytes, availableBytes + workingSetBytes, memory);
}

function left(
  available: number | undefined,
  capacity: number | undefined,
  stats: Pick<FsStats, 'time'> | undefined,
): Observation | undefined {
  if (available === undefined || capacity === undefined) return undefined;
  const timeMs = stats?.time ? parseTime(stats.time) : undefined;
  return { available, capacity, ...(timeMs === undefined ? {} : { timeMs }) };
}

/** The thresholds that are met; with `enforceMinReclaim`, those that more must be reclaimed for. */
export function thresholdsMet(
  thresholds: readonly Threshold[],
  observations: Observations,
  enforceMinReclaim: boolean,
): readonly Threshold[] {
  return thresholds.filter(({ signal, value, minReclaim }) => {
    const seen = observations[signal];
    if (!seen) return false;
    const more = enforceMinReclaim && minReclaim ? levelOf(minReclaim, seen.capacity) : 0;
    return levelOf(value, seen.capacity) + more > seen.available;
  });
}

/** Both lists, what is in both once. */
export function merged(a: readonly Threshold[], b: readonly Threshold[]): readonly Threshold[] {
  return [...a, ...b.filter((each) => !a.some((known) => sameThreshold(known, each)))];
}

/** Since when each threshold is met: what was met before keeps its time. */
export function firstSeen(
  thresholds: readonly Threshold[],
  before: readonly Sighting[],
  nowMs: number,
): readonly Sighting[] {
  return thresholds.map((threshold) => {
    const known = before.find((each) => sameThreshold(each.threshold, threshold));
    return { threshold, sinceMs: known?.sinceMs ?? nowMs };
  });
}

/** The thresholds whose grace period is over. */
export function pastGrace(sightings: readonly Sighting[], nowMs: number): readonly Threshold[] {
  return sightings
    .filter(({ threshold, sinceMs }) => nowMs - sinceMs >= threshold.graceMs)
    .map(({ threshold }) => threshold);
}

/** The conditions that thresholds stand for, each once. */
export function pressuresOf(thresholds: readonly Threshold[]): readonly Pressure[] {
  return [...new Set(thresholds.map(({ signal }) => pressureOf(signal)))];
}

/** When each condition was last seen: those of now, now; others as before. */
export function lastSeen(
  pressures: readonly Pressure[],
  before: PressureTimes,
  nowMs: number,
): PressureTimes {
  return { ...before, ...Object.fromEntries(pressures.map((each) => [each, nowMs])) };
}

/** The conditions that were seen less than `periodMs` ago. */
export function seenSince(
  times: PressureTimes,
  periodMs: number,
  nowMs: number,
): readonly Pressure[] {
  return (Object.entries(times) as [Pressure, number][])
    .filter(([, atMs]) => nowMs - atMs < periodMs)
    .map(([pressure]) => pressure);
}

/** The thresholds of which something new was measured. One decision is not made twice on the same figures. */
export function measuredAnew(
  thresholds: readonly Threshold[],
  observations: Observations,
  before: Observations,
): readonly Threshold[] {
  return thresholds.filter(({ signal }) => {
    const now = observations[signal];
    const last = before[signal];
    if (!now) return false;
    return (
      !last || now.timeMs === undefined || now.timeMs > (last.timeMs ?? Number.NEGATIVE_INFINITY)
    );
  });
}

/** Memory first; the others in the order in which they are. */
export function byUrgency(thresholds: readonly Threshold[]): readonly Threshold[] {
  const rank = ({ signal }: Threshold): number => (isMemorySignal(signal) ? 0 : 1);
  return thresholds.toSorted((a, b) => rank(a) - rank(b));
}
