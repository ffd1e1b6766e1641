import { expect, it } from 'vitest';
import { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../generated/core/v1/index.ts';
import { VolumeAttributesClass } from '../../../generated/storage/v1/index.ts';
import { createCluster } from '../../testing/index.ts';

const IN = { namespace: 'default' };
const wish = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
} as const;
const claim = (more: object = {}) =>
  new PersistentVolumeClaim({ metadata: { name: 'data', ...IN }, spec: { ...wish, ...more } });
const pod = (nodeName?: string) =>
  new Pod({
    metadata: { name: 'p', ...IN },
    spec: {
      ...(nodeName ? { nodeName } : {}),
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'main', image: 'web:1' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  });

it('keeps a claim while a pod on a node mounts it', async () => {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(claim(), pod('node-1'));
  await cluster.advance('10s');
  await cluster.delete(PersistentVolumeClaim, 'data');
  await cluster.advance('10s');
  expect(cluster.get(PersistentVolumeClaim, 'data').metadata.deletionTimestamp).toBeDefined();
  await cluster.delete(Pod, 'p');
  await cluster.advance('10s');
  expect(cluster.find(PersistentVolumeClaim, 'data')).toBeUndefined();
});

it('lets a claim go that only a waiting pod names, and protects it again until then', async () => {
  const cluster = await createCluster();
  await cluster.create(claim(), pod());
  await cluster.client.patch(
    PersistentVolumeClaim.resource,
    { name: 'data', ...IN },
    { metadata: { finalizers: null } },
    { type: 'application/merge-patch+json' },
  );
  await cluster.advance('1s');
  const { finalizers } = cluster.get(PersistentVolumeClaim, 'data').metadata;
  expect(finalizers).toEqual(['kubernetes.io/pvc-protection']);
  await cluster.delete(PersistentVolumeClaim, 'data');
  await cluster.advance('1s');
  expect(cluster.find(PersistentVolumeClaim, 'data')).toBeUndefined();
});

it('keeps a volume while it is bound', async () => {
  const cluster = await createCluster();
  await cluster.create(
    new PersistentVolume({
      metadata: { name: 'v' },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/x' },
      },
    }),
    claim(),
  );
  await cluster.advance('1s');
  await cluster.delete(PersistentVolume, 'v');
  await cluster.advance('1s');
  expect(cluster.get(PersistentVolume, 'v').metadata.deletionTimestamp).toBeDefined();
  await cluster.delete(PersistentVolumeClaim, 'data');
  await cluster.advance('1s');
  expect(cluster.find(PersistentVolume, 'v')).toBeUndefined();
});

it('keeps a class of attributes while a claim names it', async () => {
  const cluster = await createCluster();
  await cluster.create(
    new VolumeAttributesClass({
      metadata: { name: 'fast' },
      driverName: 'p.test',
      parameters: { iops: '1000' },
    }),
    claim({ volumeAttributesClassName: 'fast' }),
  );
  await cluster.delete(VolumeAttributesClass, 'fast');
  await cluster.advance('1s');
  expect(cluster.find(VolumeAttributesClass, 'fast')).toBeDefined();
  await cluster.delete(PersistentVolumeClaim, 'data');
  await cluster.advance('1s');
  expect(cluster.find(VolumeAttributesClass, 'fast')).toBeUndefined();
});
