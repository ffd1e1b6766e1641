import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../generated/registry.ts';
import type { KubeObject, WatchEvent } from '../meta/index.ts';
import { changeLines } from './change-lines.ts';

const NOW = Date.UTC(2026, 0, 1);
const descriptorOf = (kind: string) => schemaSet.kinds.find((each) => each.kind === kind)!;

function linesOf(kind: string, type: WatchEvent['type'], object: object, previous?: object) {
  const event = { type, object, revision: 1, ...(previous ? { previous } : {}) } as WatchEvent;
  return changeLines(descriptorOf(kind), event, NOW);
}

function deployment(ready: number, replicas = 2): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'shop',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { replicas },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
    },
  } as KubeObject;
}

describe('changeLines', () => {
  it('tells what came and went', () => {
    expect(
      linesOf('Namespace', 'ADDED', { metadata: { name: 'shop' }, status: { phase: 'Active' } }),
    ).toEqual(['created  Namespace shop  status Active', 'at goal  Namespace shop']);
    expect(linesOf('Deployment', 'DELETED', deployment(2))).toEqual([
      'deleted  Deployment shop/web',
    ]);
  });

  it('tells which printed columns moved, and when the goal is reached', () => {
    expect(linesOf('Deployment', 'MODIFIED', deployment(1), deployment(0))).toEqual([
      'changed  Deployment shop/web  ready 0/2 → 1/2, available 0 → 1',
    ]);
    expect(linesOf('Deployment', 'MODIFIED', deployment(2), deployment(1))).toEqual([
      'changed  Deployment shop/web  ready 1/2 → 2/2, available 1 → 2',
      'at goal  Deployment shop/web  2/2',
    ]);
  });

  it('says nothing of what no column shows, nor twice that the goal is reached', () => {
    const annotated = {
      ...deployment(2),
      metadata: { ...deployment(2).metadata, annotations: { a: 'b' } },
    };
    expect(linesOf('Deployment', 'MODIFIED', annotated, deployment(2))).toEqual([]);
  });

  it('tells new warnings of all Events', () => {
    const event = {
      metadata: { name: 'e', namespace: 'shop' },
      type: 'Warning',
      reason: 'FailedScheduling',
      message: '0/3 nodes are available: 3 Insufficient cpu..',
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
    };
    expect(linesOf('Event', 'ADDED', event)).toEqual([
      'warning  Pod shop/web-1  FailedScheduling: 0/3 nodes are available: 3 Insufficient cpu..',
    ]);
    expect(linesOf('Event', 'MODIFIED', event, event)).toEqual([]);
    expect(linesOf('Event', 'ADDED', { ...event, type: 'Normal' })).toEqual([]);
  });
});
