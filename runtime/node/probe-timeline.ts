import type { Probe } from '../../generated/core/v1/types.ts';

/** From `fromMs` after the container's start on, the program answers this way. Sorted; the first entry begins at 0. */
export interface SignalPiece {
  readonly fromMs: number;
  readonly ok: boolean;
  /** What the failing answer says, as in the event `Readiness probe failed: …`. */
  readonly message?: string;
}
export type Signal = readonly SignalPiece[];

export const ALWAYS_OK: Signal = [{ fromMs: 0, ok: true }];

/** From `fromMs` after the container's start on, up to `untilMs`. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The same answers, but for some spans of time in which every one fails. */
export function failing(signal: Signal, spans: readonly Span[]): Signal {
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
        return { fromMs: atMs, ok: false };
      return { ...signal.findLast(({ fromMs }) => fromMs <= atMs)!, fromMs: atMs };
    });
}

/** A moment at which the outcome of one probe becomes `ok`, by its thresholds. */
export interface Flip {
  readonly atMs: number;
  readonly ok: boolean;
  readonly message?: string;
}

/** What a probe of one kind does over the life of a container, in ms since its start. */
export interface ProbeCourse {
  /** Moments at which the thresholds are met; consecutive ones alternate, the first may repeat the initial value. */
  readonly flips: readonly Flip[];
  /** First failed try of each spell of failure: when an `Unhealthy` event is due. */
  readonly failures: readonly { readonly atMs: number; readonly message: string }[];
}

interface Cadence {
  readonly firstMs: number;
  readonly periodMs: number;
  readonly successes: number;
  readonly failures: number;
}

/**
 * When a probe's outcome changes, computed from what the program answers instead of asking it every period. Probes run at
 * the initial delay after the start and every period from there; `notBeforeMs` is when the startup probe lets them begin.
 */
export function probeCourse(probe: Probe, signal: Signal, notBeforeMs = 0): ProbeCourse {
  const cadence = cadenceOf(probe, notBeforeMs);
  const flips: Flip[] = [];
  const failures: { atMs: number; message: string }[] = [];
  const spells = spellsOf(signal, cadence);
  for (const [index, piece] of spells.entries()) {
    const endMs = spells[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    const firstTryMs = tryAtOrAfter(cadence, piece.fromMs);
    const message = piece.message ?? DEFAULT_FAILURE;
    if (!piece.ok) failures.push({ atMs: firstTryMs, message });
    const needed = piece.ok ? cadence.successes : cadence.failures;
    const atMs = firstTryMs + (needed - 1) * cadence.periodMs;
    if (atMs < endMs && flips.at(-1)?.ok !== piece.ok)
      flips.push(piece.ok ? { atMs, ok: true } : { atMs, ok: false, message });
  }
  return { flips, failures };
}

const DEFAULT_FAILURE = 'HTTP probe failed with statuscode: 503';

function cadenceOf(probe: Probe, notBeforeMs: number): Cadence {
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  const delayMs = (probe.initialDelaySeconds ?? 0) * 1000;
  const late = Math.max(0, Math.ceil((notBeforeMs - delayMs) / periodMs));
  return {
    firstMs: delayMs + late * periodMs,
    periodMs,
    successes: probe.successThreshold ?? 1,
    failures: probe.failureThreshold ?? 3,
  };
}

function tryAtOrAfter({ firstMs, periodMs }: Cadence, atMs: number): number {
  return atMs <= firstMs ? firstMs : firstMs + Math.ceil((atMs - firstMs) / periodMs) * periodMs;
}

/** What the tries see: answers too short for any try are missed, and equal ones in a row are one spell. */
function spellsOf(signal: Signal, cadence: Cadence): SignalPiece[] {
  const spells: SignalPiece[] = [];
  for (const [index, piece] of signal.entries()) {
    const endMs = signal[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    const seen = tryAtOrAfter(cadence, piece.fromMs) < endMs;
    if (seen && spells.at(-1)?.ok !== piece.ok) spells.push(piece);
  }
  return spells;
}
