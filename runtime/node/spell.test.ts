import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipped, nextOf, restOf, type Spell, spellFrom, telling, timesUntil } from './spell.ts';

const spell: Spell = { firstMs: 5, secondMs: 12, everyMs: 10, lastMs: 42 };

describe('a spell', () => {
  it('knows its times', () => {
    expect([4, 5, 11, 12, 21, 22, 42, 99].map((at) => timesUntil(spell, at))).toEqual([
      0, 1, 1, 2, 2, 3, 5, 5,
    ]);
    expect([0, 5, 6, 13, 42, 43].map((at) => nextOf(spell, at))).toEqual([
      5,
      5,
      12,
      22,
      42,
      Number.POSITIVE_INFINITY,
    ]);
    expect(spellFrom(0, 10, 40).lastMs).toBe(30);
    expect(spellFrom(0, 10, 41).lastMs).toBe(40);
    expect(spellFrom(7, 10, 7).lastMs).toBe(7);
  });

  it('is told as soon as that is let through, and with its last time', () => {
    expect(telling(spell, 5, 5)).toMatchObject({ told: 1, tellMs: 12 });
    expect(telling(spell, 12, 23)).toMatchObject({ told: 2, tellMs: 32 });
    expect(telling(spell, 12, 300)).toMatchObject({ told: 2, tellMs: 42 });
    expect(telling(spell, 42, 42)).toBeUndefined();
  });

  it('has the same times when it is cut in two', () => {
    const whole = fc.record({
      firstMs: fc.nat(50),
      gap: fc.integer({ min: 1, max: 20 }),
      everyMs: fc.integer({ min: 1, max: 20 }),
      more: fc.nat(8),
    });
    fc.assert(
      fc.property(whole, fc.nat(200), ({ firstMs, gap, everyMs, more }, cutMs) => {
        const secondMs = firstMs + gap;
        const lastMs = more === 0 ? firstMs : secondMs + (more - 1) * everyMs;
        const all = { firstMs, secondMs, everyMs, lastMs };
        const times = (each: Spell | undefined): number[] => {
          const found: number[] = [];
          let at = each ? nextOf(each, 0) : Number.POSITIVE_INFINITY;
          while (at < Number.POSITIVE_INFINITY) {
            found.push(at);
            at = nextOf(each!, at + 1);
          }
          return found;
        };
        expect(times(all)).toHaveLength(timesUntil(all, Number.POSITIVE_INFINITY));
        const head = cutMs < firstMs ? undefined : clipped(all, cutMs);
        expect([...times(head), ...times(restOf(all, cutMs))]).toEqual(times(all));
      }),
    );
  });
});
