import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedMap } from './keyed-map.ts';

type Command = { readonly do: 'set' | 'delete' | 'list' | 'fork'; readonly key: string };

const command = fc.record<Command>({
  do: fc.constantFrom('set', 'set', 'delete', 'list', 'fork'),
  key: fc.constantFrom('a', 'b', 'ba', 'c/1', 'c/2', 'd', ''),
});

function contents(map: KeyedMap<number>): [string, number][] {
  return [...map.entries()];
}

function expected(model: ReadonlyMap<string, number>): [string, number][] {
  return [...model].sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('KeyedMap', () => {
  it('is a sorted map, and what a fork does is no business of the original', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        let map = new KeyedMap<number>();
        let model = new Map<string, number>();
        const others: { map: KeyedMap<number>; model: Map<string, number> }[] = [];
        for (const [at, { do: what, key }] of commands.entries()) {
          if (what === 'set') {
            map.set(key, at);
            model.set(key, at);
          } else if (what === 'delete') expect(map.delete(key)).toBe(model.delete(key));
          else if (what === 'list') expect(contents(map)).toEqual(expected(model));
          else {
            others.push({ map, model });
            map = map.clone();
            model = new Map(model);
          }
          expect([map.size, map.get(key), map.has(key)]).toEqual([
            model.size,
            model.get(key),
            model.has(key),
          ]);
        }
        others.push({ map, model });
        for (const each of others) expect(contents(each.map)).toEqual(expected(each.model));
      }),
    );
  });

  it('does not keep what came and went, however seldom it is listed', () => {
    const map = new KeyedMap<number>();
    for (let at = 0; at < 20_000; at++) {
      map.set(`key-${at}`, at);
      map.delete(`key-${at}`);
    }
    expect([map.size, map.firstKey()]).toEqual([0, undefined]);
  });

  it('finds by prefix and by range, in order', () => {
    const map = new KeyedMap<string>();
    for (const key of ['b/2', 'a/1', 'b/1', 'c']) map.set(key, key);
    expect(map.withPrefix('b/')).toEqual(['b/1', 'b/2']);
    const seen: string[] = [];
    map.scan('a/1', 'c', (key) => seen.push(key) < 2);
    expect(seen).toEqual(['a/1', 'b/1']);
  });
});
