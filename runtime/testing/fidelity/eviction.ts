import { join } from 'node:path';
import { parseDuration } from '../../base/index.ts';
import { formatQuantity, parseQuantity } from '../../meta/index.ts';
import {
  amountText,
  byUrgency,
  firstSeen,
  type Level,
  lastSeen,
  measuredAnew,
  notifierName,
  notifyAt,
  type Observations,
  type Pressure,
  parsePercentage,
  parseThresholds,
  pastGrace,
  type Signal,
  sameLevel,
  seenSince,
  starvedBy,
  type Threshold,
  thresholdsMet,
  withAllocatable,
} from '../../node/eviction/index.ts';
import { playPreemption } from './eviction-preemption.ts';
import { playRanking } from './eviction-ranking.ts';
import { playTimelines } from './eviction-timeline.ts';
import { type AreaResult, outcome, Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

export interface WrittenLevel {
  readonly Quantity?: string;
  readonly Percentage?: number;
}

/** A threshold as recorded. A percentage is written as a share. */
export interface WrittenThreshold {
  readonly Signal: Signal;
  readonly GracePeriod: string;
  readonly Operator?: string;
  readonly Value?: WrittenLevel;
  readonly MinReclaim?: WrittenLevel;
}

const NO_LEVEL: Level = { quantity: parseQuantity('0')! };

function levelFrom({ Quantity: quantity, Percentage: share = 0 }: WrittenLevel): Level {
  return quantity === undefined
    ? { share }
    : { quantity: parseQuantity(quantity) ?? fail(quantity) };
}

function fail(text: string): never {
  throw new TypeError(`cannot read ${text}`);
}

function ms(duration: string): number {
  return duration.endsWith('ns') ? 1 : (parseDuration(duration) ?? fail(duration));
}

/** Nanoseconds, of which there are a few in the rows, count as a millisecond. */
export function thresholdFrom(written: WrittenThreshold): Threshold {
  const { Signal: signal, GracePeriod, Value, MinReclaim } = written;
  return {
    signal,
    graceMs: ms(GracePeriod),
    value: Value ? levelFrom(Value) : NO_LEVEL,
    ...(MinReclaim ? { minReclaim: levelFrom(MinReclaim) } : {}),
  };
}

/** In an order and a form of its own, for comparison. */
function normal(thresholds: readonly Threshold[]): object[] {
  const text = (level: Level | undefined): string | number | undefined =>
    level && ('quantity' in level ? formatQuantity(level.quantity) : level.share);
  return thresholds
    .map(({ signal, graceMs, value, minReclaim }) => ({
      signal,
      graceMs,
      value: text(value),
      minReclaim: text(minReclaim),
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const all = (written: readonly WrittenThreshold[] | null): Threshold[] =>
  (written ?? []).map(thresholdFrom);

/** The eviction manager of the kubelet. */
export async function run(vectorsDir: string): Promise<AreaResult> {
  const dir = join(vectorsDir, 'kubelet-eviction');
  const tally = new Tally('kubelet-eviction');
  await parsing(dir, tally);
  await meeting(dir, tally);
  await times(dir, tally);
  await conditions(dir, tally);
  await notifying(dir, tally);
  await playRanking(dir, tally);
  await playPreemption(dir, tally);
  await playTimelines(dir, tally);
  return tally.result();
}

async function parsing(dir: string, tally: Tally): Promise<void> {
  type Config = Readonly<Record<string, Readonly<Record<string, string>> | null>> & {
    readonly allocatableConfig: readonly string[];
    readonly expectErr: boolean;
    readonly expectThresholds: readonly WrittenThreshold[];
  };
  for (const { id, case: row } of await rowsOf<Config>(dir, 'helpers__TestParseThresholdConfig')) {
    const parsed = outcome(() =>
      parseThresholds({
        hard: row['evictionHard'] ?? {},
        soft: row['evictionSoft'] ?? {},
        softGracePeriod: row['evictionSoftGracePeriod'] ?? {},
        minimumReclaim: row['evictionMinReclaim'] ?? {},
        enforceNodeAllocatable: row.allocatableConfig,
      }),
    );
    if (row.expectErr) tally.equal(id, true, 'error' in parsed);
    else
      tally.equal(
        id,
        normal(all(row.expectThresholds)),
        'value' in parsed ? normal(parsed.value) : parsed,
      );
  }
  type Percent = { readonly hasError: boolean; readonly value: number };
  for (const { id, key = '', case: row } of await rowsOf<Percent>(
    dir,
    'helpers__TestParsePercentage',
  )) {
    const parsed = outcome(() => parsePercentage(key));
    tally.equal(
      id,
      row.hasError ? 'refused' : row.value,
      'value' in parsed ? parsed.value : 'refused',
    );
  }
  type Both = { readonly thresholds: WrittenThreshold[]; readonly expected: WrittenThreshold[] };
  for (const { id, case: row } of await rowsOf<Both>(dir, 'helpers__TestAddAllocatableThresholds'))
    tally.equal(id, normal(all(row.expected)), normal(withAllocatable(all(row.thresholds))));
  type Pair = { readonly a: WrittenLevel; readonly b: WrittenLevel; readonly equal: boolean };
  for (const { id, case: row } of await rowsOf<Pair>(dir, 'helpers__TestCompareThresholdValue'))
    tally.equal(id, row.equal, sameLevel(levelFrom(row.a), levelFrom(row.b)));
}

interface WrittenObservation {
  readonly available?: string;
  readonly capacity?: string;
  readonly time?: string;
}

type WrittenObservations = Readonly<Record<string, WrittenObservation>>;

function observationsFrom(written: WrittenObservations): Observations {
  const number = (text = '0'): number =>
    Number((parseQuantity(text)?.nanos ?? 0n) / 1_000_000_000n);
  return Object.fromEntries(
    Object.entries(written).map(([signal, { available, capacity, time }]) => [
      signal,
      {
        available: number(available),
        capacity: number(capacity),
        ...(time === undefined ? {} : { timeMs: Date.parse(time) }),
      },
    ]),
  );
}

async function meeting(dir: string, tally: Tally): Promise<void> {
  interface Met {
    readonly thresholds: WrittenThreshold[];
    readonly observations: WrittenObservations;
    readonly enforceMinReclaim?: boolean;
    readonly enforceMinRelaim?: boolean;
    readonly result: WrittenThreshold[];
  }
  for (const file of ['helpers__TestThresholdsMet', 'helpers__TestPercentageThresholdsMet'])
    for (const { id, case: row } of await rowsOf<Met>(dir, file)) {
      const enforce = row.enforceMinReclaim ?? row.enforceMinRelaim ?? false;
      const met = thresholdsMet(all(row.thresholds), observationsFrom(row.observations), enforce);
      tally.equal(id, normal(all(row.result)), normal(met));
    }
  type Updated = Met & { readonly last: WrittenObservations };
  for (const { id, case: row } of await rowsOf<Updated>(
    dir,
    'helpers__TestThresholdsUpdatedStats',
  )) {
    const now = observationsFrom(row.observations);
    const anew = measuredAnew(all(row.thresholds), now, observationsFrom(row.last));
    tally.equal(id, normal(all(row.result)), normal(anew));
  }
  type Reclaimable = { readonly thresholds: WrittenThreshold[] };
  for (const { id, case: row } of await rowsOf<Reclaimable>(
    dir,
    'helpers__TestGetReclaimableThreshold',
  ))
    tally.equal(
      id,
      true,
      all(row.thresholds).every(({ signal }) => starvedBy(signal) !== undefined),
    );
  type Sorted = { readonly thresholds: WrittenThreshold[]; readonly expected: WrittenThreshold[] };
  for (const { id, case: row } of await rowsOf<Sorted>(dir, 'helpers__TestSortByEvictionPriority'))
    tally.equal(
      id,
      row.expected.map((each) => each.Signal),
      byUrgency(all(row.thresholds)).map(({ signal }) => signal),
    );
}

/** `{memory.available LessThan {1Gi 0} 0s <nil>}`: a threshold as a key of a recorded map. */
function thresholdIn(key: string): Threshold {
  const [, signal = '', quantity = '', grace = ''] =
    /^\{(\S+) LessThan \{(\S+) 0\} (\S+) <nil>\}$/.exec(key) ?? fail(key);
  return { signal: signal as Signal, graceMs: ms(grace), value: levelFrom({ Quantity: quantity }) };
}

async function times(dir: string, tally: Tally): Promise<void> {
  type Seen = Readonly<Record<string, string>>;
  const sightings = (seen: Seen) =>
    Object.entries(seen).map(([key, at]) => ({
      threshold: thresholdIn(key),
      sinceMs: Date.parse(at),
    }));
  interface First {
    readonly thresholds: WrittenThreshold[];
    readonly lastObservedAt: Seen;
    readonly now: string;
    readonly result: Seen;
  }
  for (const { id, case: row } of await rowsOf<First>(
    dir,
    'helpers__TestThresholdsFirstObservedAt',
  )) {
    const seen = firstSeen(all(row.thresholds), sightings(row.lastObservedAt), Date.parse(row.now));
    const shown = (list: typeof seen) =>
      list.map((each) => [normal([each.threshold]), each.sinceMs]);
    tally.equal(id, shown(sightings(row.result)), shown(seen));
  }
  type Grace = {
    readonly observedAt: Seen;
    readonly now: string;
    readonly result: WrittenThreshold[];
  };
  for (const { id, case: row } of await rowsOf<Grace>(
    dir,
    'helpers__TestThresholdsMetGracePeriod',
  )) {
    const met = pastGrace(sightings(row.observedAt), Date.parse(row.now));
    tally.equal(id, normal(all(row.result)), normal(met));
  }
}

async function conditions(dir: string, tally: Tally): Promise<void> {
  type Times = Readonly<Record<string, string>>;
  const parsed = (of: Times) =>
    Object.fromEntries(Object.entries(of).map(([name, at]) => [name, Date.parse(at)]));
  interface Last {
    readonly nodeConditions: Pressure[];
    readonly lastObservedAt: Times;
    readonly now: string;
    readonly result: Times;
  }
  for (const { id, case: row } of await rowsOf<Last>(
    dir,
    'helpers__TestNodeConditionsLastObservedAt',
  )) {
    const seen = lastSeen(row.nodeConditions, parsed(row.lastObservedAt), Date.parse(row.now));
    tally.equal(id, parsed(row.result), seen);
  }
  interface Since {
    readonly observedAt: Times;
    readonly now: string;
    readonly period: string;
    readonly result: string[];
  }
  for (const { id, case: row } of await rowsOf<Since>(
    dir,
    'helpers__TestNodeConditionsObservedSince',
  ))
    tally.equal(
      id,
      row.result,
      seenSince(parsed(row.observedAt), ms(row.period), Date.parse(row.now)),
    );
  // helpers__TestHasNodeConditions is of a search in a list, for which there is no function here.
}

async function notifying(dir: string, tally: Tally): Promise<void> {
  interface Described {
    readonly evictionThreshold: WrittenThreshold;
    readonly expectedSubstrings: string[];
    readonly omittedSubstrings: string[];
  }
  for (const { id, case: row } of await rowsOf<Described>(
    dir,
    'memory_threshold_notifier__TestThresholdDescription',
  )) {
    const name = notifierName(thresholdFrom(row.evictionThreshold));
    const has = (text: string): boolean => name.includes(text);
    tally.equal(id, true, row.expectedSubstrings.every(has) && !row.omittedSubstrings.some(has));
  }
  interface Update {
    readonly evictionThreshold: WrittenThreshold;
    readonly available: string;
    readonly usage: string;
    readonly workingSet: string;
    readonly expectedThreshold: string;
  }
  // Where the kernel refuses the new mark (`expectErr`) the mark is the same: there is no kernel here to refuse it.
  for (const { id, case: row } of await rowsOf<Update>(
    dir,
    'memory_threshold_notifier__TestUpdateThreshold',
  )) {
    const bytes = (text: string): number => Number(parseQuantity(text)!.nanos / 1_000_000_000n);
    const memory = {
      availableBytes: bytes(row.available),
      usageBytes: bytes(row.usage),
      workingSetBytes: bytes(row.workingSet),
    };
    const node = { nodeName: '', memory, systemContainers: [{ name: 'pods', memory }] };
    const mark = notifyAt(thresholdFrom(row.evictionThreshold), { node, pods: [] });
    tally.equal(id, row.expectedThreshold, mark && amountText('memory', mark));
  }
}
