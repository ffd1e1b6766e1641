import { describe, expect, it } from 'vitest';
import { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../generated/core/v1/index.ts';
import { CSINode, StorageClass } from '../../../generated/storage/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const IN = { namespace: 'default' };
const ZONE = 'topology.kubernetes.io/zone';

const claim = (more: object = {}) =>
  new PersistentVolumeClaim({
    metadata: { name: 'data', ...IN },
    spec: {
      storageClassName: 'fast',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      ...more,
    },
  });
const storageClass = (more: object) =>
  new StorageClass({ metadata: { name: 'fast' }, provisioner: 'p.test', ...more });

const terms = (cluster: TestCluster) =>
  cluster
    .list(PersistentVolume)
    .flatMap(({ spec }) => spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []);

describe('a volume that a driver makes', () => {
  it('can be reached where its class allows', async () => {
    const cluster = await createCluster();
    const matchLabelExpressions = [{ key: ZONE, values: ['b', 'c'] }];
    await cluster.create(storageClass({ allowedTopologies: [{ matchLabelExpressions }] }), claim());
    await cluster.advance('5s');
    expect(terms(cluster)).toEqual([
      { matchExpressions: [{ key: ZONE, operator: 'In', values: ['b'] }] },
    ]);
  });

  it('can be reached from the zone of the node that it was made for, where the driver knows zones', async () => {
    const cluster = await createCluster({ nodes: { one: { zone: 'a' } } });
    await cluster.create(
      new CSINode({
        metadata: { name: 'one' },
        spec: { drivers: [{ name: 'p.test', nodeID: 'one', topologyKeys: [ZONE] }] },
      }),
      storageClass({ volumeBindingMode: 'WaitForFirstConsumer' }),
      claim(),
      new Pod({
        metadata: { name: 'p', ...IN },
        spec: {
          containers: [{ name: 'main', image: 'web:1' }],
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
        },
      }),
    );
    await cluster.settle();
    expect(cluster.get(Pod, 'p').spec?.nodeName).toBe('one');
    expect(terms(cluster)).toEqual([
      { matchExpressions: [{ key: ZONE, operator: 'In', values: ['a'] }] },
    ]);
  });

  it('is what claim and class say', async () => {
    const cluster = await createCluster();
    const parameters = { 'csi.storage.k8s.io/fstype': 'xfs', speed: 'high' };
    await cluster.create(storageClass({ parameters, mountOptions: ['noatime'] }), claim());
    await cluster.advance('5s');
    const [volume] = cluster.list(PersistentVolume);
    expect(volume?.spec).toMatchObject({
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      csi: { driver: 'p.test', fsType: 'xfs' },
      mountOptions: ['noatime'],
      volumeMode: 'Filesystem',
    });
  });

  it('is not made for a claim that goes before it is ready', async () => {
    const cluster = await createCluster();
    await cluster.create(storageClass({}), claim());
    await cluster.cluster.drain();
    await cluster.delete(PersistentVolumeClaim, 'data');
    await cluster.advance('5s');
    expect(cluster.list(PersistentVolume)).toEqual([]);
  });

  it('is held for its driver only while it is to be deleted with its claim', async () => {
    const cluster = await createCluster();
    await cluster.create(storageClass({}), claim());
    await cluster.advance('5s');
    const name = cluster.list(PersistentVolume)[0]?.metadata.name ?? '';
    const policy = (persistentVolumeReclaimPolicy: 'Retain' | 'Delete') =>
      cluster.patch(PersistentVolume, name, { spec: { persistentVolumeReclaimPolicy } });
    const finalizers = () => cluster.get(PersistentVolume, name).metadata.finalizers;
    await policy('Retain');
    await cluster.advance('1s');
    expect(finalizers()).toEqual(['kubernetes.io/pv-protection']);
    await policy('Delete');
    await cluster.advance('1s');
    expect(finalizers()).toContain('external-provisioner.volume.kubernetes.io/finalizer');
  });
});
