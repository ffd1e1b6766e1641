import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEqual } from './index.ts';

const json = fc.jsonValue({ maxDepth: 4 });
const asText = (value: unknown): string =>
  JSON.stringify(value, (_, each) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

describe('jsonEqual', () => {
  it('is reflexive, through copies and in any order of keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(jsonEqual(value, structuredClone(value))).toBe(true);
        expect(jsonEqual(JSON.parse(asText(value)), value)).toBe(true);
      }),
    );
  });

  it('is symmetric, and agrees with the sorted text', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(jsonEqual(a, b)).toBe(jsonEqual(b, a));
        expect(jsonEqual(a, b)).toBe(asText(a) === asText(b));
      }),
    );
  });

  it('tells values apart that differ in one place', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { minKeys: 1 }), json, (object, value) => {
        const key = Object.keys(object)[0]!;
        const changed = { ...object, [key]: [value, object[key]] };
        expect(jsonEqual(object, changed)).toBe(false);
        expect(jsonEqual([object], [changed])).toBe(false);
      }),
    );
  });

  it.each([
    [{ a: undefined }, {}, true],
    [{}, { a: null }, false],
    [[], {}, false],
    [null, {}, false],
    [0, '0', false],
    [[1, 2], [2, 1], false],
    [{ toString: 'a' }, {}, false],
    [{}, { constructor: 'a' }, false],
  ])('%j and %j: %s', (a, b, equal) => {
    expect(jsonEqual(a, b)).toBe(equal);
    expect(jsonEqual(b, a)).toBe(equal);
  });
});
