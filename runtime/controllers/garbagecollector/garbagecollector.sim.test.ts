import { describe, expect, it } from 'vitest';
import { Deployment, ReplicaSet } from '../../../generated/apps/v1/index.ts';
import { ConfigMap, Namespace, Pod } from '../../../generated/core/v1/index.ts';
import type { OwnerReference } from '../../../generated/meta/v1/types.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const web = new Deployment({
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'web:1' }] },
    },
  },
});

type Owner = Pick<OwnerReference, 'name' | 'uid' | 'blockOwnerDeletion'>;

async function createMap(
  cluster: TestCluster,
  name: string,
  owners: readonly Owner[] = [],
  metadata: { namespace?: string; finalizers?: string[] } = {},
): Promise<Owner> {
  const ownerReferences = owners.map((owner) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...owner,
  }));
  await cluster.create(new ConfigMap({ metadata: { name, ownerReferences, ...metadata } }));
  const { uid = '' } = cluster.get(ConfigMap, name, metadata.namespace).metadata;
  return { name, uid };
}

const mapNames = (cluster: TestCluster) =>
  cluster
    .list(ConfigMap)
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== 'kube-root-ca.crt');
const deleteWith = (
  cluster: TestCluster,
  kind: typeof Deployment | typeof ConfigMap,
  name: string,
  propagationPolicy: 'Foreground' | 'Orphan' | 'Background',
) =>
  cluster.client.delete(
    kind.resource as never,
    { name, namespace: 'default' },
    { propagationPolicy },
  );

describe('deleting an owner', () => {
  it('in the background takes its dependents, and theirs', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(web);
    await cluster.settle();
    await cluster.delete(Deployment, 'web');
    expect(cluster.find(Deployment, 'web')).toBeUndefined();
    await cluster.settle();
    expect([cluster.list(ReplicaSet), cluster.list(Pod)]).toEqual([[], []]);
  });

  it('in the foreground waits until they are gone', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(web);
    await cluster.settle();
    await deleteWith(cluster, Deployment, 'web', 'Foreground');
    await cluster.cluster.drain();
    const waiting = [cluster.get(Deployment, 'web'), cluster.list(ReplicaSet)[0]];
    for (const owner of waiting)
      expect(owner?.metadata).toMatchObject({
        deletionTimestamp: expect.anything(),
        finalizers: ['foregroundDeletion'],
      });
    const pods = cluster.list(Pod);
    expect(pods.map(({ metadata }) => metadata.deletionTimestamp)).toEqual([
      expect.anything(),
      expect.anything(),
    ]);
    await cluster.settle();
    expect(cluster.find(Deployment, 'web')).toBeUndefined();
    expect([cluster.list(ReplicaSet), cluster.list(Pod)]).toEqual([[], []]);
  });

  it('and orphaning its dependents only takes itself off them', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(web);
    await cluster.settle();
    await deleteWith(cluster, Deployment, 'web', 'Orphan');
    await cluster.settle();
    expect(cluster.find(Deployment, 'web')).toBeUndefined();
    const [replicaSet] = cluster.list(ReplicaSet);
    expect(replicaSet?.metadata.ownerReferences).toBeUndefined();
    expect(cluster.list(Pod).map(({ metadata }) => metadata.ownerReferences?.[0]?.uid)).toEqual([
      replicaSet?.metadata.uid,
      replicaSet?.metadata.uid,
    ]);
  });

  it('keeps what somebody else owns too, without the reference', async () => {
    const cluster = await createCluster();
    const a = await createMap(cluster, 'a');
    const b = await createMap(cluster, 'b');
    await createMap(cluster, 'shared', [a, b]);
    await cluster.settle();
    await cluster.delete(ConfigMap, 'a');
    await cluster.settle();
    expect(cluster.get(ConfigMap, 'shared').metadata.ownerReferences).toMatchObject([b]);
    await cluster.delete(ConfigMap, 'b');
    await cluster.settle();
    expect(mapNames(cluster)).toEqual([]);
  });

  it('in the foreground lets go of what does not block it, and of what somebody else owns', async () => {
    const cluster = await createCluster();
    const owner = await createMap(cluster, 'owner');
    const other = await createMap(cluster, 'other');
    await createMap(cluster, 'free', [owner], { finalizers: ['example.com/hold'] });
    await createMap(cluster, 'shared', [{ ...owner, blockOwnerDeletion: true }, other]);
    await deleteWith(cluster, ConfigMap, 'owner', 'Foreground');
    await cluster.settle();
    expect(mapNames(cluster)).toEqual(['free', 'other', 'shared']);
    expect(cluster.get(ConfigMap, 'free').metadata.deletionTimestamp).toBeDefined();
    expect(cluster.get(ConfigMap, 'shared').metadata.ownerReferences).toMatchObject([other]);
  });

  it('in the foreground does not wait for ever in a circle', async () => {
    const cluster = await createCluster();
    const a = await createMap(cluster, 'a');
    const b = await createMap(cluster, 'b', [{ ...a, blockOwnerDeletion: true }]);
    const ownerReferences = [
      { apiVersion: 'v1', kind: 'ConfigMap', ...b, blockOwnerDeletion: true },
    ];
    const target = { name: 'a', namespace: 'default' };
    await cluster.client.patch(ConfigMap.resource, target, { metadata: { ownerReferences } });
    await deleteWith(cluster, ConfigMap, 'a', 'Foreground');
    await cluster.settle();
    expect(mapNames(cluster)).toEqual([]);
  });
});

