import { expect, it } from 'vitest';
import { ConfigMap, Endpoints, Namespace, Node, Service } from '../../generated/core/v1/index.ts';
import { EndpointSlice } from '../../generated/discovery/v1/index.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

it('has the namespaces of the system and its own service again a minute after they went', async () => {
  const cluster = await createCluster({ nodes: 1 });
  const { clusterIP } = cluster.get(Service, 'kubernetes').spec!;
  await cluster.delete(Namespace, 'kube-node-lease');
  await cluster.delete(Service, 'kubernetes');
  await cluster.delete(EndpointSlice, 'kubernetes');
  await cluster.delete(Endpoints, 'kubernetes');
  await cluster.advance('20s');
  expect(cluster.list(Namespace).map(({ metadata }) => metadata.name)).not.toContain(
    'kube-node-lease',
  );
  await cluster.advance('1m');
  expect(cluster.get(Namespace, 'kube-node-lease').status?.phase).toBe('Active');
  expect(cluster.get(Service, 'kubernetes').spec?.clusterIP).toBe(clusterIP);
  expect(cluster.get(EndpointSlice, 'kubernetes').endpoints).toHaveLength(1);
  expect(cluster.get(Endpoints, 'kubernetes').subsets?.[0]?.ports?.[0]?.port).toBe(6443);
  expect(cluster.list(EndpointSlice)).toHaveLength(1);
  await cluster.advance('5m');
  const ready = cluster
    .get(Node, 'node-0')
    .status?.conditions?.find(({ type }) => type === 'Ready');
  expect(ready?.status).toBe('True');
});

it('publishes by whose certificates clients are known, where there is an authority', async () => {
  const name = 'extension-apiserver-authentication';
  const published = (cluster: TestCluster) =>
    cluster
      .list(ConfigMap, { namespace: 'kube-system' })
      .find(({ metadata }) => metadata.name === name)?.data;
  expect(published(await createCluster())).toBeUndefined();
  const cluster = await createCluster({ rootCertificate: 'the authority' });
  expect(published(cluster)).toEqual({ 'client-ca-file': 'the authority' });
});
