import { describe, expect, it } from 'vitest';
import { Pod, ReplicationController, ResourceQuota } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const containers = [{ name: 'c', image: 'app:1' }];
const web = (replicas: number) =>
  new ReplicationController({
    metadata: { name: 'web' },
    spec: {
      replicas,
      template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
    },
  });
const bare = (name: string) =>
  new Pod({ metadata: { name, labels: { app: 'web' } }, spec: { containers } });

const status = (cluster: TestCluster) => cluster.get(ReplicationController, 'web').status;
const messages = (cluster: TestCluster, reason: string) =>
  cluster.events('web').filter((each) => each.reason === reason);

describe('a ReplicationController', () => {
  it('makes pods that name it as their owner, counts them, and is at rest', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(web(3));
    expect((await cluster.settle()).converged).toBe(true);
    expect(status(cluster)).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
    const { uid } = cluster.get(ReplicationController, 'web').metadata;
    for (const { metadata } of cluster.list(Pod))
      expect(metadata.ownerReferences).toEqual([
        {
          apiVersion: 'v1',
          kind: 'ReplicationController',
          name: 'web',
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
    const [event] = messages(cluster, 'SuccessfulCreate');
    expect(event?.source?.component).toBe('replication-controller');
    const { resourceVersion } = cluster.get(ReplicationController, 'web').metadata;
    await cluster.advance('10m');
    expect(cluster.get(ReplicationController, 'web').metadata.resourceVersion).toBe(
      resourceVersion,
    );
  });

  it('scales, and replaces what is deleted', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(web(3));
    await cluster.settle();
    await cluster.patch(ReplicationController, 'web', { spec: { replicas: 1 } });
    await cluster.settle();
    const [last, ...more] = cluster.list(Pod);
    expect(more).toEqual([]);
    await cluster.delete(Pod, last?.metadata.name ?? '');
    await cluster.settle();
    expect(status(cluster)?.availableReplicas).toBe(1);
  });

  it('adopts a pod that its labels meet, and lets go of one that they no longer do', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(bare('stray'), web(2));
    await cluster.settle();
    expect(cluster.list(Pod)).toHaveLength(2);
    const owned = () => cluster.get(Pod, 'stray').metadata.ownerReferences?.length ?? 0;
    expect(owned()).toBe(1);
    await cluster.patch(Pod, 'stray', { metadata: { labels: { app: 'other' } } });
    await cluster.settle();
    expect([owned(), cluster.list(Pod).length]).toEqual([0, 3]);
  });

  it('says when pods cannot be made, until they can', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(
      new ResourceQuota({ metadata: { name: 'few' }, spec: { hard: { pods: '1' } } }),
    );
    await cluster.settle();
    await cluster.create(web(2));
    await cluster.advance('5s');
    expect(status(cluster)?.conditions).toMatchObject([
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' },
    ]);
    expect(messages(cluster, 'FailedCreate')).not.toEqual([]);
    await cluster.delete(ResourceQuota, 'few');
    await cluster.settle();
    expect(status(cluster)).not.toHaveProperty('conditions');
    expect(status(cluster)?.availableReplicas).toBe(2);
  });
});
