import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';
import { nameSuffix, uid } from './ids.ts';
import { Random } from './random.ts';
import { Ring } from './ring.ts';
import { SortedMap } from './sorted-map.ts';

describe('SortedMap', () => {
  it('behaves as a sorted Map, and a clone is not touched by later writes', () => {
    const operation = fc.record({
      key: fc.string({ maxLength: 3 }),
      value: fc.nat(9),
      remove: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(operation), fc.array(operation), (before, after) => {
        const map = new SortedMap<number>();
        const model = new Map<string, number>();
        const apply = (to: SortedMap<number>, list: typeof before): void => {
          for (const { key, value, remove } of list) remove ? to.delete(key) : to.set(key, value);
        };
        apply(map, before);
        for (const { key, value, remove } of before)
          remove ? model.delete(key) : model.set(key, value);
        const clone = map.clone();
        apply(map, after);
        const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...clone.entries()]).toEqual(expected);
        expect(clone.size).toBe(expected.length);
      }),
    );
  });

  it('finds what begins with a prefix, and nothing else', () => {
    const map = new SortedMap<string>();
    for (const key of ['a/1', 'a/2', 'a', 'a0', 'b/1']) map.set(key, key);
    expect(map.withPrefix('a/')).toEqual(['a/1', 'a/2']);
    expect(map.withPrefix('')).toEqual(['a', 'a/1', 'a/2', 'a0', 'b/1']);
  });
});

describe('Ring', () => {
  it('keeps the newest, under their own positions', () => {
    const ring = new Ring<string>(2);
    for (const entry of ['a', 'b', 'c']) ring.push(entry);
    expect([...ring]).toEqual(['b', 'c']);
    expect([ring.at(0), ring.at(1), ring.first, ring.end]).toEqual([undefined, 'b', 1, 3]);
  });
});

describe('Random', () => {
  it('repeats for a seed, differs between streams, and a clone goes on alike', () => {
    const draw = (random: Random): number[] => Array.from({ length: 4 }, () => random.uint32());
    expect(draw(Random.seeded(1))).toEqual(draw(Random.seeded(1)));
    expect(draw(Random.seeded(1))).not.toEqual(draw(Random.seeded(2)));
    const random = Random.seeded(1);
    expect(draw(random.stream('a'))).not.toEqual(draw(random.stream('b')));
    const clone = random.clone();
    expect(draw(clone)).toEqual(draw(random));
  });

  it('makes version 4 UUIDs and vowel-free suffixes', () => {
    const random = Random.seeded('ids');
    expect(uid(random)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(nameSuffix(random)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });
});

describe('parseDuration', () => {
  it.each([
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['250ms', 250],
    ['1d', 86_400_000],
    ['5', undefined],
    ['', undefined],
    ['1m1', undefined],
  ])('%s is %s ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
});
