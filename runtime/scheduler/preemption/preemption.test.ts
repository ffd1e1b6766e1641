import { describe, expect, it } from 'vitest';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import { Random } from '../../base/index.ts';
import { aNode, aPod, recordOf } from '../fakes.ts';
import { placementOf } from '../placement.ts';
import { createView, type SchedulingObjects } from '../view.ts';

interface Low {
  readonly cpu?: '1' | '2' | '3' | '4';
  readonly priority?: number;
  readonly startTime?: string;
  readonly labels?: Record<string, string>;
}

const low = (name: string, nodeName: string, options: Low = {}): Pod => {
  const { cpu = '1', priority = 0, startTime, labels = {} } = options;
  const made = aPod(name, { nodeName, priority, requests: { cpu }, labels });
  return startTime ? ({ ...made, status: { startTime } } as Pod) : made;
};

const NODES = [aNode('a'), aNode('b')];

function preempt(
  objects: Partial<SchedulingObjects> & { readonly pods: readonly Pod[] },
  pod: Pod = aPod('p', { priority: 100, requests: { cpu: '2' } }),
) {
  const view = createView({ nodes: NODES, ...objects });
  return placementOf(pod, view, { cursor: { start: 0 }, random: Random.seeded(1) });
}

describe('the choice of victims', () => {
  it('spares the more important, and of equals those that have run longer', () => {
    const pods = [
      low('young', 'a', { startTime: '2026-01-02T00:00:00Z' }),
      low('old', 'a', { startTime: '2026-01-01T00:00:00Z' }),
      low('low', 'a', { priority: -1 }),
      low('high', 'a', { priority: 10 }),
      low('other', 'b', { cpu: '4', priority: 200 }),
    ];
    expect(preempt({ pods })).toMatchObject({ nominatedNodeName: 'a', victims: ['young', 'low'] });
  });

  it('is made anew when a pod turns out to have started at another time', () => {
    const early = low('early', 'a', { cpu: '2', startTime: '2026-01-01T00:00:00Z' });
    const pods = [early, low('other', 'a', { cpu: '2', startTime: '2026-01-02T00:00:00Z' })];
    const view = createView({ nodes: [aNode('a')], pods });
    const pod = aPod('p', { priority: 100, requests: { cpu: '2' } });
    const victims = () =>
      placementOf(pod, view, { cursor: { start: 0 }, random: Random.seeded(1) }).victims;
    expect(victims()).toEqual(['other']);
    const later = { ...early, status: { startTime: '2026-01-03T00:00:00Z' } } as Pod;
    view.state.refreshPod('a', recordOf(later));
    expect(victims()).toEqual(['early']);
  });

  it('takes the node with the least important highest victim, then the fewest', () => {
    const pods = [
      low('a1', 'a', { cpu: '4', priority: 10 }),
      low('b1', 'b', { cpu: '2' }),
      low('b2', 'b', { cpu: '2' }),
    ];
    expect(preempt({ pods }).nominatedNodeName).toBe('b');
    const big = aPod('p', { priority: 100, requests: { cpu: '4' } });
    const equal = [
      low('a1', 'a', { cpu: '4' }),
      low('b1', 'b', { cpu: '2' }),
      low('b2', 'b', { cpu: '2' }),
    ];
    expect(preempt({ pods: equal }, big)).toMatchObject({
      nominatedNodeName: 'a',
      victims: ['a1'],
    });
  });

  it('avoids breaking disruption budgets, unless one must be broken', () => {
    const app = { app: 'db' };
    const budget = {
      metadata: { name: 'keep', namespace: 'default' },
      spec: { selector: { matchLabels: app } },
      status: { disruptionsAllowed: 0 },
    };
    const pods = [
      low('db', 'a', { cpu: '4', labels: app }),
      low('web', 'b', { cpu: '4', priority: 50 }),
    ];
    expect(preempt({ pods, budgets: [budget] })).toMatchObject({ victims: ['web'] });
    const only = { nodes: [aNode('a')], pods: [pods[0]!], budgets: [budget] };
    expect(preempt(only)).toMatchObject({ victims: ['db'] });
  });

  it('makes room for spread constraints and ports as well', () => {
    const spread = aPod('p', {
      priority: 100,
      labels: { app: 'x' },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: 'x' } },
        },
      ],
    });
    const app = (name: string, node: string, priority: number) =>
      low(name, node, { priority, labels: { app: 'x' } });
    const full = aNode('b', { pods: '1' });
    const pods = [app('a1', 'a', 0), app('a2', 'a', 200), app('b1', 'b', 200)];
    expect(preempt({ nodes: [aNode('a'), full], pods }, spread)).toMatchObject({
      nominatedNodeName: 'a',
      victims: ['a1'],
    });
  });
});

