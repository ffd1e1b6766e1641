import { describe, expect, it } from 'vitest';
import { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../generated/core/v1/index.ts';
import type { Quantity } from '../../../generated/core/v1/types.ts';
import { StorageClass } from '../../../generated/storage/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const IN = { namespace: 'default' };
const RWO = ['ReadWriteOnce'] as const;

const claim = (name: string, more: object = {}, storage: Quantity = '5Gi') =>
  new PersistentVolumeClaim({
    metadata: { name, ...IN },
    spec: { accessModes: RWO, resources: { requests: { storage } }, ...more },
  });
const volume = (name: string, more: object = {}, storage: Quantity = '10Gi') =>
  new PersistentVolume({
    metadata: { name },
    spec: {
      accessModes: RWO,
      capacity: { storage },
      hostPath: { path: '/srv/x' },
      ...more,
    } as never,
  });
const storageClass = (more: object = {}, annotations: Record<string, string> = {}) =>
  new StorageClass({ metadata: { name: 'fast', annotations }, provisioner: 'p.test', ...more });
const DEFAULT = { 'storageclass.kubernetes.io/is-default-class': 'true' };
const FAST = { storageClassName: 'fast' };
const pod = (name: string, claimName: string) =>
  new Pod({
    metadata: { name, ...IN },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'main', image: 'web:1' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  });

function states(cluster: TestCluster): Record<string, string> {
  const claims = cluster.list(PersistentVolumeClaim).map(({ metadata, spec, status }) => {
    const text = `${status?.phase} ${spec?.volumeName ?? ''}`.trim();
    return [metadata.name, text] as const;
  });
  const volumes = cluster.list(PersistentVolume).map(({ metadata, spec, status }) => {
    const text = `${status?.phase} ${spec?.claimRef?.name ?? ''}`.trim();
    return [metadata.name, text] as const;
  });
  return Object.fromEntries([...claims, ...volumes]) as Record<string, string>;
}

const reasons = (cluster: TestCluster, about: string) =>
  cluster
    .events(about)
    .map(({ type, reason, source }) => `${source?.component}: ${type} ${reason}`);

describe('volumes made by hand', () => {
  it('are bound to claims, each to one, and let go with them', async () => {
    const cluster = await createCluster();
    await cluster.create(volume('big', {}, '50Gi'), volume('mid', {}, '8Gi'), claim('c'));
    await cluster.advance('1s');
    expect(states(cluster)).toEqual({ c: 'Bound mid', big: 'Available', mid: 'Bound c' });
    expect(cluster.get(PersistentVolumeClaim, 'c').status).toMatchObject({
      accessModes: RWO,
      capacity: { storage: '8Gi' },
    });
    await cluster.create(claim('d'), claim('e'));
    await cluster.advance('1s');
    expect(states(cluster)).toMatchObject({ d: 'Bound big', e: 'Pending' });
    await cluster.delete(PersistentVolumeClaim, 'c');
    await cluster.advance('1s');
    expect(states(cluster)).toMatchObject({ mid: 'Released c', e: 'Pending' });
  });

  it('find a claim that waits when they come', async () => {
    const cluster = await createCluster();
    await cluster.create(claim('c'));
    await cluster.advance('1s');
    expect(reasons(cluster, 'c')).toEqual(['persistentvolume-controller: Normal FailedBinding']);
    await cluster.create(volume('v'));
    await cluster.advance('1s');
    expect(states(cluster)).toEqual({ c: 'Bound v', v: 'Bound c' });
  });

  it('are deleted with their data under /tmp, marked Failed elsewhere, and recycled', async () => {
    const cluster = await createCluster();
    const policy = (persistentVolumeReclaimPolicy: string, path: string) => ({
      persistentVolumeReclaimPolicy,
      hostPath: { path },
    });
    await cluster.create(
      volume('tmp', policy('Delete', '/tmp/x')),
      volume('srv', policy('Delete', '/srv/x')),
      volume('old', policy('Recycle', '/srv/x')),
      claim('a', { volumeName: 'tmp' }),
      claim('b', { volumeName: 'srv' }),
      claim('c', { volumeName: 'old' }),
    );
    await cluster.advance('1s');
    expect(states(cluster)).toMatchObject({ tmp: 'Bound a', srv: 'Bound b', old: 'Bound c' });
    for (const name of ['a', 'b', 'c']) await cluster.delete(PersistentVolumeClaim, name);
    await cluster.advance('1s');
    expect(states(cluster)).toEqual({ srv: 'Failed b', old: 'Available' });
    expect(cluster.get(PersistentVolume, 'srv').status?.message).toMatch(/^host_path deleter only/);
    expect(reasons(cluster, 'old')).toEqual(['persistentvolume-controller: Normal VolumeRecycled']);
  });

  it('are lost to a claim when somebody deletes them by force', async () => {
    const cluster = await createCluster();
    await cluster.create(volume('v'), claim('c'));
    await cluster.advance('1s');
    await cluster.delete(PersistentVolume, 'v');
    await cluster.patch(PersistentVolume, 'v', { metadata: { finalizers: null } } as never);
    await cluster.advance('1s');
    expect(states(cluster)).toEqual({ c: 'Lost v' });
    expect(reasons(cluster, 'c')).toEqual(['persistentvolume-controller: Warning ClaimLost']);
  });
});

describe('a class with a driver', () => {
  it('makes a volume for a claim, and deletes it with it', async () => {
    const cluster = await createCluster();
    await cluster.create(storageClass(), claim('c', FAST));
    await cluster.advance('3s');
    const { uid } = cluster.get(PersistentVolumeClaim, 'c').metadata;
    const name = `pvc-${uid}`;
    expect(states(cluster)).toEqual({ c: `Bound ${name}`, [name]: 'Bound c' });
    expect(reasons(cluster, 'c')).toEqual([
      'persistentvolume-controller: Normal ExternalProvisioning',
      'csi-provisioner: Normal Provisioning',
      'csi-provisioner: Normal ProvisioningSucceeded',
    ]);
    const made = cluster.get(PersistentVolume, name);
    expect(made.metadata).toMatchObject({
      annotations: { 'pv.kubernetes.io/provisioned-by': 'p.test' },
      finalizers: [
        'external-provisioner.volume.kubernetes.io/finalizer',
        'kubernetes.io/pv-protection',
      ],
    });
    expect(made.spec).toMatchObject({
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: 'fast',
      csi: { driver: 'p.test' },
    });
    await cluster.delete(PersistentVolumeClaim, 'c');
    await cluster.advance('3s');
    expect(states(cluster)).toEqual({});
  });

  it('keeps the volume where it says so', async () => {
    const cluster = await createCluster();
    await cluster.create(storageClass({ reclaimPolicy: 'Retain' }), claim('c', FAST));
    await cluster.advance('3s');
    await cluster.delete(PersistentVolumeClaim, 'c');
    await cluster.advance('3s');
    expect(Object.values(states(cluster))).toEqual(['Released c']);
  });

  it('waits for the node of the first consumer', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(
      storageClass({ volumeBindingMode: 'WaitForFirstConsumer' }),
      claim('c', FAST),
    );
    await cluster.advance('1m');
    expect(states(cluster)).toEqual({ c: 'Pending' });
    await cluster.create(pod('p', 'c'));
    expect(await cluster.settle()).toMatchObject({ converged: true });
    const { metadata, spec, status } = cluster.get(PersistentVolumeClaim, 'c');
    expect(status?.phase).toBe('Bound');
    expect(metadata.annotations).toMatchObject({
      'volume.kubernetes.io/selected-node': 'node-0',
      'volume.kubernetes.io/storage-provisioner': 'p.test',
    });
    expect(spec?.volumeName).toBe(`pvc-${metadata.uid}`);
    expect(reasons(cluster, 'c')[0]).toBe(
      'persistentvolume-controller: Normal WaitForFirstConsumer',
    );
  });

  it('becomes the class of claims that came before it was the default', async () => {
    const cluster = await createCluster();
    await cluster.create(claim('c'), claim('none', { storageClassName: '' }));
    await cluster.advance('1s');
    await cluster.create(storageClass({}, DEFAULT));
    await cluster.advance('3s');
    expect(cluster.get(PersistentVolumeClaim, 'c').spec?.storageClassName).toBe('fast');
    expect(states(cluster)).toMatchObject({ c: expect.stringContaining('Bound'), none: 'Pending' });
  });

  it('lets a volume grow with its claim', async () => {
    const cluster = await createCluster();
    await cluster.create(storageClass({ allowVolumeExpansion: true }), claim('c', FAST));
    await cluster.advance('3s');
    await cluster.patch(PersistentVolumeClaim, 'c', {
      spec: { resources: { requests: { storage: '8Gi' } } },
    } as never);
    await cluster.cluster.drain();
    expect(cluster.get(PersistentVolumeClaim, 'c').status).toMatchObject({
      capacity: { storage: '5Gi' },
      allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' },
      conditions: [{ type: 'Resizing', status: 'True' }],
    });
    await cluster.advance('3s');
    const { status, spec } = cluster.get(PersistentVolumeClaim, 'c');
    expect(status?.capacity).toEqual({ storage: '8Gi' });
    expect(status).not.toHaveProperty('conditions');
    expect(cluster.get(PersistentVolume, spec?.volumeName ?? '').spec?.capacity).toEqual({
      storage: '8Gi',
    });
    expect(reasons(cluster, 'c').slice(3)).toEqual([
      'volume_expand: Normal ExternalExpanding',
      'external-resizer: Normal Resizing',
      'external-resizer: Normal VolumeResizeSuccessful',
    ]);
  });

  it('goes on in a fork where it was', async () => {
    const cluster = await createCluster();
    await cluster.create(storageClass(), claim('c', FAST));
    await cluster.advance('900ms');
    const fork = await cluster.fork();
    await fork.advance('100ms');
    expect(states(fork).c).toMatch(/^Bound/);
    expect(states(cluster).c).toBe('Pending');
  });
});
