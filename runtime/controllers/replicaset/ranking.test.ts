import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podsToRemove } from './ranking.ts';
import { NOW, type PodShape, podOf } from './replicaset.fakes.ts';

function order(...shapes: PodShape[]): (string | undefined)[] {
  const pods = shapes.map(podOf);
  const spare = podOf({ name: 'spare', readyFor: 500_000, age: 500_000, cost: '99' });
  return podsToRemove([spare, ...pods], pods.length, () => [], NOW).map(
    ({ metadata }) => metadata.name,
  );
}

describe('pods to remove', () => {
  it.each<[string, PodShape, PodShape]>([
    ['unassigned ones', { name: 'x', node: '', readyFor: 99 }, { name: 'y', phase: 'Pending' }],
    ['pending ones', { name: 'x', phase: 'Pending', cost: '9' }, { name: 'y', phase: 'Unknown' }],
    ['those of unknown phase', { name: 'x', phase: 'Unknown', cost: '9' }, { name: 'y' }],
    ['those not ready', { name: 'x', cost: '9' }, { name: 'y', readyFor: 1 }],
    ['cheap ones', { name: 'x', readyFor: 99, cost: '-5' }, { name: 'y', readyFor: 1 }],
    [
      'those ready for less time',
      { name: 'x', readyFor: 10 },
      { name: 'y', readyFor: 99, restarts: 9 },
    ],
    ['restarted ones', { name: 'x', restarts: 3, age: 999 }, { name: 'y', restarts: 2, age: 9 }],
    [
      'those whose sidecars restarted',
      { name: 'x', restarts: 3, sidecarRestarts: 2, age: 999 },
      { name: 'y', restarts: 3, age: 9 },
    ],
    ['young ones', { name: 'x', age: 9 }, { name: 'y', age: 999 }],
  ])('begin with %s', (_, first, second) => {
    expect(order(first, second)).toEqual(['x', 'y']);
    expect(order(second, first)).toEqual(['x', 'y']);
  });

  it('compare ages by order of magnitude only, then by uid', () => {
    const [older, younger] = [
      { name: 'older', readyFor: 600, uid: 'a' },
      { name: 'younger', readyFor: 580, uid: 'b' },
    ];
    expect(order(younger, older)).toEqual(['older', 'younger']);
  });

  it('take no cost from a malformed annotation', () => {
    for (const cost of ['+5', '007', '1.5', '', '99999999999'])
      expect(order({ name: 'x', restarts: 1, cost }, { name: 'y', cost: '0' })).toEqual(['x', 'y']);
    expect(order({ name: 'x', restarts: 1, cost: '5' }, { name: 'y', cost: '0' })).toEqual([
      'y',
      'x',
    ]);
  });

  it('prefer nodes where the owner has more pods, of whichever ReplicaSet', () => {
    const pods = ['a', 'b', 'b'].map((node, at) => podOf({ name: `p${at}`, node, readyFor: 9 }));
    const others = [1, 2, 3].map((at) => podOf({ name: `o${at}`, node: 'a', readyFor: 9 }));
    const ended = ['b', 'b', 'b'].map((node, at) =>
      podOf({ name: `e${at}`, node, phase: 'Failed' }),
    );
    const related = () => [...pods, ...others, ...ended];
    expect(podsToRemove(pods, 1, related, NOW).map(({ metadata }) => metadata.name)).toEqual([
      'p0',
    ]);
    expect(podsToRemove(pods, 1, () => [], NOW)[0]).toBe(pods[0]);
  });

  it('are not ranked when all must go', () => {
    const pods = [podOf({ name: 'x', readyFor: 9 }), podOf({ name: 'y', node: '' })];
    const unasked = () => {
      throw new Error('asked for related pods');
    };
    expect(podsToRemove(pods, 2, unasked, NOW)).toBe(pods);
  });

  it('do not depend on the order in which the pods come', () => {
    const shape = fc.record({
      node: fc.constantFrom('', 'a', 'b'),
      phase: fc.constantFrom('Pending' as const, 'Running' as const, 'Unknown' as const),
      readyFor: fc.integer({ min: 0, max: 5000 }),
      age: fc.integer({ min: 0, max: 5000 }),
      restarts: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(shape, { minLength: 2, maxLength: 8 }), fc.nat(7), (shapes, turn) => {
        const pods = shapes.map((each, at) =>
          podOf({ ...each, name: `p${at}`, age: 2 ** (at + 4), readyFor: 2 ** (at + 3) }),
        );
        const turned = [...pods.slice(turn % pods.length), ...pods.slice(0, turn % pods.length)];
        const count = pods.length - 1;
        const names = (of: typeof pods) =>
          podsToRemove(of, count, () => of, NOW).map(({ metadata }) => metadata.name);
        expect(names(turned)).toEqual(names(pods));
      }),
    );
  });
});
