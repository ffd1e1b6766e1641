import { expect, it } from 'vitest';
import { Endpoints, Service } from '../../../generated/core/v1/index.ts';
import { EndpointSlice } from '../../../generated/discovery/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const LABELS = { 'kubernetes.io/service-name': 'db' };
const service = () => new Service({ metadata: { name: 'db' }, spec: { ports: [{ port: 5432 }] } });
const endpoints = (...ips: string[]) =>
  new Endpoints({
    metadata: { name: 'db' },
    subsets: [{ addresses: ips.map((ip) => ({ ip })), ports: [{ port: 5432 }] }],
  });
const addresses = (cluster: TestCluster) =>
  cluster
    .list(EndpointSlice, { labels: LABELS })
    .map(({ endpoints: list = [] }) => list.flatMap(({ addresses: each }) => each));

it('follows Endpoints of a service without a selector, and mends what others change', async () => {
  const cluster = await createCluster();
  await cluster.create(endpoints('192.0.2.1'));
  await cluster.settle();
  expect(addresses(cluster)).toEqual([]);
  await cluster.create(service());
  await cluster.settle();
  expect(addresses(cluster)).toEqual([['192.0.2.1']]);
  await cluster.apply(endpoints('192.0.2.1', '192.0.2.2'));
  await cluster.settle();
  expect(addresses(cluster)).toEqual([['192.0.2.1', '192.0.2.2']]);
  const [slice] = cluster.list(EndpointSlice, { labels: LABELS });
  await cluster.delete(EndpointSlice, slice?.metadata.name ?? '');
  await cluster.settle();
  expect(addresses(cluster)).toEqual([['192.0.2.1', '192.0.2.2']]);
  await cluster.delete(Endpoints, 'db');
  await cluster.settle();
  expect(addresses(cluster)).toEqual([]);
});

it('leaves the slices to the other controller once the service has a selector', async () => {
  const cluster = await createCluster();
  await cluster.create(service(), endpoints('192.0.2.1'));
  await cluster.settle();
  await cluster.patch(Service, 'db', { spec: { selector: { app: 'db' } } });
  await cluster.settle();
  const managers = cluster
    .list(EndpointSlice, { labels: LABELS })
    .map(({ metadata }) => metadata.labels?.['endpointslice.kubernetes.io/managed-by']);
  expect(managers).toEqual(['endpointslice-controller.k8s.io']);
});
