import { describe, expect, it } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import type { StorageClass } from '../../../generated/storage/v1/types.ts';
import { claimFor, claimStatus, unbound, volumeFor } from './bound.ts';
import { type ClaimWorld, decideClaim } from './decide-claim.ts';
import { decideVolume } from './decide-volume.ts';
import { decideReclaim } from './reclaim.ts';
import { claimOf, refTo, volumeOf } from './storage.fakes.ts';

const COMPLETED = { 'pv.kubernetes.io/bind-completed': 'yes' };
const CHOSEN = { 'pv.kubernetes.io/bound-by-controller': 'yes' };

const classOf = (
  provisioner: string,
  volumeBindingMode?: 'WaitForFirstConsumer',
): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast' },
  provisioner,
  ...(volumeBindingMode ? { volumeBindingMode } : {}),
});

function world(volumes: PersistentVolume[] = [], more: Partial<ClaimWorld> = {}): ClaimWorld {
  return {
    volume: (name) => volumes.find(({ metadata }) => metadata.name === name),
    candidates: () => volumes,
    storageClass: () => undefined,
    defaultClass: () => undefined,
    waitingPods: () => [],
    ...more,
  };
}

/** The action in a few words. */
function decided(claim: PersistentVolumeClaim, around: ClaimWorld): string {
  const action = decideClaim(claim, around);
  switch (action.kind) {
    case 'bind':
      return `bind ${action.volume.metadata.name}`;
    case 'set-class':
      return `class ${action.className}`;
    case 'provision':
      return `provision by ${action.provisioner} for ${action.migratedTo ?? 'itself'}`;
    default:
      return `${action.kind} ${action.notice?.reason ?? ''} ${action.notice?.message ?? ''}`.trim();
  }
}

