import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../generated/cluster/v1/index.ts';
import { Service } from '../../../generated/core/v1/index.ts';
import { services } from '../../../generated/core/v1/resources.ts';
import { IPAddress, ServiceCIDR } from '../../../generated/networking/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const service = (name: string, clusterIP?: string): Service =>
  new Service({
    metadata: { name },
    spec: { ports: [{ port: 80 }], ...(clusterIP ? { clusterIP } : {}) },
  } as never);

const range = (name: string, ...cidrs: string[]): ServiceCIDR =>
  new ServiceCIDR({ metadata: { name }, spec: { cidrs } });

const addresses = (cluster: TestCluster): string[] =>
  cluster
    .list(IPAddress)
    .map(({ metadata, spec }) => `${metadata.name} ${spec?.parentRef?.name}`)
    .sort();

const condition = (cluster: TestCluster, name: string): string => {
  const { status } = cluster.get(ServiceCIDR, name);
  return (status?.conditions ?? []).map((each) => `${each.status} ${each.message}`).join();
};

const names = (cluster: TestCluster): (string | undefined)[] =>
  cluster.list(ServiceCIDR).map(({ metadata }) => metadata.name);

describe('addresses', () => {
  it('are objects as long as services have them', async () => {
    const cluster = await createCluster();
    await cluster.create(service('web', '10.96.7.7'), service('none', 'None'));
    await cluster.settle();
    expect(addresses(cluster)).toEqual(['10.96.0.1 kubernetes', '10.96.7.7 web']);
    expect(cluster.get(IPAddress, '10.96.7.7')).toMatchObject({
      metadata: {
        labels: {
          'ipaddress.kubernetes.io/ip-family': 'IPv4',
          'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
        },
      },
      spec: { parentRef: { resource: 'services', namespace: 'default', name: 'web' } },
    });
    await cluster.delete(IPAddress, '10.96.7.7');
    await cluster.settle();
    expect(addresses(cluster)).toContain('10.96.7.7 web');
    await cluster.delete(Service, 'web');
    await cluster.create(service('again', '10.96.7.7'));
    await cluster.settle();
    expect(addresses(cluster)).toEqual(['10.96.0.1 kubernetes', '10.96.7.7 again']);
    await cluster.delete(Service, 'again');
    await cluster.settle();
    expect(addresses(cluster)).toEqual(['10.96.0.1 kubernetes']);
  });

  it('that somebody took by hand no service gets', async () => {
    const cluster = await createCluster();
    const parentRef = { resource: 'gateways', group: 'net.test', name: 'edge' };
    await cluster.create(new IPAddress({ metadata: { name: '10.96.0.9' }, spec: { parentRef } }));
    await expect(cluster.create(service('web', '10.96.0.9'))).rejects.toThrow(
      'failed to allocate IP 10.96.0.9: provided IP is already allocated',
    );
    await cluster.settle();
    expect(addresses(cluster)).toContain('10.96.0.9 edge');
  });
});

describe('a range', () => {
  it('is ready, and services get addresses of it, when the first is used up', async () => {
    const cluster = await createCluster();
    await cluster.create(
      new Cluster({
        metadata: { name: 'default' },
        spec: { network: { serviceCIDR: '10.50.0.0/29' } },
      } as never),
    );
    await cluster.create(range('more', '10.60.0.0/28'));
    await cluster.settle();
    expect(condition(cluster, 'more')).toBe('True Kubernetes Service CIDR is ready');
    expect(cluster.get(ServiceCIDR, 'more').metadata.finalizers).toEqual([
      'networking.k8s.io/service-cidr-finalizer',
    ]);
    await cluster.create(service('asked', '10.60.0.3'));
    for (let at = 0; at < 6; at++) await cluster.create(service(`s${at}`));
    const given = cluster.list(Service).map(({ spec }) => spec?.clusterIP ?? '');
    expect(given.filter((each) => each.startsWith('10.50.0.'))).toHaveLength(6);
    expect(given.filter((each) => each.startsWith('10.60.0.'))).toHaveLength(2);
  });

  it('that is deleted goes when no service needs it, ten seconds later', async () => {
    const cluster = await createCluster();
    await cluster.create(range('more', '10.60.0.0/28'));
    await cluster.create(service('web', '10.60.0.3'));
    await cluster.settle();
    await cluster.delete(ServiceCIDR, 'more');
    await cluster.settle();
    expect(condition(cluster, 'more')).toMatch(/^False There are still IPAddresses referencing/);
    await expect(cluster.create(service('late', '10.60.0.4'))).rejects.toThrow(/valid range/);
    await cluster.delete(Service, 'web');
    await cluster.cluster.drain();
    expect(names(cluster)).toContain('more');
    await cluster.advance('11s');
    expect(names(cluster)).not.toContain('more');
  });

  it('within another is needed by nobody', async () => {
    const cluster = await createCluster();
    await cluster.create(
      range('wide', '10.60.0.0/24', '2001:db8::/112'),
      range('more', '10.60.0.0/28'),
    );
    await cluster.create(service('web', '10.60.0.3'));
    await cluster.settle();
    await cluster.delete(ServiceCIDR, 'more');
    await cluster.advance('11s');
    expect(names(cluster)).toEqual(['kubernetes', 'wide']);
  });
});

it('brings the server’s own service into the range that the Cluster says', async () => {
  const cluster = await createCluster();
  const { uid } = cluster.get(Service, 'kubernetes').metadata;
  await cluster.create(
    new Cluster({
      metadata: { name: 'default' },
      spec: { network: { serviceCIDR: '10.50.0.0/16' } },
    } as never),
  );
  await cluster.settle();
  const { metadata, spec } = cluster.get(Service, 'kubernetes');
  expect([metadata.uid, spec?.clusterIP, spec?.clusterIPs]).toEqual([
    uid,
    '10.50.0.1',
    ['10.50.0.1'],
  ]);
  expect(cluster.get(ServiceCIDR, 'kubernetes').spec?.cidrs).toEqual(['10.50.0.0/16']);
  expect(addresses(cluster)).toEqual(['10.50.0.1 kubernetes']);
  const { resourceVersion } = await cluster.client
    .get(services, 'kubernetes', 'default')
    .then((each) => each.metadata);
  await cluster.advance('3m');
  expect(cluster.get(Service, 'kubernetes').metadata.resourceVersion).toBe(resourceVersion);
});
