import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probeCourse, type Signal } from './probe-timeline.ts';

describe('probeCourse', () => {
  it('meets thresholds at the tries that a kubelet would make', () => {
    const probe = { initialDelaySeconds: 5, periodSeconds: 10, failureThreshold: 3 };
    const signal: Signal = [
      { fromMs: 0, ok: false },
      { fromMs: 12_000, ok: true },
      { fromMs: 60_000, ok: false, message: 'down' },
    ];
    expect(probeCourse(probe, signal)).toEqual({
      flips: [
        { atMs: 15_000, ok: true },
        { atMs: 85_000, ok: false, message: 'down' },
      ],
      failures: [
        { atMs: 5_000, message: 'HTTP probe failed with statuscode: 503' },
        { atMs: 65_000, message: 'down' },
      ],
    });
  });

  it('agrees with asking at every period', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        pieces,
        fc.boolean(),
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        (lengths, firstOk, initialDelaySeconds, periodSeconds, successes, failures) => {
          const signal = signalOfLengths(lengths, firstOk);
          const probe = {
            initialDelaySeconds,
            periodSeconds,
            successThreshold: successes,
            failureThreshold: failures,
          };
          const { flips } = probeCourse(probe, signal);
          const atMs = (tryMs: number): boolean | undefined =>
            flips.findLast((flip) => flip.atMs <= tryMs)?.ok;
          for (const { tryMs, outcome } of simulate(probe, signal, 400_000))
            expect(atMs(tryMs)).toBe(outcome);
        },
      ),
    );
  });
});

function signalOfLengths(lengths: readonly number[], firstOk: boolean): Signal {
  let fromMs = 0;
  let ok = firstOk;
  const signal = [{ fromMs, ok }];
  for (const seconds of lengths) {
    fromMs += seconds * 1000;
    ok = !ok;
    signal.push({ fromMs, ok });
  }
  return signal;
}

/** The slow way: one try a period, counting streaks. */
function simulate(
  probe: {
    initialDelaySeconds: number;
    periodSeconds: number;
    successThreshold: number;
    failureThreshold: number;
  },
  signal: Signal,
  untilMs: number,
): { tryMs: number; outcome: boolean | undefined }[] {
  const seen: { tryMs: number; outcome: boolean | undefined }[] = [];
  let outcome: boolean | undefined;
  let streak = 0;
  let previous: boolean | undefined;
  for (
    let tryMs = probe.initialDelaySeconds * 1000;
    tryMs < untilMs;
    tryMs += probe.periodSeconds * 1000
  ) {
    const ok = signal.findLast(({ fromMs }) => fromMs <= tryMs)!.ok;
    streak = ok === previous ? streak + 1 : 1;
    previous = ok;
    if (streak >= (ok ? probe.successThreshold : probe.failureThreshold)) outcome = ok;
    seen.push({ tryMs, outcome });
  }
  return seen;
}