describe('an owner that is not there', () => {
  const ghost: Owner = { name: 'ghost', uid: '11111111-2222-3333-4444-555555555555' };

  it('takes what names it', async () => {
    const cluster = await createCluster();
    await createMap(cluster, 'lost', [ghost]);
    await cluster.settle();
    expect(mapNames(cluster)).toEqual([]);
    expect(cluster.events()).toEqual([]);
  });

  it('is not another object of its name', async () => {
    const cluster = await createCluster();
    await createMap(cluster, 'ghost');
    await createMap(cluster, 'lost', [ghost]);
    await cluster.settle();
    expect(mapNames(cluster)).toEqual(['ghost']);
  });

  it('is one in another namespace, which is told', async () => {
    const cluster = await createCluster();
    await cluster.create(new Namespace({ metadata: { name: 'shop' } }));
    const owner = await createMap(cluster, 'owner', [], { namespace: 'shop' });
    await createMap(cluster, 'lost', [owner]);
    await cluster.settle();
    expect(mapNames(cluster)).toEqual(['owner']);
    expect(cluster.events('lost')).toMatchObject([
      {
        type: 'Warning',
        reason: 'OwnerRefInvalidNamespace',
        source: { component: 'garbage-collector-controller' },
        message: `ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: ${owner.uid}] does not exist in namespace "default"`,
      },
    ]);
  });

  it('does nothing when its kind is not served', async () => {
    const cluster = await createCluster();
    const reference = { apiVersion: 'example.com/v1', kind: 'Ghost', ...ghost };
    const metadata = { name: 'kept', ownerReferences: [reference] };
    await cluster.create(new ConfigMap({ metadata }));
    await cluster.settle();
    expect(mapNames(cluster)).toEqual(['kept']);
  });

  it('of a cluster-scoped object can be in no namespace', async () => {
    const cluster = await createCluster();
    const owner = await createMap(cluster, 'owner');
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', ...owner }];
    await cluster.create(new Namespace({ metadata: { name: 'shop', ownerReferences } }));
    await cluster.settle();
    expect(cluster.find(Namespace, 'shop')?.metadata.deletionTimestamp).toBeUndefined();
    expect(cluster.events('shop').map(({ reason }) => reason)).toEqual([
      'OwnerRefInvalidNamespace',
    ]);
  });
});