describe('a claim', () => {
  const delayed = { storageClass: () => classOf('p.test', 'WaitForFirstConsumer') };
  const SELECTED = { 'volume.kubernetes.io/selected-node': 'node-0' };

  it.each<[string, PersistentVolumeClaim, ClaimWorld, string]>([
    ['fits a volume', claimOf('c'), world([volumeOf('v')]), 'bind v'],
    [
      'fits none and names no class',
      claimOf('c', { className: '' }),
      world(),
      'wait FailedBinding no persistent volumes available for this claim and no storage class is set',
    ],
    [
      'names no class where one is the default',
      claimOf('c'),
      world([], { defaultClass: () => classOf('p.test') }),
      'class fast',
    ],
    [
      'says that it wants no class where one is the default',
      claimOf('c', { className: '' }),
      world([], { defaultClass: () => classOf('p.test') }),
      'wait FailedBinding no persistent volumes available for this claim and no storage class is set',
    ],
    [
      'names a class that is not there',
      claimOf('c', { className: 'fast' }),
      world(),
      'wait ProvisioningFailed storageclass.storage.k8s.io "fast" not found',
    ],
    [
      'names a class of volumes made by hand',
      claimOf('c', { className: 'fast' }),
      world([], { storageClass: () => classOf('kubernetes.io/no-provisioner') }),
      'wait ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner',
    ],
    [
      'names a class with a driver',
      claimOf('c', { className: 'fast' }),
      world([], { storageClass: () => classOf('p.test') }),
      'provision by p.test for itself',
    ],
    [
      'names a class whose plugin has moved',
      claimOf('c', { className: 'fast' }),
      world([], { storageClass: () => classOf('kubernetes.io/aws-ebs') }),
      'provision by ebs.csi.aws.com for ebs.csi.aws.com',
    ],
    [
      'waits for a consumer',
      claimOf('c', { className: 'fast' }),
      world([volumeOf('v', { className: 'fast' })], delayed),
      'wait WaitForFirstConsumer waiting for first consumer to be created before binding',
    ],
    [
      'has a consumer that waits for a node',
      claimOf('c', { className: 'fast' }),
      world([], { ...delayed, waitingPods: () => ['a'] }),
      'wait WaitForPodScheduled waiting for pod a to be scheduled',
    ],
    [
      'has two',
      claimOf('c', { className: 'fast' }),
      world([], { ...delayed, waitingPods: () => ['a', 'b'] }),
      'wait WaitForPodScheduled waiting for pods a,b to be scheduled',
    ],
    [
      'has a node',
      claimOf('c', { className: 'fast', annotations: SELECTED }),
      world([], delayed),
      'provision by p.test for itself',
    ],
    ['names a volume to come', claimOf('c', { spec: { volumeName: 'v' } }), world(), 'wait'],
    [
      'names a volume that fits',
      claimOf('c', { spec: { volumeName: 'v' } }),
      world([volumeOf('v')]),
      'bind v',
    ],
    [
      'names a volume that does not',
      claimOf('c', { spec: { volumeName: 'v' } }),
      world([volumeOf('v', { size: '1Gi' })]),
      'wait VolumeMismatch Cannot bind to requested volume "v": requested PV is too small',
    ],
    [
      'names another claim’s volume',
      claimOf('c', { spec: { volumeName: 'v' } }),
      world([volumeOf('v', { spec: refTo('d') })]),
      'wait FailedBinding volume "v" already bound to a different claim.',
    ],
    [
      'was bound to what is gone',
      claimOf('c', { annotations: COMPLETED, spec: { volumeName: 'v' } }),
      world(),
      'lose ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    ],
    [
      'was bound and does not know to what',
      claimOf('c', { annotations: COMPLETED }),
      world(),
      'lose ClaimLost Bound claim has lost reference to PersistentVolume. Data on the volume is lost!',
    ],
    [
      'was bound to what is another’s',
      claimOf('c', { annotations: COMPLETED, spec: { volumeName: 'v' } }),
      world([volumeOf('v', { spec: refTo('d') })]),
      'lose ClaimMisbound Two claims are bound to the same volume, this one is bound incorrectly',
    ],
    [
      'was bound to what forgot it',
      claimOf('c', { annotations: COMPLETED, spec: { volumeName: 'v' } }),
      world([volumeOf('v')]),
      'bind v',
    ],
  ])('that %s', (_, claim, around, expected) => {
    expect(decided(claim, around)).toBe(expected);
  });
});

describe('both sides of a binding', () => {
  it('name each other, and say who chose', () => {
    const claim = claimOf('c');
    const volume = volumeFor(volumeOf('v'), claim);
    expect(volume).toMatchObject({ metadata: { annotations: CHOSEN }, spec: refTo('c') });
    const bound = claimFor(claim, volume);
    expect(bound).toMatchObject({
      metadata: { annotations: { ...COMPLETED, ...CHOSEN } },
      spec: { volumeName: 'v' },
    });
    expect(volumeFor(volume, bound)).toBe(volume);
    expect(claimFor(bound, volume)).toBe(bound);
  });

  it('do not say so where the user did', () => {
    const kept = volumeFor(volumeOf('v', { spec: refTo('c', '') }), claimOf('c'));
    expect(kept.spec?.claimRef?.uid).toBe('uid-c');
    expect(kept.metadata.annotations).toBeUndefined();
    const named = claimFor(claimOf('c', { spec: { volumeName: 'v' } }), kept);
    expect(named.metadata.annotations).toEqual(COMPLETED);
  });

  it('tell the claim what it got, once', () => {
    const claim = claimOf('c');
    const status = claimStatus(claim, 'Bound', volumeOf('v'));
    expect(status).toEqual({
      phase: 'Bound',
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '10Gi' },
    });
    const larger = volumeOf('v', { size: '20Gi' });
    expect(claimStatus({ ...claim, status }, 'Bound', larger)).toBe(status);
    expect(claimStatus({ ...claim, status }, 'Lost')).toEqual({ phase: 'Lost' });
  });

  it('part again', () => {
    const claim = claimOf('c');
    const chosen = volumeFor(volumeOf('v'), claim);
    expect(unbound(chosen)).toEqual(volumeOf('v'));
    const kept = volumeFor(volumeOf('v', { spec: refTo('c', '') }), claim);
    const { claimRef } = unbound(kept).spec ?? {};
    expect([claimRef?.name, claimRef?.uid]).toEqual(['c', undefined]);
  });
});

