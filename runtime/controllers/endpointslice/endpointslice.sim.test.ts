import { describe, expect, it } from 'vitest';
import { Deployment } from '../../../generated/apps/v1/index.ts';
import { Event, Node, Pod, Service } from '../../../generated/core/v1/index.ts';
import { EndpointSlice } from '../../../generated/discovery/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const web = (replicas: number) =>
  new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'main', image: 'web:1' }] },
      },
    },
  });
const service = (name = 'web', selector: Record<string, string> = { app: 'web' }) =>
  new Service({ metadata: { name }, spec: { selector, ports: [{ port: 80, targetPort: 8080 }] } });

/** All slices but that of the API server's own service. */
const slicesOf = (cluster: TestCluster) =>
  cluster.list(EndpointSlice).filter(({ metadata }) => metadata.name !== 'kubernetes');
const addressesOf = (cluster: TestCluster, name = 'web') =>
  cluster
    .list(EndpointSlice, { labels: { 'kubernetes.io/service-name': name } })
    .flatMap(({ endpoints = [] }) => endpoints)
    .map(({ targetRef, conditions }) => [targetRef?.name, conditions?.ready] as const);
const reconciles = (cluster: TestCluster) =>
  cluster.cluster.journal.latest(
    100_000,
    (record) => record.type === 'reconcile' && record.component === 'endpointslice',
  ).length;

describe('endpoint slices', () => {
  it('follow the pods of a service, from nothing to nothing', async () => {
    const cluster = await createCluster({ nodes: { a: { zone: 'east' } } });
    await cluster.create(service());
    await cluster.settle();
    const [empty] = slicesOf(cluster);
    expect(empty?.metadata.name).toMatch(/^web-/);
    await cluster.create(web(2));
    await cluster.settle();
    const [slice] = slicesOf(cluster);
    expect(slice?.metadata.uid).toBe(empty?.metadata.uid);
    expect(slice?.endpoints).toMatchObject([{ zone: 'east' }, { zone: 'east' }]);
    await cluster.delete(Deployment, 'web');
    await cluster.settle();
    expect(slicesOf(cluster)).toHaveLength(1);
    expect(addressesOf(cluster)).toEqual([]);
    await cluster.delete(Service, 'web');
    await cluster.settle();
    expect(slicesOf(cluster)).toEqual([]);
  });

  it('follow a pod that loses or gains the label, and a selector that moves', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(web(1), service(), service('new', { app: 'new' }));
    await cluster.settle();
    const name = cluster.list(Pod)[0]?.metadata.name ?? '';
    const relabel = { metadata: { labels: { app: 'new' } } };
    await cluster.client.patch(Pod.resource, { name, namespace: 'default' }, relabel);
    await cluster.settle();
    expect(addressesOf(cluster, 'new')).toEqual([[name, true]]);
    expect(addressesOf(cluster)).toHaveLength(1);
    expect(addressesOf(cluster)).not.toContainEqual([name, true]);
    const move = { spec: { selector: { app: 'web' } } };
    await cluster.client.patch(Service.resource, { name: 'new', namespace: 'default' }, move);
    await cluster.settle();
    expect(addressesOf(cluster, 'new')).toEqual(addressesOf(cluster));
  });

  it('let go of a pod that nobody replaces', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const spec = { containers: [{ name: 'main', image: 'web:1' }] };
    const pod = (name: string) => new Pod({ metadata: { name, labels: { app: 'web' } }, spec });
    await cluster.create(service(), pod('moves'), pod('goes'));
    await cluster.settle();
    expect(addressesOf(cluster)).toHaveLength(2);
    const target = { name: 'moves', namespace: 'default' };
    await cluster.client.patch(Pod.resource, target, { metadata: { labels: { app: 'other' } } });
    await cluster.cluster.drain();
    expect(addressesOf(cluster)).toEqual([['goes', true]]);
    await cluster.delete(Pod, 'goes');
    await cluster.cluster.drain();
    expect(addressesOf(cluster)).toEqual([['goes', false]]);
    await cluster.advance('1m');
    expect(addressesOf(cluster)).toEqual([]);
  });

  it('spread many pods over slices of a hundred, with one look for all that happens at once', async () => {
    const cluster = await createCluster({ nodes: 5 });
    await cluster.create(service(), web(250));
    await cluster.settle();
    const sizes = slicesOf(cluster).map(({ endpoints = [] }) => endpoints.length);
    expect(sizes.sort((a, b) => b - a)).toEqual([100, 100, 50]);
    expect(reconciles(cluster)).toBeLessThan(20);
  });

  it('are left alone by what is none of their business', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(service(), web(2));
    await cluster.settle();
    const before = reconciles(cluster);
    const name = cluster.list(Pod)[0]?.metadata.name ?? '';
    const note = { metadata: { annotations: { note: 'x' } } };
    await cluster.client.patch(Pod.resource, { name, namespace: 'default' }, note);
    await cluster.client.patch(Node.resource, { name: 'node-0' }, note);
    await cluster.advance('1h');
    expect(reconciles(cluster)).toBe(before);
  });

  it('follow a node that moves to another zone', async () => {
    const cluster = await createCluster({ nodes: { a: { zone: 'east' } } });
    await cluster.create(service(), web(1));
    await cluster.settle();
    const labels = { 'topology.kubernetes.io/zone': 'west' };
    await cluster.client.patch(Node.resource, { name: 'a' }, { metadata: { labels } });
    await cluster.settle();
    expect(slicesOf(cluster)[0]?.endpoints).toMatchObject([{ zone: 'west' }]);
  });
});

describe('hints by the CPU of zones', () => {
  const MODE = 'service.kubernetes.io/topology-mode';
  const asking = () =>
    new Service({
      metadata: { name: 'web', annotations: { [MODE]: 'Auto' } },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    });
  const hintsOf = (cluster: TestCluster) =>
    slicesOf(cluster)
      .flatMap(({ endpoints = [] }) => endpoints)
      .map(({ hints }) => hints?.forZones?.map(({ name }) => name).join())
      .sort();
  const notices = async (cluster: TestCluster) =>
    (await cluster.list(Event))
      .filter(({ reason }) => reason?.startsWith('TopologyAwareHints'))
      .map(({ reason }) => reason);

  it('come with enough endpoints, follow the nodes and go with them', async () => {
    const cluster = await createCluster({ nodes: { a: { zone: 'east' }, b: { zone: 'west' } } });
    await cluster.create(asking(), web(4));
    await cluster.settle();
    expect(hintsOf(cluster)).toEqual(['east', 'east', 'west', 'west']);
    expect(await notices(cluster)).toContain('TopologyAwareHintsEnabled');
    const label = { metadata: { labels: { 'topology.kubernetes.io/zone': null } } };
    await cluster.patch(Node, 'b', label as never);
    await cluster.settle();
    expect(hintsOf(cluster)).toEqual([undefined, undefined, undefined, undefined]);
    expect(await notices(cluster)).toContain('TopologyAwareHintsDisabled');
  });
});
