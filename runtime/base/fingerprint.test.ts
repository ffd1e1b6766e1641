import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fingerprint } from './fingerprint.ts';

const of = (parts: readonly (string | number)[]): string => {
  const print = new Fingerprint();
  for (const part of parts)
    if (typeof part === 'string') print.text(part);
    else print.number(part);
  return print.digest();
};

const parts = fc.array(fc.oneof(fc.string(), fc.integer(), fc.maxSafeInteger()));

describe('Fingerprint', () => {
  it('is the same for the same, and another for another', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(of(a) === of(b)).toBe(same);
      }),
    );
  });

  it('tells order, borders and high bits apart', () => {
    const all = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['c', 'ab'],
      ['abc'],
      [1, 2],
      [2, 1],
      [2 ** 40],
      [0],
      [],
    ];
    expect(new Set(all.map(of)).size).toBe(all.length);
    expect(of([])).toMatch(/^[0-9a-f]{32}$/);
  });

  it('has every bit depend on every input', () => {
    const counts = new Array<number>(128).fill(0);
    for (let at = 0; at < 2000; at++)
      for (const [digit, hex] of [...of([at, 7])].entries())
        for (let bit = 0; bit < 4; bit++)
          counts[digit * 4 + bit]! += (Number.parseInt(hex, 16) >> bit) & 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });

  it('goes on from a copy', () => {
    const first = new Fingerprint().text('a');
    const copy = first.clone().text('b');
    expect([first.digest(), copy.digest()]).toEqual([of(['a']), of(['a', 'b'])]);
  });
});
