import type { Probe } from '../../generated/core/v1/types.ts';
import type { Spell } from './spell.ts';

/**
 * What one try of a probe finds. `warning` counts as success and is reported; `unknown` is reported and counts for nothing: the
 * try could not be made.
 */
export type ProbeResult = 'success' | 'warning' | 'failure' | 'unknown';

/** From `fromMs` after the container's start on, tries find this. Sorted; the first entry begins at 0. */
export interface SignalPiece {
  readonly fromMs: number;
  readonly result: ProbeResult;
  /** What the kubelet reports of a try that is no plain success. */
  readonly message?: string;
  /** From the try to its result; the kubelet tries again no earlier. None if left out. */
  readonly takesMs?: number;
}
export type Signal = readonly SignalPiece[];

export const ALWAYS_OK: Signal = [{ fromMs: 0, result: 'success' }];

/** From `fromMs` after the container's start on, up to `untilMs`. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The same answers, but for some spans of time in which every one is `piece`. */
export function overlaid(
  signal: Signal,
  spans: readonly Span[],
  piece: Omit<SignalPiece, 'fromMs'>,
): Signal {
  if (spans.length === 0) return signal;
  const edges = new Set(signal.map(({ fromMs }) => fromMs));
  for (const { fromMs, untilMs } of spans) {
    edges.add(fromMs);
    if (untilMs !== Number.POSITIVE_INFINITY) edges.add(untilMs);
  }
  return [...edges]
    .sort((a, b) => a - b)
    .map((atMs): SignalPiece => {
      if (spans.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs))
        return { ...piece, fromMs: atMs };
      return { ...signal.findLast(({ fromMs }) => fromMs <= atMs)!, fromMs: atMs };
    });
}

/** A moment at which the outcome of one probe becomes `ok`, by its thresholds. */
export interface Flip {
  readonly atMs: number;
  readonly ok: boolean;
}

/** What the kubelet says of a probe, at each try of a spell of answers of one sort. */
export interface Report {
  readonly spell: Spell;
  readonly result: Exclude<ProbeResult, 'success'>;
  readonly message: string;
}

/** What a probe of one kind does over the life of a container, in ms since its start. */
export interface ProbeCourse {
  /** Moments at which the thresholds are met; consecutive ones alternate, the first may repeat the initial value. */
  readonly flips: readonly Flip[];
  readonly reports: readonly Report[];
}

/** When a probe begins, beside its own initial delay. */
export interface Begin {
  /** Not before this. */
  readonly notBeforeMs: number;
  /** Whether it is tried at that moment, or with its next turn. */
  readonly atOnce: boolean;
}

const FROM_START: Begin = { notBeforeMs: 0, atOnce: false };

/**
 * When a probe's outcome changes, computed from what tries find instead of making one every period. Probes have their turn at
 * the initial delay after the start and every period from there. Costs the number of pieces, however many tries they hold.
 */
export function probeCourse(probe: Probe, signal: Signal, begin: Begin = FROM_START): ProbeCourse {
  const turns = turnsOf(probe);
  const flips: Flip[] = [];
  const reports: Report[] = [];
  let tryMs = firstTry(turns, begin);
  let streak: { readonly ok: boolean; readonly count: number } | undefined;
  for (const [index, piece] of signal.entries()) {
    const endMs = signal[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    if (tryMs >= endMs) continue;
    const { result, takesMs = 0 } = piece;
    const nth = (n: number): number => tryAfter(turns, tryMs, takesMs, n);
    const tries = countUntil(nth, endMs, turns.periodMs);
    if (result !== 'success') {
      const spell: Spell = {
        firstMs: tryMs + takesMs,
        secondMs: nth(1) + takesMs,
        everyMs: Math.max(turns.periodMs, takesMs),
        lastMs: tries === Number.POSITIVE_INFINITY ? tries : nth(tries - 1) + takesMs,
      };
      reports.push({ spell, result, message: piece.message ?? '' });
    }
    if (result !== 'unknown') {
      const ok = result !== 'failure';
      const count = streak?.ok === ok ? streak.count : 0;
      const missing = (ok ? turns.successes : turns.failures) - count;
      if (missing > 0 && missing <= tries && flips.at(-1)?.ok !== ok)
        flips.push({ atMs: nth(missing - 1) + takesMs, ok });
      streak = { ok, count: count + tries };
    }
    if (endMs === Number.POSITIVE_INFINITY) break;
    tryMs = nth(tries);
  }
  return { flips, reports };
}

interface Turns {
  readonly delayMs: number;
  readonly periodMs: number;
  readonly successes: number;
  readonly failures: number;
}

function turnsOf(probe: Probe): Turns {
  return {
    delayMs: (probe.initialDelaySeconds ?? 0) * 1000,
    periodMs: (probe.periodSeconds ?? 10) * 1000,
    successes: probe.successThreshold ?? 1,
    failures: probe.failureThreshold ?? 3,
  };
}

function firstTry({ delayMs, periodMs }: Turns, { notBeforeMs, atOnce }: Begin): number {
  if (notBeforeMs <= delayMs) return delayMs;
  if (atOnce) return notBeforeMs;
  return delayMs + Math.ceil((notBeforeMs - delayMs) / periodMs) * periodMs;
}

/**
 * The nth try after the one at `tryMs`, when each takes `takesMs`. A try that takes longer than the period misses turns: the
 * next is made as soon as it is over.
 */
function tryAfter(turns: Turns, tryMs: number, takesMs: number, n: number): number {
  const { delayMs, periodMs } = turns;
  if (n === 0) return tryMs;
  if (takesMs > periodMs) return tryMs + n * takesMs;
  const turnMs = delayMs + (Math.floor((tryMs - delayMs) / periodMs) + 1) * periodMs;
  return n === 1 ? Math.max(turnMs, tryMs + takesMs) : turnMs + (n - 1) * periodMs;
}

/** How many tries begin before `endMs`; the first is known to. Their distance is `periodMs` or more. */
function countUntil(nth: (n: number) => number, endMs: number, periodMs: number): number {
  if (endMs === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  let low = 1;
  let high = Math.ceil((endMs - nth(0)) / periodMs) + 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nth(middle) < endMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
