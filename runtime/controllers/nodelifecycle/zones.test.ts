import { describe, expect, it } from 'vitest';
import { nodeOf, settings } from './nodes.fakes.ts';
import { assessZones, newZone, spend, type Zone, zoneKey, zoneState } from './zones.ts';

const limits = settings();
const NOW = 1_000_000;

function zone(ready: number, unready: number, more: Partial<Zone> = {}): Zone {
  return { ...newZone(limits), state: 'Normal', ready, unready, ...more };
}

function assess(zones: Readonly<Record<string, Zone>>, own = limits) {
  const { change, zones: changed } = assessZones(Object.entries(zones), own, NOW);
  const found = [...changed].map(([key, { state, rate }]) => [key, state, rate]);
  return { change, found };
}

describe('zoneState', () => {
  it.each([
    [10, 0, 'Normal'],
    [1, 2, 'Normal'],
    [3, 3, 'Normal'],
    [9, 11, 'PartialDisruption'],
    [10, 11, 'Normal'],
    [1, 3, 'PartialDisruption'],
    [0, 1, 'FullDisruption'],
    [0, 0, 'Normal'],
  ])('%i ready, %i not', (ready, unready, state) => {
    expect(zoneState({ ready, unready }, 0.55)).toBe(state);
  });
});

describe('assessZones', () => {
  it('stops a small zone in partial disruption, and slows a large one down', () => {
    expect(assess({ a: zone(1, 3), b: zone(10, 41) })).toEqual({
      change: 'none',
      found: [
        ['a', 'PartialDisruption', 0],
        ['b', 'PartialDisruption', 0.01],
      ],
    });
  });

  it('evicts at the normal rate in one zone that is down altogether', () => {
    const { change, found } = assess({ a: zone(0, 3), b: zone(3, 0) });
    expect({ change, found }).toEqual({ change: 'none', found: [['a', 'FullDisruption', 0.1]] });
  });

  it('stops everything when all zones are down', () => {
    expect(assess({ a: zone(0, 3), b: zone(0, 1, { state: 'FullDisruption' }) })).toEqual({
      change: 'stopped',
      found: [
        ['a', 'FullDisruption', 0],
        ['b', 'FullDisruption', 0],
      ],
    });
  });

  it('resumes when one of them is back', () => {
    const down = { state: 'FullDisruption', rate: 0 } as const;
    expect(assess({ a: zone(1, 2, down), b: zone(0, 1, down) })).toEqual({
      change: 'resumed',
      found: [
        ['a', 'Normal', 0.1],
        ['b', 'FullDisruption', 0.1],
      ],
    });
  });

  it('says nothing when nothing changes, or there is no zone', () => {
    const down = zone(0, 1, { state: 'FullDisruption', rate: 0 });
    expect(assess({ a: zone(3, 0) })).toEqual({ change: 'none', found: [] });
    expect(assess({ a: down })).toEqual({ change: 'none', found: [] });
    expect(assess({})).toEqual({ change: 'none', found: [] });
  });
});

describe('the rate of a zone', () => {
  it('lets the first node go at once and the next after the time of one', () => {
    const first = zone(3, 1);
    expect(first.freeAtMs).toBeLessThanOrEqual(NOW);
    expect(spend(first, NOW).freeAtMs).toBe(NOW + 10_000);
  });

  it('makes a zone that waits wait at the new rate, and no other', () => {
    const next = (before: Zone): number | undefined =>
      assessZones([['a', before]], limits, NOW).zones.get('a')?.freeAtMs;
    const slow = { state: 'PartialDisruption', rate: 0.01 } as const;
    expect(next(zone(3, 0, { ...slow, freeAtMs: NOW + 90_000 }))).toBe(NOW + 10_000);
    expect(next(zone(3, 0, { ...slow, freeAtMs: 0 }))).toBe(0);
    expect(next(zone(3, 0, { state: 'FullDisruption', rate: 0 }))).toBe(NOW + 10_000);
  });
});

it('names zones by region and zone, of either generation of labels', () => {
  const keyOf = (labels: Record<string, string>): string => zoneKey(nodeOf({ labels }));
  expect(keyOf({})).toBe('');
  expect(keyOf({ 'topology.kubernetes.io/region': 'r', 'topology.kubernetes.io/zone': 'a' })).toBe(
    'r:a',
  );
  expect(keyOf({ 'failure-domain.beta.kubernetes.io/zone': 'a' })).toBe(':a');
});
