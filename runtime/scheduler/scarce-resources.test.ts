import { describe, expect, it } from 'vitest';
import { Random } from '../base/index.ts';
import { ClusterState } from './cluster-state.ts';
import { incomingOf } from './cycle.ts';
import { aNode, aPod, recordOf } from './fakes.ts';
import { createView } from './view.ts';

const GPU = 'example.com/gpu';
const withGpu = (name: string, count: '0' | '1' | '2' = '1') =>
  aNode(name, { extra: { [GPU]: count } });
const asking = (name: string) => aPod(name, { requests: { [GPU]: '1' } });

const many = Array.from({ length: 300 }, (_, at) => aNode(`n${at}`));

describe('slots of the nodes with a scarce resource', () => {
  const namesWith = (state: ClusterState): string[] =>
    state.slotsWith(GPU).map((slot) => state.factsAt(slot).name);

  it('follow the nodes, and leave out those with none of it', () => {
    const state = new ClusterState();
    for (const node of [aNode('a'), withGpu('b'), withGpu('c', '0'), withGpu('d', '2')])
      state.setNode(node);
    expect(namesWith(state)).toEqual(['b', 'd']);
    state.setNode(withGpu('c'));
    state.removeNode('b');
    expect(namesWith(state)).toEqual(['c', 'd']);
  });

  it('change on one side of a fork only', () => {
    const state = new ClusterState();
    state.setNode(withGpu('a'));
    expect(namesWith(state)).toEqual(['a']);
    const fork = state.fork();
    fork.setNode(withGpu('b'));
    expect([namesWith(state), namesWith(fork)]).toEqual([['a'], ['a', 'b']]);
  });
});

describe('a pod that few nodes can take', () => {
  const schedule = (nodes: readonly ReturnType<typeof aNode>[], start: number) => {
    const { state, runners } = createView({ nodes, pods: [] });
    const runner = runners.get('default-scheduler')!;
    const cursor = { start };
    const run = (name: string) =>
      runner.schedule(incomingOf(asking(name)), state, cursor, Random.seeded(1));
    return { state, cursor, run };
  };

  it('finds them wherever the rotation stands, which goes all the way round', () => {
    const { state, cursor, run } = schedule([...many, withGpu('gpu-0'), withGpu('gpu-1')], 7);
    const first = run('p');
    expect(first).toMatchObject({ kind: 'fits', feasible: 2, evaluated: 302 });
    expect(cursor.start).toBe(7);
    const nodeName = (first as { nodeName: string }).nodeName;
    state.addPod(nodeName, recordOf(asking('p')));
    const second = run('q');
    expect(second).toMatchObject({ kind: 'fits', feasible: 1 });
    expect((second as { nodeName: string }).nodeName).not.toBe(nodeName);
  });

  it('is told of every node when none has any left', () => {
    const { state, run } = schedule([...many, withGpu('gpu')], 0);
    state.addPod('gpu', recordOf(asking('p')));
    const outcome = run('q');
    expect(outcome.kind).toBe('unschedulable');
    if (outcome.kind !== 'unschedulable') return;
    const { rejections } = outcome.diagnosis;
    expect(rejections).toHaveLength(301);
    expect(new Set(rejections.flatMap(({ reasons }) => reasons))).toEqual(
      new Set([`Insufficient ${GPU}`]),
    );
  });
});
