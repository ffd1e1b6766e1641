import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  roundUpQuantity,
  scaledValue,
  subtractQuantities,
} from './quantity.ts';

const text = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.oneof(
      fc.nat({ max: 10_000_000 }).map(String),
      fc
        .tuple(fc.nat({ max: 9999 }), fc.stringMatching(/^\d{1,6}$/))
        .map((parts) => parts.join('.')),
      fc.stringMatching(/^\.\d{1,4}$/),
    ),
    fc.constantFrom(
      '',
      'n',
      'u',
      'm',
      'k',
      'M',
      'G',
      'T',
      'Ki',
      'Mi',
      'Gi',
      'Ti',
      'e3',
      'E-3',
      'e1',
    ),
  )
  .map((parts) => parts.join(''));

describe('quantities', () => {
  it('are written in their family, with the largest suffix that leaves no fraction', () => {
    const canonical = (from: string): string => formatQuantity(parseQuantity(from)!);
    expect(
      [
        '0.5',
        '1.5Gi',
        '1024Ki',
        '1000M',
        '0.001e0',
        '12e-1',
        '1.1Ki',
        '0Ki',
        '-2.5',
        '1000000',
      ].map(canonical),
    ).toEqual(['500m', '1536Mi', '1Mi', '1G', '1e-3', '1200e-3', '1126400m', '0', '-2500m', '1M']);
  });

  it('that are none are not read', () => {
    for (const each of ['', '.', '-', '1 Gi', '12Q', '1e', 'Mi', '0x10', '1e999', '१'])
      expect(parseQuantity(each)).toBeUndefined();
  });

  it('are stored as they were written where nothing can be shortened', () => {
    const kept = ['1', '+1', '1e3', '100m', '64Mi', '1.500', '1E', '007'];
    expect(kept.map((each) => canonicalQuantity(each))).toEqual(kept);
    expect(['1.0', '1000', '0.1', '1000Ki', '00.7'].map((each) => canonicalQuantity(each))).toEqual(
      ['1', '1k', '100m', '1000Ki', '700m'],
    );
    expect(canonicalQuantity('1.0001', -3)).toBe('1001m');
    expect(canonicalQuantity('12Q')).toBeUndefined();
  });

  it('keep their amount, and their text once it is canonical', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(undefined, -3), (from, least) => {
        const once = canonicalQuantity(from, least)!;
        expect(canonicalQuantity(once, least)).toBe(once);
        const given = parseQuantity(from)!;
        const expected = least === undefined ? given : roundUpQuantity(given, least).quantity;
        expect(parseQuantity(once)!.nanos).toBe(expected.nanos);
        const formatted = formatQuantity(given);
        expect(formatQuantity(parseQuantity(formatted)!)).toBe(formatted);
      }),
      { numRuns: 1000 },
    );
  });

  it('add, subtract and compare exactly', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [left, right] = [parseQuantity(a)!, parseQuantity(b)!];
        const sum = addQuantities(left, right);
        expect(subtractQuantities(sum, right).nanos).toBe(left.nanos);
        expect(compareQuantities(sum, left)).toBe(compareQuantities(right, parseQuantity('0')!));
        const whole = scaledValue(sum, 0) * 10n ** 9n;
        expect(sum.nanos < 0n ? whole <= sum.nanos : whole >= sum.nanos).toBe(true);
      }),
    );
  });
});
