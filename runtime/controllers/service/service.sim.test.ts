import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../generated/cluster/v1/index.ts';
import { Node, Service } from '../../../generated/core/v1/index.ts';
import type { ServiceSpec } from '../../../generated/core/v1/types.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const balanced = (name: string, spec: Partial<ServiceSpec> = {}) =>
  new Service({
    metadata: { name },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  });
const address = (cluster: TestCluster, name: string) =>
  cluster.get(Service, name).status?.loadBalancer?.ingress?.map(({ ip }) => ip);
const reasons = (cluster: TestCluster, name: string) =>
  cluster.events(name).map(({ reason }) => reason);
const HELD = ['service.kubernetes.io/load-balancer-cleanup'];

describe('a service of type LoadBalancer', () => {
  it('gets an address of its own, is held by a finalizer, and says so', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(
      balanced('a'),
      balanced('b'),
      new Service({ metadata: { name: 'c' }, spec: { ports: [{ port: 80 }] } }),
    );
    await cluster.settle();
    expect([address(cluster, 'a'), address(cluster, 'b')]).toEqual([
      ['203.0.113.1'],
      ['203.0.113.2'],
    ]);
    expect(cluster.get(Service, 'a').metadata.finalizers).toEqual(HELD);
    expect(cluster.get(Service, 'c').metadata.finalizers).toBeUndefined();
    expect(reasons(cluster, 'a')).toEqual(['EnsuringLoadBalancer', 'EnsuredLoadBalancer']);
    expect(cluster.events('a')[0]?.source?.component).toBe('service-controller');
    await cluster.advance('10m');
    expect(reasons(cluster, 'a')).toHaveLength(2);
  });

  it('goes once its balancer has gone', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(balanced('a'));
    await cluster.settle();
    await cluster.delete(Service, 'a');
    await cluster.settle();
    expect(cluster.find(Service, 'a')).toBeUndefined();
    expect(reasons(cluster, 'a').slice(2)).toEqual(['DeletingLoadBalancer', 'DeletedLoadBalancer']);
  });

  it('gives its address back when it becomes another type, and gets one when it comes back', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(balanced('a'));
    await cluster.settle();
    await cluster.patch(Service, 'a', { spec: { type: 'ClusterIP' } });
    await cluster.settle();
    expect(address(cluster, 'a')).toBeUndefined();
    expect(cluster.get(Service, 'a').metadata.finalizers ?? []).toEqual([]);
    await cluster.patch(Service, 'a', { spec: { type: 'LoadBalancer' } });
    await cluster.settle();
    expect(address(cluster, 'a')).toEqual(['203.0.113.2']);
    expect(reasons(cluster, 'a')).toEqual([
      'Type',
      'DeletingLoadBalancer',
      'DeletedLoadBalancer',
      'Type',
      'EnsuringLoadBalancer',
      'EnsuredLoadBalancer',
    ]);
  });

  it('is left alone when it names a class', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(balanced('a', { loadBalancerClass: 'example.com/mine' }));
    await cluster.settle();
    expect([address(cluster, 'a'), reasons(cluster, 'a')]).toEqual([undefined, []]);
  });

  it('waits for an address when the pool has none, and takes one that is given back', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const network = { loadBalancerCIDR: '198.51.100.9/32' };
    await cluster.create(new Cluster({ metadata: { name: 'default' }, spec: { network } }));
    await cluster.create(balanced('a'), balanced('b'));
    await cluster.advance('1s');
    expect([address(cluster, 'a'), address(cluster, 'b')]).toEqual([['198.51.100.9'], undefined]);
    const [failure] = cluster.events('b').filter(({ type }) => type === 'Warning');
    expect([failure?.reason, failure?.message]).toEqual([
      'SyncLoadBalancerFailed',
      'Error syncing load balancer: failed to ensure load balancer: no address of 198.51.100.9/32 is free',
    ]);
    await cluster.delete(Service, 'a');
    await cluster.advance('5m');
    expect(address(cluster, 'b')).toEqual(['198.51.100.9']);
  });
});

describe('the nodes of a balancer', () => {
  it('are told when one is excluded, and missed when there are none', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(balanced('a'));
    await cluster.settle();
    const exclude = (value: string | null) =>
      cluster.patch(Node, 'node-0', {
        metadata: { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': value } },
      });
    await exclude('');
    await cluster.settle();
    expect(reasons(cluster, 'a').slice(2)).toEqual(['UnAvailableLoadBalancer']);
    await exclude(null);
    await cluster.settle();
    expect(reasons(cluster, 'a').slice(3)).toEqual(['UpdatedLoadBalancer']);
  });

  it('are missed at once in a cluster without any', async () => {
    const cluster = await createCluster();
    await cluster.create(balanced('a'));
    await cluster.settle();
    expect(reasons(cluster, 'a')).toEqual([
      'EnsuringLoadBalancer',
      'UnAvailableLoadBalancer',
      'EnsuredLoadBalancer',
    ]);
  });

  it('are known in a fork, where nothing is set up again', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(balanced('a'));
    await cluster.settle();
    const fork = await cluster.fork();
    await fork.patch(Service, 'a', { metadata: { labels: { tier: 'x' } } });
    await fork.create(balanced('b'));
    await fork.settle();
    expect(reasons(fork, 'a')).toHaveLength(2);
    expect(address(fork, 'b')).toEqual(['203.0.113.2']);
    expect(cluster.find(Service, 'b')).toBeUndefined();
  });
});
