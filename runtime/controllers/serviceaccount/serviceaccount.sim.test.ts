import { expect, it } from 'vitest';
import { ConfigMap, Namespace, ServiceAccount } from '../../../generated/core/v1/index.ts';
import { createCluster } from '../../testing/index.ts';

const CA = 'kube-root-ca.crt';

it('gives a namespace its account and the root certificate, and again when they are deleted', async () => {
  const cluster = await createCluster();
  await cluster.create(new Namespace({ metadata: { name: 'shop' } }));
  await cluster.settle();
  const { uid } = cluster.get(ServiceAccount, 'default', 'shop').metadata;
  const { data } = cluster.get(ConfigMap, CA, 'shop');
  expect(data?.['ca.crt']).toContain('BEGIN CERTIFICATE');
  await cluster.delete(ServiceAccount, 'default', 'shop');
  await cluster.delete(ConfigMap, CA, 'shop');
  await cluster.settle();
  expect(cluster.get(ServiceAccount, 'default', 'shop').metadata.uid).not.toBe(uid);
  expect(cluster.get(ConfigMap, CA, 'shop').data).toEqual(data);
});

it('mends the certificate and keeps what else is on the map', async () => {
  const cluster = await createCluster();
  const { data } = cluster.get(ConfigMap, CA);
  const change = {
    metadata: { annotations: { note: 'mine' } },
    data: { 'ca.crt': 'x', more: 'y' },
  };
  await cluster.client.patch(ConfigMap.resource, { name: CA, namespace: 'default' }, change);
  await cluster.settle();
  const mended = cluster.get(ConfigMap, CA);
  expect(mended.data).toEqual(data);
  expect(mended.metadata.annotations).toMatchObject({ note: 'mine' });
});

it('makes no account in a namespace that goes', async () => {
  const cluster = await createCluster();
  await cluster.create(new Namespace({ metadata: { name: 'shop' } }));
  await cluster.create(
    new ConfigMap({
      metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/hold'] },
    }),
  );
  await cluster.settle();
  await cluster.delete(Namespace, 'shop');
  await cluster.advance('20s');
  expect(cluster.list(ServiceAccount, { namespace: 'shop' })).toEqual([]);
});
