import { describe, expect, it } from 'vitest';
import { Random } from '../base/index.ts';
import type { SchedulerVersion } from './config.ts';
import { aNode, aPod } from './fakes.ts';
import { placementOf } from './placement.ts';
import { createView, type SchedulingObjects } from './view.ts';

function messageFor(
  pod: ReturnType<typeof aPod>,
  objects: SchedulingObjects,
  kubernetesVersion: SchedulerVersion,
): string | undefined {
  const view = createView(objects, { kubernetesVersion });
  return placementOf(pod, view, { cursor: { start: 0 }, random: Random.seeded(1) }).message;
}

const taints = [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' as const }];
const mixed: SchedulingObjects = {
  nodes: [aNode('a', { taints }), aNode('b', { cpu: '1' }), aNode('c', { cpu: '2' })],
  pods: [aPod('filler', { nodeName: 'c', requests: { cpu: '1500m' } })],
};

describe('the message of an unschedulable pod', () => {
  it('counts the reasons, sorted as text, and says what preemption found, as 1.36', () => {
    expect(messageFor(aPod('p', { requests: { cpu: '2' } }), mixed, '1.36')).toBe(
      '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. ' +
        'no new claims to deallocate, preemption: 0/3 nodes are available: ' +
        '1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    );
  });

  it('names the taint and ends in two stops, as 1.28', () => {
    expect(messageFor(aPod('p', { requests: { cpu: '2' } }), mixed, '1.28')).toBe(
      '0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: db}, ' +
        '2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful ' +
        'for scheduling, 2 No preemption victims found for incoming pod..',
    );
  });

  it('counts each reason of a node that has several', () => {
    const nodes = [aNode('a', { cpu: '1', memory: '1Gi' })];
    const pod = aPod('p', { requests: { cpu: '2', memory: '2Gi' } });
    expect(messageFor(pod, { nodes, pods: [] }, '1.28')).toMatch(
      /^0\/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory\. preemption/,
    );
  });

  it('says nothing of preemption when lower pods could make room', () => {
    const pods = [aPod('low', { nodeName: 'a', requests: { cpu: '4' }, priority: 1 })];
    const pod = aPod('p', { requests: { cpu: '1' }, priority: 10 });
    expect(messageFor(pod, { nodes: [aNode('a')], pods }, '1.36')).toBe(
      '0/1 nodes are available: 1 Insufficient cpu.',
    );
  });

  it('respects a pod that must not preempt', () => {
    const pod = aPod('p', { requests: { cpu: '9' }, preemptionPolicy: 'Never' });
    expect(messageFor(pod, { nodes: [aNode('a')], pods: [] }, '1.36')).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. ' +
        'no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.',
    );
  });

  it('counts nodes that the affinity by name leaves out', () => {
    const pod = aPod('p', {
      requests: { cpu: '9' },
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] },
            ],
          },
        },
      },
    });
    const nodes = [aNode('a'), aNode('b'), aNode('c')];
    expect(messageFor(pod, { nodes, pods: [] }, '1.36')).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) " +
        '[NodeAffinity]. no new claims to deallocate, preemption: 0/3 nodes are available: ' +
        '3 Preemption is not helpful for scheduling.',
    );
    expect(messageFor(pod, { nodes: [], pods: [] }, '1.36')).toBe(
      'no nodes available to schedule pods',
    );
  });
});
