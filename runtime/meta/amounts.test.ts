import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity, scaledValue } from '../../generator/model/quantity.ts';
import { baseUnits, milliUnits, wholeUnits } from './amounts.ts';

const suffix = fc.constantFrom(
  'n',
  'u',
  'm',
  '',
  'k',
  'M',
  'G',
  'Ki',
  'Mi',
  'Gi',
  'e3',
  'E-3',
  'e0',
);
describe('amounts', () => {
  it('are rounded up to base units', () => {
    expect([milliUnits('0.1'), milliUnits('100m'), milliUnits('1n'), milliUnits(2)]).toEqual([
      100, 100, 1, 2000,
    ]);
    expect([wholeUnits('64Mi'), wholeUnits('1.5Gi'), wholeUnits('1500m')]).toEqual([
      67108864, 1610612736, 2,
    ]);
    expect([
      baseUnits('cpu', '2'),
      baseUnits('memory', '2k'),
      baseUnits('pods', undefined),
    ]).toEqual([2000, 2000, 0]);
    expect(wholeUnits('much')).toBe(0);
  });

  it('read short texts fast, and alike', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), suffix, (digits, unit) => {
        const text = `${digits}${unit}`;
        const exact = parseQuantity(text)!;
        expect(wholeUnits(text)).toBe(Number(scaledValue(exact, 0)));
        expect(milliUnits(text)).toBe(Number(scaledValue(exact, -3)));
      }),
    );
  });
});
