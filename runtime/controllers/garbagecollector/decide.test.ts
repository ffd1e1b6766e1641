import { describe, expect, it } from 'vitest';
import type { KubeObject, OwnerReference } from '../../meta/index.ts';
import {
  blocks,
  isOrphaning,
  isWaiting,
  judge,
  type OwnerState,
  unblocking,
  withoutFinalizer,
  withoutOwners,
} from './decide.ts';

const reference = (uid: string, blockOwnerDeletion?: boolean): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: uid,
  uid,
  ...(blockOwnerDeletion === undefined ? {} : { blockOwnerDeletion }),
});

function owned(owners: readonly OwnerReference[], finalizers: readonly string[] = []): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'object',
      uid: 'own',
      ...(owners.length > 0 ? { ownerReferences: owners } : {}),
      ...(finalizers.length > 0 ? { finalizers } : {}),
    },
  };
}

const two = owned([reference('a'), reference('b')]);
const nobody = () => ({ count: 0, waiting: false });

describe('judge', () => {
  it.each<[string, OwnerState[], unknown]>([
    ['both there', ['solid', 'solid'], { kind: 'keep' }],
    ['one gone', ['absent', 'solid'], { kind: 'disown', uids: new Set(['a']) }],
    ['one waits', ['solid', 'waiting'], { kind: 'disown', uids: new Set(['b']) }],
    [
      'both gone',
      ['absent', 'absent'],
      { kind: 'delete', propagationPolicy: 'Background', unblock: false },
    ],
    [
      'one gone, one waits',
      ['absent', 'waiting'],
      { kind: 'delete', propagationPolicy: 'Background', unblock: false },
    ],
  ])('of an object with two owners, %s', (_, states, verdict) => {
    expect(judge(two, states, nobody)).toEqual(verdict);
  });

  it('keeps what nobody owns', () => {
    expect(judge(owned([]), [], nobody)).toEqual({ kind: 'keep' });
  });

  it('deletes in the foreground what has dependents of its own, when its owner waits', () => {
    const judgeWith = (waiting: boolean) =>
      judge(owned([reference('a')]), ['waiting'], () => ({ count: 2, waiting }));
    expect(judgeWith(false)).toEqual({
      kind: 'delete',
      propagationPolicy: 'Foreground',
      unblock: false,
    });
    expect(judgeWith(true)).toEqual({
      kind: 'delete',
      propagationPolicy: 'Foreground',
      unblock: true,
    });
  });

  it.each([
    ['orphan', 'Orphan'],
    ['foregroundDeletion', 'Foreground'],
    ['example.com/hold', 'Background'],
  ])('honours the finalizer %s', (finalizer, propagationPolicy) => {
    const object = owned([reference('a')], [finalizer]);
    expect(judge(object, ['absent'], nobody)).toMatchObject({ propagationPolicy });
  });
});

describe('the state of an owner', () => {
  const going = (...finalizers: string[]): KubeObject => {
    const object = owned([], finalizers);
    return {
      ...object,
      metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    };
  };

  it('is waiting or orphaning only while it is being deleted', () => {
    expect(isWaiting(going('foregroundDeletion'))).toBe(true);
    expect(isWaiting(owned([], ['foregroundDeletion']))).toBe(false);
    expect(isOrphaning(going('orphan'))).toBe(true);
    expect(isOrphaning(going('foregroundDeletion'))).toBe(false);
  });

  it('is blocked by dependents that say so', () => {
    const owner = owned([]);
    expect(blocks(owned([reference('own', true)]), owner)).toBe(true);
    expect(blocks(owned([reference('own', false)]), owner)).toBe(false);
    expect(blocks(owned([reference('own')]), owner)).toBe(false);
    expect(blocks(owned([reference('other', true)]), owner)).toBe(false);
  });
});

describe('what is written', () => {
  it('leaves out references and finalizers, and the field with the last of them', () => {
    expect(withoutOwners(two, new Set(['a'])).metadata.ownerReferences).toEqual([reference('b')]);
    expect(withoutOwners(two, new Set(['a', 'b'])).metadata).not.toHaveProperty('ownerReferences');
    const held = owned([], ['orphan', 'x']);
    expect(withoutFinalizer(held, 'orphan').metadata.finalizers).toEqual(['x']);
    expect(withoutFinalizer(owned([], ['orphan']), 'orphan').metadata).not.toHaveProperty(
      'finalizers',
    );
  });

  it('stops an object from blocking its owners', () => {
    const object = owned([reference('a', true), reference('b')]);
    expect(unblocking(object).metadata.ownerReferences).toEqual([
      reference('a', false),
      reference('b'),
    ]);
  });
});
