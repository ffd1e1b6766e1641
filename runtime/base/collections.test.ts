import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';
import { nameSuffix, uid } from './ids.ts';
import { KeyedMap } from './keyed-map.ts';
import { Random } from './random.ts';
import { Ring } from './ring.ts';
import { SortedMap } from './sorted-map.ts';

const MAPS = {
  SortedMap: () => new SortedMap<number>(),
  KeyedMap: () => new KeyedMap<number>(),
};

describe.each(Object.entries(MAPS))('%s', (_, empty) => {
  it('behaves as a sorted Map; a clone and its original are not touched by each other', () => {
    type Any = ReturnType<typeof empty>;
    const operations = fc.array(
      fc.record({ key: fc.string({ maxLength: 4 }), value: fc.nat(9), remove: fc.boolean() }),
    );
    type Operations = { key: string; value: number; remove: boolean }[];
    const play = (list: Operations, map: Any, model: Map<string, number>): void => {
      for (const { key, value, remove } of list) {
        if (remove) expect(map.delete(key)).toBe(model.delete(key));
        else {
          map.set(key, value);
          model.set(key, value);
        }
      }
    };
    const compare = (map: Any, model: Map<string, number>): void => {
      const found: [string, number][] = [];
      map.scan(undefined, undefined, (key, value) => {
        found.push([key, value]);
        return true;
      });
      const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(found).toEqual(expected);
      expect([map.size, map.firstKey()]).toEqual([model.size, expected[0]?.[0]]);
      for (const [key, value] of model) expect(map.get(key)).toBe(value);
    };
    fc.assert(
      fc.property(operations, operations, operations, (before, here, there) => {
        const [map, model] = [empty(), new Map<string, number>()];
        play(before, map, model);
        const [clone, copy] = [map.clone() as Any, new Map(model)];
        play(here, map, model);
        play(there, clone, copy);
        compare(map, model);
        compare(clone, copy);
      }),
    );
  });
});

describe('SortedMap', () => {
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
