import { describe, expect, it } from 'vitest';
import type { Taint, Toleration } from '../../../generated/core/v1/types.ts';
import { decideEviction, toleratedSeconds } from './decide.ts';

const taint = (key: string, value?: string): Taint => ({
  key,
  effect: 'NoExecute',
  ...(value === undefined ? {} : { value }),
});
const exists = (key: string, tolerationSeconds?: number): Toleration => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});

describe('toleratedSeconds', () => {
  it.each<[string, Taint[], Toleration[], number]>([
    ['no taint', [], [], Number.POSITIVE_INFINITY],
    ['a taint that nothing tolerates', [taint('a')], [exists('b')], 0],
    ['a taint tolerated for ever', [taint('a')], [exists('a')], Number.POSITIVE_INFINITY],
    ['a taint tolerated for no time', [taint('a')], [exists('a', 0)], 0],
    ['a negative time', [taint('a')], [exists('a', -5)], 0],
    ['several taints: the shortest', [taint('a'), taint('b')], [exists('a', 9), exists('b', 3)], 3],
    ['one of two not tolerated', [taint('a'), taint('b')], [exists('a')], 0],
    ['several tolerations: the first', [taint('a')], [exists('a', 9), exists('a', 3)], 9],
    ['everything', [taint('a', 'x')], [{ operator: 'Exists' }], Number.POSITIVE_INFINITY],
    ['an equal value', [taint('a', 'x')], [{ key: 'a', value: 'x', tolerationSeconds: 7 }], 7],
    ['another value', [taint('a', 'x')], [{ key: 'a', value: 'y' }], 0],
    ['another effect', [taint('a')], [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }], 0],
    ['no key and no operator', [taint('a')], [{ effect: 'NoExecute' }], 0],
  ])('of %s', (_, taints, tolerations, seconds) => {
    expect(toleratedSeconds(taints, tolerations)).toBe(seconds);
  });
});

describe('decideEviction', () => {
  const taints = [taint('a')];

  it('waits from when the taint is seen', () => {
    expect(decideEviction(taints, [exists('a', 5)], undefined, 1000)).toEqual({
      kind: 'wait',
      scheduled: { startMs: 1000, atMs: 6000 },
      restarted: false,
    });
  });

  it('lets an eviction that is under way run on', () => {
    const scheduled = { startMs: 1000, atMs: 6000 };
    expect(decideEviction(taints, [exists('a', 100)], scheduled, 2000)).toMatchObject({
      scheduled,
    });
    expect(decideEviction(taints, [exists('a', 1)], scheduled, 2000)).toMatchObject({ scheduled });
  });

  it('begins anew within the same moment', () => {
    const scheduled = { startMs: 1000, atMs: 6000 };
    expect(decideEviction(taints, [exists('a', 2)], scheduled, 1000)).toEqual({
      kind: 'wait',
      scheduled: { startMs: 1000, atMs: 3000 },
      restarted: true,
    });
  });

  it('evicts when the time is over, or was never granted', () => {
    const scheduled = { startMs: 1000, atMs: 6000 };
    expect(decideEviction(taints, [exists('a', 5)], scheduled, 6000)).toEqual({ kind: 'evict' });
    expect(decideEviction(taints, [], scheduled, 2000)).toEqual({ kind: 'evict' });
  });

  it('calls off what is no longer needed', () => {
    const scheduled = { startMs: 1000, atMs: 6000 };
    expect(decideEviction([], [], scheduled, 2000)).toEqual({ kind: 'cancel' });
    expect(decideEviction(taints, [exists('a')], scheduled, 2000)).toEqual({ kind: 'cancel' });
    expect(decideEviction([], [], undefined, 2000)).toEqual({ kind: 'none' });
  });
});
