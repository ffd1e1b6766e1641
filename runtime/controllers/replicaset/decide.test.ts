import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { podFromTemplate } from '../pod-control.ts';
import { decide } from './decide.ts';
import { NOW, podOf, replicaSetOf } from './replicaset.fakes.ts';
import { nextStatus, tally } from './status.ts';

const podsNamed = (count: number): Pod[] =>
  Array.from({ length: count }, (_, at) => podOf({ name: `p${at}` }));
const decided = (replicas: number, count: number) =>
  decide({
    replicaSet: replicaSetOf(replicas),
    pods: podsNamed(count),
    related: () => [],
    nowMs: NOW,
  });

describe('a ReplicaSet', () => {
  it('makes what is missing and removes what is too many, a burst at a time', () => {
    expect(decided(3, 1)).toEqual({ create: 2, remove: [] });
    expect(decided(3, 3)).toEqual({ create: 0, remove: [] });
    expect(decided(1, 3).remove).toHaveLength(2);
    expect(decided(1000, 0).create).toBe(500);
    expect(decided(0, 700).remove).toHaveLength(500);
  });

  it('does neither when it is being deleted', () => {
    const replicaSet = replicaSetOf(3);
    const metadata = { ...replicaSet.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };
    const state = {
      replicaSet: { ...replicaSet, metadata },
      pods: [],
      related: () => [],
      nowMs: NOW,
    };
    expect(decide(state)).toEqual({ create: 0, remove: [] });
  });

  it('makes pods that share the spec and labels of the template', () => {
    const replicaSet = replicaSetOf(1);
    const { template } = replicaSet.spec!;
    const pod = podFromTemplate(replicaSet, template) as Pod;
    expect(pod.spec).toBe(template?.spec);
    expect(pod.metadata.labels).toBe(template?.metadata?.labels);
    expect(pod.metadata).toMatchObject({
      generateName: 'web-',
      namespace: 'default',
      finalizers: ['example.com/f'],
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web', uid: 'uid-web', controller: true }],
    });
  });
});

describe('the status', () => {
  const pods = [
    podOf({ name: 'a', readyFor: 30, labels: { app: 'web', tier: 'front' } }),
    podOf({ name: 'b', readyFor: 5 }),
    podOf({ name: 'c', readyFor: 8 }),
    podOf({ name: 'd' }),
  ];

  it('counts pods, and says when the next one becomes available', () => {
    const counts = tally(replicaSetOf(4, { minReadySeconds: 10 }), pods, NOW);
    expect(counts).toEqual({
      replicas: 4,
      fullyLabeled: 1,
      ready: 3,
      available: 1,
      nextAvailableMs: NOW + 2000,
    });
    expect(tally(replicaSetOf(4), pods, NOW)).toEqual({
      replicas: 4,
      fullyLabeled: 1,
      ready: 3,
      available: 3,
    });
  });

  it('is the same value when nothing differs', () => {
    const replicaSet = replicaSetOf(4);
    const counts = tally(replicaSet, pods, NOW);
    const status = nextStatus(replicaSet, counts, 1, undefined, NOW);
    expect(status).toEqual({
      replicas: 4,
      fullyLabeledReplicas: 1,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 1,
      observedGeneration: 2,
    });
    const again = { ...replicaSet, status };
    expect(nextStatus(again, counts, 1, undefined, NOW + 1)).toBe(status);
    expect(nextStatus(again, counts, 0, undefined, NOW + 1)).not.toBe(status);
  });

  it('keeps the first failure until there is none', () => {
    const replicaSet = replicaSetOf(4);
    const counts = tally(replicaSet, [], NOW);
    const failed = nextStatus(
      replicaSet,
      counts,
      0,
      { reason: 'FailedCreate', message: 'no' },
      NOW,
    );
    expect(failed.conditions).toEqual([
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'no',
        lastTransitionTime: '2026-01-01T01:00:00Z',
      },
    ]);
    const other = { reason: 'FailedCreate', message: 'other' } as const;
    const still = nextStatus({ ...replicaSet, status: failed }, counts, 0, other, NOW + 9000);
    expect(still).toBe(failed);
    const mended = nextStatus({ ...replicaSet, status: failed }, counts, 0, undefined, NOW);
    expect(mended).not.toHaveProperty('conditions');
  });
});
