import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod, PodSpec } from '../../generated/core/v1/types.ts';
import { Random } from '../base/index.ts';
import { ClusterState } from './cluster-state.ts';
import { incomingOf } from './cycle.ts';
import { aNode, aPod, recordOf } from './fakes.ts';
import { clusterEvents } from './framework.ts';
import { postFilter } from './preemption/index.ts';
import { createView, type SchedulingView } from './view.ts';

function requested(state: ClusterState, node: string): number | undefined {
  return state.find(node)?.milliCpu;
}

const half = (name: string) => recordOf(aPod(name, { requests: { cpu: '500m' } }));

describe('the snapshot', () => {
  it('counts pods on their nodes, and gives the room back', () => {
    const state = new ClusterState();
    state.setNode(aNode('a'));
    state.addPod('a', half('p'));
    state.addPod('a', half('q'));
    expect(requested(state, 'a')).toBe(1000);
    state.removePod('a', 'uid-p', 'default/p');
    expect(requested(state, 'a')).toBe(500);
    expect(state.removePod('a', 'other-uid', 'default/q')).toBeUndefined();
  });

  it('holds pods of a node that it has not seen, and those of one that is gone', () => {
    const state = new ClusterState();
    state.addPod('a', half('p'));
    expect(state.nodeCount).toBe(0);
    state.setNode(aNode('a'));
    expect(requested(state, 'a')).toBe(500);
    state.removeNode('a');
    expect(state.nodeCount).toBe(0);
    expect([...state.order()]).toEqual([]);
    state.setNode(aNode('a'));
    expect(requested(state, 'a')).toBe(500);
  });

  it('tells what changed about a node, and nothing for a heartbeat', () => {
    const state = new ClusterState();
    const node = aNode('a');
    expect(state.setNode(node)).toBe(clusterEvents.nodeAdded);
    const generation = state.generations[state.find('a')!.slot];
    const heartbeat = { ...node, status: { ...node.status, conditions: [] } };
    expect(state.setNode(heartbeat)).toBe(0);
    expect(state.generations[state.find('a')!.slot]).toBe(generation);
    expect(state.setNode(aNode('a', { cpu: '8' }))).toBe(clusterEvents.nodeAllocatable);
    expect(state.setNode(aNode('a', { cpu: '8', unschedulable: true }))).toBe(
      clusterEvents.nodeTaints,
    );
  });

  it('shares nothing that a fork changes, either way', () => {
    const state = new ClusterState();
    for (const name of ['a', 'b']) state.setNode(aNode(name));
    state.addPod('a', half('p'));
    const fork = state.fork();
    fork.addPod('a', half('q'));
    fork.setNode(aNode('c'));
    state.addPod('b', half('r'));
    state.removeNode('a');
    expect([requested(fork, 'a'), requested(fork, 'b'), fork.nodeCount]).toEqual([1000, 0, 3]);
    expect([requested(state, 'a'), requested(state, 'b'), state.nodeCount]).toEqual([500, 500, 1]);
    expect(state.find('c')).toBeUndefined();
  });
});

const names = ['a', 'b', 'c'];
const zones = ['x', 'y', undefined];
const step = fc.oneof(
  fc.record({ do: fc.constant('node' as const), node: fc.nat(2), zone: fc.nat(2), cpu: fc.nat(3) }),
  fc.record({ do: fc.constant('drop' as const), node: fc.nat(2) }),
  fc.record({
    do: fc.constant('add' as const),
    node: fc.nat(2),
    pod: fc.nat(2),
    app: fc.nat(1),
    wish: fc.nat(4),
  }),
  fc.record({ do: fc.constant('remove' as const), node: fc.nat(2), pod: fc.nat(2) }),
  fc.record({ do: fc.constant('label' as const), team: fc.nat(1) }),
  fc.record({ do: fc.constant('schedule' as const), app: fc.nat(1), wish: fc.nat(6) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const ZONE = 'topology.kubernetes.io/zone';

/** What pods may ask of each other: spreading first, then affinity of all kinds. */
function wishOf(app: number, wish: number): Partial<PodSpec> {
  const labelSelector = { matchLabels: { app: String(app) } };
  const spread = (whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'): Partial<PodSpec> => ({
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable, labelSelector },
    ],
  });
  const term = { labelSelector, topologyKey: ZONE };
  const byTeam = { ...term, namespaceSelector: { matchLabels: { team: '1' } } };
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
  const preferred = {
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 3, podAffinityTerm: byTeam }],
  };
  const teams = { requiredDuringSchedulingIgnoredDuringExecution: [byTeam] };
  return [
    {},
    { affinity: { podAntiAffinity: required } },
    { affinity: { podAffinity: preferred } },
    { affinity: { podAntiAffinity: teams } },
    { affinity: { podAffinity: required } },
    spread('DoNotSchedule'),
    spread('ScheduleAnyway'),
  ][wish]!;
}

