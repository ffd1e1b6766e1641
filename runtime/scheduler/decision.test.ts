import { describe, expect, it } from 'vitest';
import type { Node, Pod } from '../../generated/core/v1/types.ts';
import { explain } from './decision.ts';
import { aNode, aPod } from './fakes.ts';
import { createView } from './view.ts';

function why(pod: Pod, nodes: readonly Node[], pods: readonly Pod[] = []) {
  return explain(pod, createView({ nodes, pods: [...pods, pod] }));
}

const port = (name: string, more: Parameters<typeof aPod>[1] = {}): Pod =>
  aPod(name, {
    ...more,
    containers: [{ name: 'main', image: 'app', ports: [{ containerPort: 80, hostPort: 80 }] }],
  });

describe('an explanation', () => {
  it('has every node with every plugin that refuses it, and the numbers', () => {
    const nodes = [
      aNode('full', { cpu: '1', taints: [{ key: 'gpu', effect: 'NoSchedule' }] }),
      aNode('cordoned', { unschedulable: true }),
    ];
    const { summary, nodes: judged } = why(aPod('p', { requests: { cpu: '2' } }), nodes);
    expect(summary).toBe('fits none of 2 nodes');
    expect(judged).toEqual([
      {
        name: 'full',
        refusedBy: 'TaintToleration',
        reason: 'taint gpu:NoSchedule is not tolerated',
        refusals: [
          { plugin: 'TaintToleration', reason: 'taint gpu:NoSchedule is not tolerated' },
          { plugin: 'NodeResourcesFit', reason: 'cpu: asks 2, free 1 of 1' },
        ],
      },
      {
        name: 'cordoned',
        refusedBy: 'NodeUnschedulable',
        reason: 'node(s) were unschedulable',
        refusals: [{ plugin: 'NodeUnschedulable', reason: 'node(s) were unschedulable' }],
      },
    ]);
  });

  it('has the scores of the nodes that fit, plugin by plugin', () => {
    const { nodes, preemption } = why(aPod('p', { requests: { cpu: '2' } }), [
      aNode('small'),
      aNode('large', { cpu: '8' }),
    ]);
    for (const { score, scores = {} } of nodes)
      expect(Object.values(scores).reduce((sum, each) => sum + each, 0)).toBe(score);
    expect(nodes[1]!.scores!['NodeResourcesFit']).toBeGreaterThan(
      nodes[0]!.scores!['NodeResourcesFit']!,
    );
    expect(preemption).toBeUndefined();
  });

  it('says what preemption would do, or why it would not help', () => {
    const low = aPod('low', { nodeName: 'a', requests: { cpu: '3' } });
    const wants = (priority: number) =>
      why(aPod('p', { requests: { cpu: '2' }, priority }), [aNode('a')], [low]).preemption;
    expect(wants(10)).toBe('preemption: would make room on a by evicting default/low (priority 0)');
    expect(wants(0)).toMatch(/preemption: 0\/1 nodes are available: 1 No preemption victims found/);
  });

  it('says what would have to be different, the smallest change first', () => {
    const labels = { app: 'db' };
    const term = { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' };
    const pod = port('p', {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    });
    const { counterfactual } = why(
      pod,
      [aNode('a'), aNode('b'), aNode('c', { taints: [{ key: 'k', effect: 'NoExecute' }] })],
      [aPod('db', { nodeName: 'a', labels }), port('web', { nodeName: 'b' })],
    );
    expect(counterfactual).toEqual([
      'fits b if default/web gave up host port 80/TCP',
      'fits c if it tolerated k:NoExecute',
      'fits a if default/db were elsewhere',
    ]);
  });

  it('judges a pod that is on a node as if it were not', () => {
    const { summary, node, nodes } = why(aPod('p', { nodeName: 'a', requests: { cpu: '3' } }), [
      aNode('a'),
    ]);
    expect([summary, node, nodes[0]!.refusedBy]).toEqual(['is on a', 'a', undefined]);
  });
});
