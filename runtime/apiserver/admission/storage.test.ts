import { describe, expect, it } from 'vitest';
import { persistentvolumeclaims, persistentvolumes } from '../../../generated/core/v1/resources.ts';
import type { PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { storageclasses } from '../../../generated/storage/v1/resources.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };
const DEFAULT = { 'storageclass.kubernetes.io/is-default-class': 'true' };

const storageClass = ({ client }: Bench, name: string, more: object = {}) =>
  client.create(storageclasses, {
    metadata: { name, annotations: DEFAULT },
    provisioner: 'p.test',
    ...more,
  });

const claim = ({ client }: Bench, name: string, spec: object = {}) =>
  client.create(persistentvolumeclaims, {
    metadata: { name, ...IN },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      ...spec,
    } as never,
  });

describe('DefaultStorageClass', () => {
  it('gives claims that name none the newest default class', async () => {
    const bench = await serverForTests();
    expect((await claim(bench, 'early')).spec).not.toHaveProperty('storageClassName');
    await storageClass(bench, 'old');
    bench.clock.moveTo(bench.clock.now() + 60_000);
    await storageClass(bench, 'b-new');
    await storageClass(bench, 'a-new');
    expect((await claim(bench, 'plain')).spec?.storageClassName).toBe('a-new');
    expect((await claim(bench, 'none', { storageClassName: '' })).spec?.storageClassName).toBe('');
    expect((await claim(bench, 'own', { storageClassName: 'old' })).spec?.storageClassName).toBe(
      'old',
    );
  });
});

describe('StorageObjectInUseProtection', () => {
  it('keeps claims and volumes that are deleted until nobody uses them', async () => {
    const bench = await serverForTests();
    const { client } = bench;
    expect((await claim(bench, 'c')).metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    const volume = await client.create(persistentvolumes, {
      metadata: { name: 'v', finalizers: ['example.com/mine'] },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/x' },
      } as never,
    });
    expect(volume.metadata.finalizers).toEqual(['example.com/mine', 'kubernetes.io/pv-protection']);
    await client.delete(persistentvolumeclaims, { name: 'c', ...IN });
    const left = await client.get(persistentvolumeclaims, 'c', 'default');
    expect(left.metadata.deletionTimestamp).toBeDefined();
  });
});

describe('PersistentVolumeClaimResize', () => {
  const grow = ({ client }: Bench, storage: string) =>
    client.patch(persistentvolumeclaims, { name: 'c', ...IN }, {
      spec: { resources: { requests: { storage } } },
    } as never);

  async function bound(expands: boolean): Promise<Bench> {
    const bench = await serverForTests();
    await storageClass(bench, 'gold', { allowVolumeExpansion: expands });
    const made = await claim(bench, 'c', { storageClassName: 'gold' });
    const status = { phase: 'Bound', capacity: { storage: '1Gi' } };
    await bench.client.updateStatus(persistentvolumeclaims, {
      ...made,
      status,
    } as PersistentVolumeClaim as never);
    return bench;
  }

  it('lets a bound claim grow where its class allows it, and never below what it has', async () => {
    const bench = await bound(true);
    expect((await grow(bench, '2Gi')).spec?.resources?.requests).toEqual({ storage: '2Gi' });
    expect(await refusal(grow(bench, '1Gi'))).toMatchObject({
      fields: ['spec.resources.requests.storage'],
    });
  });

  it('refuses it where the class does not', async () => {
    expect(await refusal(grow(await bound(false), '2Gi'))).toMatchObject({
      code: 403,
      message: expect.stringContaining('only dynamically provisioned pvc can be resized'),
    });
  });

  it('is not asked about a claim that is not bound: that one cannot change at all', async () => {
    const bench = await serverForTests();
    await claim(bench, 'c');
    expect(await refusal(grow(bench, '2Gi'))).toMatchObject({ code: 422, fields: ['spec'] });
  });
});