describe('no preemption', () => {
  const message = (nodes: readonly Node[], pods: readonly Pod[], pod?: Pod): string | undefined =>
    preempt({ nodes, pods }, pod).message?.split('deallocate, ')[1];

  it('says why for each node', () => {
    const tainted = aNode('t', { taints: [{ key: 'k', effect: 'NoSchedule' }] });
    const pods = [
      low('a1', 'a', { cpu: '4', priority: 200 }),
      low('b1', 'b', { cpu: '3', priority: 200 }),
    ];
    pods.push(low('b2', 'b', { cpu: '1' }));
    expect(message([...NODES, tainted], pods)).toBe(
      'preemption: 0/3 nodes are available: 1 Insufficient cpu, 1 No preemption victims found for ' +
        'incoming pod, 1 Preemption is not helpful for scheduling.',
    );
  });

  it('goes on while victims of the pod are still leaving its node', () => {
    const leaving = low('a1', 'a', { cpu: '4' });
    const terminating = {
      ...leaving,
      metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
      status: {
        conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
      },
    } as Pod;
    const waiting = {
      ...aPod('p', { priority: 100, requests: { cpu: '2' } }),
      status: { nominatedNodeName: 'a' },
    } as Pod;
    const pods = [terminating, low('b1', 'b', { cpu: '4' })];
    expect(message(NODES, pods, waiting)).toBe(
      'preemption: not eligible due to a terminating pod on the nominated node.',
    );
  });

  it('is left out of the message when the profile has none', () => {
    const view = createView(
      { nodes: [aNode('a')], pods: [low('a1', 'a', { cpu: '4' })] },
      { profiles: [{ plugins: { postFilter: { disabled: [{ name: '*' }] } } }] },
    );
    const pod = aPod('p', { priority: 100, requests: { cpu: '2' } });
    expect(placementOf(pod, view, { cursor: { start: 0 }, random: Random.seeded(1) })).toEqual({
      reason: 'Unschedulable',
      message: '0/1 nodes are available: 1 Insufficient cpu.',
    });
  });
});

describe('nominated pods', () => {
  const nominated = {
    ...aPod('first', { priority: 50, requests: { cpu: '3' } }),
    status: { nominatedNodeName: 'a' },
  } as Pod;
  const place = (priority: number) =>
    preempt(
      { nodes: [aNode('a')], pods: [nominated] },
      aPod('p', { priority, requests: { cpu: '2' } }),
    );

  it('take their room from those that are not more important', () => {
    expect(place(50)).toMatchObject({ reason: 'Unschedulable' });
    expect(place(51)).toEqual({ node: 'a' });
  });

  it('go where they are nominated, when they can', () => {
    const pod = { ...aPod('p'), status: { nominatedNodeName: 'b' } } as Pod;
    for (let seed = 0; seed < 10; seed++) {
      const view = createView({ nodes: NODES, pods: [low('b1', 'b', { cpu: '3' })] });
      const random = Random.seeded(seed);
      expect(placementOf(pod, view, { cursor: { start: 0 }, random })).toEqual({ node: 'b' });
    }
  });
});
