import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Probe } from '../../generated/core/v1/types.ts';
import { type Flip, type ProbeResult, probeCourse, type Signal } from './probe-timeline.ts';

const every10 = (firstMs: number, lastMs: number) => ({
  ...{ firstMs, secondMs: firstMs + 10_000, everyMs: 10_000, lastMs },
});

describe('probeCourse', () => {
  it('meets thresholds at the tries that a kubelet would make', () => {
    const probe = { initialDelaySeconds: 5, periodSeconds: 10, failureThreshold: 3 };
    const signal: Signal = [
      { fromMs: 0, result: 'failure', message: 'closed' },
      { fromMs: 12_000, result: 'success' },
      { fromMs: 60_000, result: 'failure', message: 'down' },
    ];
    const { flips, reports } = probeCourse(probe, signal);
    expect({ flips, reports }).toEqual({
      flips: [
        { atMs: 15_000, ok: true },
        { atMs: 85_000, ok: false },
      ],
      reports: [
        { spell: every10(5_000, 5_000), result: 'failure', message: 'closed' },
        {
          spell: every10(65_000, Number.POSITIVE_INFINITY),
          result: 'failure',
          message: 'down',
        },
      ],
    });
  });

  it('tells of each sort of answer, and how long it goes on', () => {
    const signal: Signal = [
      { fromMs: 0, result: 'failure', message: 'closed' },
      { fromMs: 25_000, result: 'failure', message: 'late' },
      { fromMs: 45_000, result: 'unknown', message: 'odd' },
      { fromMs: 65_000, result: 'warning', message: 'moved' },
      { fromMs: 85_000, result: 'success' },
      { fromMs: 90_000, result: 'success' },
    ];
    const { flips, reports } = probeCourse({ periodSeconds: 10, failureThreshold: 5 }, signal);
    expect(reports.map(({ spell, result }) => [spell.firstMs, spell.lastMs, result])).toEqual([
      [0, 20_000, 'failure'],
      [30_000, 40_000, 'failure'],
      [50_000, 60_000, 'unknown'],
      [70_000, 80_000, 'warning'],
    ]);
    expect(flips).toEqual([
      { atMs: 40_000, ok: false },
      { atMs: 70_000, ok: true },
    ]);
  });

  it('has the result when the answer comes, and misses turns meanwhile', () => {
    const slow: Signal = [
      { fromMs: 0, result: 'failure', takesMs: 4_000 },
      { fromMs: 9_000, result: 'success' },
    ];
    const probe = { periodSeconds: 3, failureThreshold: 2, successThreshold: 2 };
    expect(probeCourse(probe, slow).flips).toEqual([
      { atMs: 8_000, ok: false },
      { atMs: 15_000, ok: true },
    ]);
  });

  it('agrees with asking at every period', () => {
    const kind = fc.constantFrom<ProbeResult>('success', 'warning', 'failure', 'unknown');
    const piece = fc.record({
      seconds: fc.integer({ min: 1, max: 60 }),
      result: kind,
      takesMs: fc.constantFrom(0, 500, 1_000),
    });
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 2, maxLength: 7 }),
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        (pieces, initialDelaySeconds, periodSeconds, successThreshold, failureThreshold) => {
          const signal = signalOf(pieces);
          const timing = { initialDelaySeconds, periodSeconds };
          const probe = { ...timing, successThreshold, failureThreshold };
          expect(probeCourse(probe, signal).flips).toEqual(simulate(probe, signal, 500_000));
        },
      ),
    );
  });
});

function signalOf(
  pieces: readonly { seconds: number; result: ProbeResult; takesMs: number }[],
): Signal {
  let fromMs = 0;
  return pieces.map(({ seconds, result, takesMs }) => {
    const piece = { fromMs, result, takesMs };
    fromMs += seconds * 1000;
    return piece;
  });
}

/** The slow way: one try a period, counting streaks. No try takes longer than the period. */
function simulate(probe: Required<Timing>, signal: Signal, untilMs: number): Flip[] {
  const flips: Flip[] = [];
  let streak = 0;
  let previous: boolean | undefined;
  const firstMs = probe.initialDelaySeconds * 1000;
  for (let tryMs = firstMs; tryMs < untilMs; tryMs += probe.periodSeconds * 1000) {
    const { result, takesMs = 0 } = signal.findLast(({ fromMs }) => fromMs <= tryMs)!;
    if (result === 'unknown') continue;
    const ok = result !== 'failure';
    streak = ok === previous ? streak + 1 : 1;
    previous = ok;
    const met = streak >= (ok ? probe.successThreshold : probe.failureThreshold);
    if (met && flips.at(-1)?.ok !== ok) flips.push({ atMs: tryMs + takesMs, ok });
  }
  return flips;
}

type Timing = Pick<
  Probe,
  'initialDelaySeconds' | 'periodSeconds' | 'successThreshold' | 'failureThreshold'
>;
