import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../generated/cluster/v1/index.ts';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import type { Pod as PodType } from '../../../generated/core/v1/types.ts';
import type { Nodes } from '../../node/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const containers = [{ name: 'main', image: 'web:1' }];
const bound = (name: string, node: string, finalizers: string[] = []) =>
  new Pod({ metadata: { name, finalizers }, spec: { nodeName: node, containers } });

/** A pod that has ended without anybody running it. */
async function createEnded(cluster: TestCluster, name: string): Promise<void> {
  await cluster.create(
    new Pod({ metadata: { name }, spec: { schedulingGates: [{ name: 'x' }], containers } }),
  );
  const { client } = cluster;
  const target = { name, namespace: 'default' };
  const patch = { status: { phase: 'Succeeded' } };
  await client.patch(Pod.resource, target, patch, { subresource: 'status' });
}

const names = (cluster: TestCluster) => cluster.list(Pod).map(({ metadata }) => metadata.name);

const threshold = (terminatedPodGCThreshold: number) =>
  new Cluster({
    metadata: { name: 'default' },
    spec: { controllerManager: { terminatedPodGCThreshold } },
  });

describe('ended pods', () => {
  it('go, the oldest first, when there are more than the threshold, on the next round', async () => {
    const cluster = await createCluster();
    await cluster.create(threshold(2));
    await createEnded(cluster, 'c');
    await cluster.advance('1s');
    for (const name of ['b', 'a', 'd']) await createEnded(cluster, name);
    await cluster.advance('18s');
    expect(names(cluster)).toEqual(['a', 'b', 'c', 'd']);
    await cluster.advance('1s');
    expect(names(cluster)).toEqual(['b', 'd']);
  });

  it('go when the threshold is lowered, and all stay when it is 0', async () => {
    const cluster = await createCluster();
    await cluster.create(threshold(0));
    for (const name of ['a', 'b', 'c']) await createEnded(cluster, name);
    await cluster.advance('1m');
    expect(names(cluster)).toEqual(['a', 'b', 'c']);
    await cluster.patch(Cluster, 'default', {
      spec: { controllerManager: { terminatedPodGCThreshold: 1 } },
    });
    await cluster.advance('20s');
    expect(names(cluster)).toEqual(['c']);
  });
});

describe('pods of a node that is gone', () => {
  it('are failed, marked and deleted after the quarantine', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(bound('p', 'node-0', ['example.com/hold']), bound('q', 'node-1'));
    await cluster.settle();
    const startMs = cluster.now;
    await cluster.delete(Node, 'node-0');
    await cluster.advance('39s');
    expect(cluster.get(Pod, 'p').status?.phase).toBe('Running');
    while (cluster.get(Pod, 'p').status?.phase === 'Running') await cluster.advance('1s');
    expect(cluster.now - startMs).toBeLessThanOrEqual(60_000);
    const { metadata, status } = cluster.get(Pod, 'p');
    expect(metadata.deletionTimestamp).toBeDefined();
    expect(status).toMatchObject({ phase: 'Failed' });
    expect(status?.conditions).toContainEqual({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
      lastTransitionTime: expect.any(String),
    });
    await cluster.update(
      Pod,
      'p',
      ({ metadata: { finalizers: _, ...rest }, ...pod }): PodType => ({
        ...pod,
        metadata: rest,
      }),
    );
    expect(names(cluster)).toEqual(['q']);
  });

  it('stay when the node comes back in time', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(bound('p', 'node-1'));
    await cluster.advance('30s');
    await cluster.create(new Node({ metadata: { name: 'node-1' } }));
    await cluster.advance('2m');
    expect(cluster.get(Pod, 'p').status?.phase).toBe('Running');
  });

  it('are counted on in a fork', async () => {
    const cluster = await createCluster();
    await cluster.create(bound('p', 'nowhere'));
    await cluster.advance('30s');
    const fork = await cluster.fork();
    await fork.advance('10s');
    expect(names(fork)).toEqual([]);
    expect(names(cluster)).toEqual(['p']);
  });
});

it('lets go of pods that are being deleted on a node that is out of service', async () => {
  const cluster = await createCluster({ nodes: 3 });
  await cluster.create(bound('p', 'node-0'), bound('q', 'node-0'));
  await cluster.settle();
  (cluster.cluster.component('nodes') as Nodes).afflict({
    id: 'off',
    record: 0,
    place: { node: 'node-0' },
    kind: 'off',
  });
  await cluster.advance('70s');
  await cluster.delete(Pod, 'p');
  await cluster.advance('1m');
  expect(names(cluster)).toEqual(['p', 'q']);
  await cluster.update(Node, 'node-0', ({ spec, ...node }) => {
    const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoSchedule' } as const;
    return { ...node, spec: { ...spec, taints: [...(spec?.taints ?? []), taint] } };
  });
  await cluster.advance('20s');
  expect(names(cluster)).toEqual(['q']);
  await cluster.delete(Pod, 'q');
  await cluster.advance('20s');
  expect(names(cluster)).toEqual([]);
});

it('fails pods that are being deleted and were never scheduled', async () => {
  const cluster = await createCluster();
  const metadata = { name: 'p', finalizers: ['example.com/hold'] };
  await cluster.create(new Pod({ metadata, spec: { containers } }));
  await cluster.delete(Pod, 'p');
  expect(cluster.get(Pod, 'p').status?.phase).toBe('Pending');
  await cluster.advance('20s');
  expect(cluster.get(Pod, 'p').status).toMatchObject({ phase: 'Failed' });
  expect(cluster.get(Pod, 'p').status?.conditions ?? []).not.toContainEqual(
    expect.objectContaining({ type: 'DisruptionTarget' }),
  );
});
