import { describe, expect, it } from 'vitest';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import { beyondThreshold, failing, garbageSorts, isOutOfService } from './decide.ts';

type Phase = NonNullable<NonNullable<Pod['status']>['phase']>;

function pod(name: string, phase: Phase, more: { at?: string; reason?: string } = {}): Pod {
  const { at = '2026-01-01T00:00:00Z', reason } = more;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', creationTimestamp: at },
    spec: { containers: [], nodeName: 'a' },
    status: { phase, ...(reason ? { reason } : {}) },
  };
}

const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);

describe('ended pods beyond the threshold', () => {
  const ended = [
    pod('young', 'Succeeded', { at: '2026-01-01T00:00:09Z' }),
    pod('old-b', 'Failed'),
    pod('old-a', 'Succeeded'),
    pod('evicted', 'Failed', { at: '2026-01-01T00:00:09Z', reason: 'Evicted' }),
  ];

  it('are the evicted first, then the oldest, then by name', () => {
    expect(names(beyondThreshold(ended, 1))).toEqual(['evicted', 'old-a', 'old-b']);
    expect(names(beyondThreshold(ended, 3))).toEqual(['evicted']);
  });

  it('are none up to it, or without one', () => {
    expect(beyondThreshold(ended, 4)).toEqual([]);
    expect(beyondThreshold(ended, 0)).toEqual([]);
    expect(beyondThreshold(ended, -1)).toEqual([]);
  });
});

it('sorts pods by what the collector has to do with them', () => {
  const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
  const running = pod('p', 'Running');
  const leaving: Pod = { ...running, metadata: { ...running.metadata, ...going } };
  const unbound: Pod = { ...leaving, spec: { containers: [] } };
  expect(garbageSorts(running)).toEqual([]);
  expect(garbageSorts(leaving)).toEqual([]);
  expect(garbageSorts(unbound)).toEqual(['unscheduled']);
  expect(garbageSorts({ ...unbound, status: { phase: 'Failed' } })).toEqual([
    'terminated',
    'unscheduled',
  ]);
});

it('marks what has not ended as failed, and an orphan as disrupted', () => {
  const nowMs = Date.UTC(2026, 0, 1);
  const ended = pod('p', 'Succeeded');
  expect(failing(ended, true, nowMs)).toBeUndefined();
  expect(failing(pod('p', 'Pending'), false, nowMs)).toEqual({ phase: 'Failed' });
  expect(failing(pod('p', 'Running'), true, nowMs)).toEqual({
    phase: 'Failed',
    conditions: [
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByPodGC',
        message: 'PodGC: node no longer exists',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
  });
});

it('takes a node for out of service only when it is marked and not ready', () => {
  const node = (key: string, status: 'True' | 'Unknown'): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'a' },
    spec: { taints: [{ key, effect: 'NoExecute' }] },
    status: { conditions: [{ type: 'Ready', status }] },
  });
  expect(isOutOfService(node('node.kubernetes.io/out-of-service', 'Unknown'))).toBe(true);
  expect(isOutOfService(node('node.kubernetes.io/out-of-service', 'True'))).toBe(false);
  expect(isOutOfService(node('node.kubernetes.io/unreachable', 'Unknown'))).toBe(false);
});
