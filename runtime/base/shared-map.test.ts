import { describe, expect, it } from 'vitest';
import { SharedMap } from './shared-map.ts';

describe('SharedMap', () => {
  it('forgets what was not written for long, and never holds more than its capacity', () => {
    const map = new SharedMap<number>(8);
    for (let at = 0; at < 12; at++) {
      map.set(`key-${at}`, at);
      map.set('kept', at);
    }
    const held = Array.from({ length: 12 }, (_, at) => map.get(`key-${at}`)).filter(
      (each) => each !== undefined,
    );
    expect(held.length).toBeLessThan(8);
    expect([map.get('key-0'), map.get('key-11'), map.get('kept')]).toEqual([undefined, 11, 11]);
  });

  it('copies when either side writes', () => {
    const map = new SharedMap<number>(8);
    map.set('a', 1);
    const copy = map.clone();
    map.set('a', 2);
    copy.set('b', 3);
    expect([map.get('a'), map.get('b'), copy.get('a'), copy.get('b')]).toEqual([
      2,
      undefined,
      1,
      3,
    ]);
  });
});
