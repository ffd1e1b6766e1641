import { describe, expect, it } from 'vitest';
import { ConfigMap, Namespace, Pod } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const shop = new Namespace({ metadata: { name: 'shop' } });
const map = (name: string, finalizers: string[] = []) =>
  new ConfigMap({ metadata: { name, namespace: 'shop', finalizers } });
const release = (cluster: TestCluster, name: string) =>
  cluster.client.patch(
    ConfigMap.resource,
    { name, namespace: 'shop' },
    { metadata: { finalizers: null } },
    { type: 'application/merge-patch+json' },
  );

describe('a namespace that is deleted', () => {
  it('takes its content along: pods first, with their grace, then the rest', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(shop);
    await cluster.settle();
    const spec = {
      terminationGracePeriodSeconds: 20,
      containers: [{ name: 'main', image: 'web:1' }],
    };
    await cluster.create(map('settings'));
    await cluster.create(
      new Pod({ metadata: { name: 'p', namespace: 'shop', finalizers: ['x.io/y'] }, spec }),
    );
    await cluster.settle();
    await cluster.delete(Namespace, 'shop');
    await cluster.advance('40s');
    expect(cluster.get(ConfigMap, 'settings', 'shop').metadata).not.toHaveProperty(
      'deletionTimestamp',
    );
    expect(cluster.get(Pod, 'p', 'shop').metadata.deletionTimestamp).toBeDefined();
    await cluster.client.patch(
      Pod.resource,
      { name: 'p', namespace: 'shop' },
      { metadata: { finalizers: null } },
      { type: 'application/merge-patch+json' },
    );
    expect(await cluster.settle()).toMatchObject({ converged: true });
    expect(cluster.find(Namespace, 'shop')).toBeUndefined();
    expect(cluster.list(ConfigMap, { namespace: 'shop' })).toEqual([]);
  });

  it('says what holds it, and goes when that has gone', async () => {
    const cluster = await createCluster();
    await cluster.create(shop, map('held', ['example.com/hold']));
    await cluster.settle();
    await cluster.delete(Namespace, 'shop');
    expect(await cluster.settle('30s')).toMatchObject({ converged: false });
    const { phase, conditions = [] } = cluster.get(Namespace, 'shop').status ?? {};
    expect(phase).toBe('Terminating');
    expect(
      conditions.filter(({ status }) => status === 'True').map(({ message }) => message),
    ).toEqual([
      'Some resources are remaining: configmaps. has 1 resource instances',
      'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
    ]);
    expect(
      cluster.list(ConfigMap, { namespace: 'shop' }).map(({ metadata }) => metadata.name),
    ).toEqual(['held']);
    await release(cluster, 'held');
    expect(await cluster.settle()).toMatchObject({ converged: true });
    expect(cluster.find(Namespace, 'shop')).toBeUndefined();
  });

  it('takes nothing new in', async () => {
    const cluster = await createCluster();
    await cluster.create(shop, map('held', ['example.com/hold']));
    await cluster.delete(Namespace, 'shop');
    await expect(cluster.create(map('new'))).rejects.toThrow(
      'configmaps "new" is forbidden: unable to create new content in namespace shop because it is being terminated',
    );
  });

  it('is empty before it is gone, even when it never held anything', async () => {
    const cluster = await createCluster();
    await cluster.create(shop);
    await cluster.settle();
    await cluster.delete(Namespace, 'shop');
    await cluster.advance('4s');
    expect(cluster.get(Namespace, 'shop').status?.phase).toBe('Terminating');
    await cluster.settle();
    expect(cluster.find(Namespace, 'shop')).toBeUndefined();
  });
});