describe('a volume', () => {
  const bound = claimOf('c', { spec: { volumeName: 'v' } });
  const elsewhere = claimOf('c', { spec: { volumeName: 'w' } });
  const MADE = { 'pv.kubernetes.io/provisioned-by': 'p.test' };
  const DELETE = { persistentVolumeReclaimPolicy: 'Delete' };

  it.each<[string, PersistentVolume, PersistentVolumeClaim | undefined, object]>([
    ['no claim', volumeOf('v'), undefined, { kind: 'phase', phase: 'Available' }],
    [
      'a claim to come',
      volumeOf('v', { spec: refTo('c', '') }),
      undefined,
      { kind: 'phase', phase: 'Available' },
    ],
    ['a claim', volumeOf('v', { spec: refTo('c') }), bound, { kind: 'phase', phase: 'Bound' }],
    ['a claim that is gone', volumeOf('v', { spec: refTo('c') }), undefined, { kind: 'release' }],
    [
      'a claim that is another',
      volumeOf('v', { spec: refTo('c', 'uid-old') }),
      bound,
      { kind: 'release' },
    ],
    [
      'a claim that does not know it yet',
      volumeOf('v', { spec: refTo('c') }),
      claimOf('c'),
      { kind: 'wait' },
    ],
    [
      'a claim that wants a block',
      volumeOf('v', { spec: refTo('c') }),
      claimOf('c', { spec: { volumeMode: 'Block' } }),
      { kind: 'mismatch' },
    ],
    [
      'a claim that chose another',
      volumeOf('v', { spec: refTo('c') }),
      elsewhere,
      { kind: 'unbind' },
    ],
    [
      'a claim that chose another, and was made for it',
      volumeOf('v', { annotations: MADE, spec: { ...refTo('c'), ...DELETE } }),
      elsewhere,
      { kind: 'release' },
    ],
  ])('with %s', (_, volume, claim, expected) => {
    expect(decideVolume(volume, claim)).toEqual(expected);
  });

  it.each<[object, object | undefined, string]>([
    [{ persistentVolumeReclaimPolicy: 'Retain' }, undefined, 'keep'],
    [{ persistentVolumeReclaimPolicy: 'Recycle' }, undefined, 'recycle'],
    [
      { persistentVolumeReclaimPolicy: 'Recycle', hostPath: undefined },
      undefined,
      'No recycler plugin found for the volume!',
    ],
    [{ ...DELETE, hostPath: { path: '/tmp/x' } }, undefined, 'delete'],
    [DELETE, undefined, 'host_path deleter only supports /tmp/.+ but received provided /srv/x'],
    [DELETE, MADE, 'keep'],
    [
      { ...DELETE, hostPath: undefined, nfs: { server: 's', path: '/' } },
      undefined,
      'error getting deleter volume plugin for volume "v": no deletable volume plugin matched',
    ],
    [
      { ...DELETE, hostPath: undefined, csi: { driver: 'p.test', volumeHandle: 'h' } },
      undefined,
      'error getting deleter volume plugin for volume "v": no volume plugin matched',
    ],
  ])('that is let go: %j, made by %j', (spec, made, expected) => {
    const shape = { spec, ...(made ? { annotations: made as Record<string, string> } : {}) };
    const action = decideReclaim(volumeOf('v', shape));
    expect(action.kind === 'fail' ? action.message : action.kind).toBe(expected);
  });
});
