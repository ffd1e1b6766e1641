import { expect, it } from 'vitest';
import { Endpoints, Namespace, Pod, Service } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const web = (more: object = {}) =>
  new Service({
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...more },
  });
const pod = (name: string) =>
  new Pod({
    metadata: { name, labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'web:1' }] },
  });
const podsOf = (cluster: TestCluster) =>
  (cluster.get(Endpoints, 'web').subsets ?? []).flatMap(({ addresses = [] }) =>
    addresses.map(({ targetRef }) => targetRef?.name),
  );

it('follow the pods of a service and go with it', async () => {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(web());
  await cluster.settle();
  expect(cluster.get(Endpoints, 'web')).not.toHaveProperty('subsets');
  await cluster.create(pod('a'), pod('b'));
  await cluster.settle();
  expect(podsOf(cluster)).toEqual(['a', 'b']);
  expect(cluster.get(Endpoints, 'web').metadata).toMatchObject({
    labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
    annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': expect.any(String) },
  });
  await cluster.delete(Pod, 'a');
  await cluster.cluster.drain();
  expect(podsOf(cluster)).toEqual(['b']);
  await cluster.delete(Service, 'web');
  await cluster.settle();
  expect(cluster.find(Endpoints, 'web')).toBeUndefined();
});

it('come back when they are deleted', async () => {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(web(), pod('a'));
  await cluster.settle();
  await cluster.delete(Endpoints, 'web');
  await cluster.settle();
  expect(podsOf(cluster)).toEqual(['a']);
});

it('are left to people where the service has no selector, or is a name', async () => {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(
    web({ selector: undefined }),
    new Service({
      metadata: { name: 'out' },
      spec: { type: 'ExternalName', externalName: 'a.example', selector: { app: 'web' } },
    }),
    pod('a'),
  );
  await cluster.settle();
  expect(cluster.list(Endpoints).filter(({ metadata }) => metadata.name !== 'kubernetes')).toEqual(
    [],
  );
});

it('do not come back in a namespace that goes', async () => {
  const cluster = await createCluster();
  const metadata = { name: 'web', namespace: 'shop' };
  await cluster.create(new Namespace({ metadata: { name: 'shop' } }));
  await cluster.create(new Service({ ...web(), metadata }));
  await cluster.settle();
  await cluster.delete(Namespace, 'shop');
  await cluster.advance('1m');
  expect(cluster.find(Namespace, 'shop')).toBeUndefined();
  expect(cluster.events().filter(({ reason }) => reason?.startsWith('FailedTo'))).toEqual([]);
});