const templates = new Map<string, Pod>();

/** Pods that ask the same share all of it, as those of one template do: what is kept by shape is used again. */
function templated(name: string, options: Parameters<typeof aPod>[1]): Pod {
  const key = JSON.stringify(options);
  const template = templates.get(key) ?? aPod('template', options);
  templates.set(key, template);
  return { ...template, metadata: { ...template.metadata, name, uid: `uid-${name}` } };
}

function pending(app: number, wish: number): Pod {
  return templated('pending', {
    labels: { app: String(app) },
    requests: { cpu: '700m' },
    priority: 5,
    ...wishOf(wish < 5 ? 1 - app : app, wish),
  });
}

function judge(view: SchedulingView, pod: Pod): unknown {
  const runner = view.runners.get('default-scheduler')!;
  const outcome = runner.schedule(incomingOf(pod), view.state, { start: 0 }, Random.seeded(1));
  if (outcome.kind !== 'unschedulable') return outcome.kind === 'fits' ? outcome.score : outcome;
  // Preemption tries what would be; after it, everything must count as before.
  const { candidate, reply } = postFilter(outcome, { budgets: [], random: Random.seeded(1) });
  const reasons = outcome.diagnosis.rejections.map((each) => each.reasons).sort();
  return [reasons, candidate?.victims.map(({ key }) => key).sort().length, reply];
}

function rebuilt(state: ClusterState): SchedulingView {
  const view = createView({ nodes: [], pods: [] });
  view.state.setNamespace('default', state.namespaceLabels('default'));
  for (let slot = 0; slot < state.slotCount; slot++) {
    const info = state.at(slot);
    if (info?.facts) view.state.setNode(info.facts.node);
    for (const record of info?.pods ?? []) view.state.addPod(info!.name, record);
  }
  return view;
}

/** Every answer from kept counts and caches must be the one of a snapshot built from nothing. */
function play(view: SchedulingView, steps: readonly Step[]): void {
  const { state } = view;
  for (const each of steps) {
    const name = 'node' in each ? names[each.node]! : '';
    const zone = 'zone' in each ? zones[each.zone] : undefined;
    if (each.do === 'node')
      state.setNode(aNode(name, { cpu: each.cpu, ...(zone ? { zone } : {}) }));
    else if (each.do === 'drop') state.removeNode(name);
    else if (each.do === 'remove')
      state.removePod(name, `uid-p${each.pod}`, `default/p${each.pod}`);
    else if (each.do === 'add') {
      const pod = templated(`p${each.pod}`, {
        labels: { app: String(each.app) },
        requests: { cpu: '200m' },
        ...wishOf(each.app, each.wish),
      });
      if (!state.findPod(name, `uid-p${each.pod}`, `default/p${each.pod}`))
        state.addPod(name, recordOf(pod));
    } else if (each.do === 'label') state.setNamespace('default', { team: String(each.team) });
    else {
      const pod = pending(each.app, each.wish);
      expect(judge(view, pod)).toEqual(judge(rebuilt(state), pod));
    }
  }
}

describe('kept results', () => {
  it('are those of a fresh look, whatever happened before', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) =>
        play(createView({ nodes: [aNode('a', { zone: 'x' })], pods: [] }), steps),
      ),
      { numRuns: 400 },
    );
  });
});
