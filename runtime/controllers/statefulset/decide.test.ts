import { describe, expect, it } from 'vitest';
import type { StatefulSet } from '../../../generated/apps/v1/types.ts';
import type { PersistentVolumeClaim, Pod } from '../../../generated/core/v1/types.ts';
import { ownerReference } from '../../meta/index.ts';
import { claimWork } from './claims.ts';
import { decide } from './decide.ts';
import { podOf, setOf, stateOf } from './statefulset.fakes.ts';
import { nextStatus } from './status.ts';

const NO_CLAIMS = () => undefined;
const fresh = { revision: 'new' } as const;

/** `+0` makes db-0, `-2` removes db-2, `~1` updates db-1. */
function steps(set: StatefulSet, pods: readonly Pod[]): string[] {
  return decide(stateOf(set, pods), NO_CLAIMS)
    .stages.flat()
    .map(({ name, create, remove, update }) => {
      const sign = create ? '+' : remove ? '-' : update ? '~' : '?';
      return `${sign}${name.slice('db-'.length)}`;
    });
}

const parallel = { podManagementPolicy: 'Parallel' } as const;
const rolling = (rollingUpdate: object) =>
  ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate } }) as const;

describe('an ordered set', () => {
  it.each<[string, StatefulSet, Pod[], string[]]>([
    ['makes the first', setOf(3), [], ['+0']],
    ['makes what is missing in between', setOf(3), [podOf(0), podOf(2)], ['+1']],
    ['waits for one that is not ready', setOf(3), [podOf(0, { is: 'broken' })], []],
    ['waits for one that leaves', setOf(2), [podOf(0, { is: 'leaving' })], []],
    ['removes one that failed', setOf(2), [podOf(0, { is: 'failed' })], ['-0']],
    ['removes the highest', setOf(1), [podOf(0), podOf(1), podOf(2)], ['-2']],
    ['removes a broken one', setOf(1), [podOf(0), podOf(1, { is: 'broken' })], ['-1']],
    [
      'waits when one below is broken too',
      setOf(0),
      [podOf(0, { is: 'broken' }), podOf(1, { is: 'broken' })],
      [],
    ],
    ['replaces the highest old one', setOf(2), [podOf(0), podOf(1)], ['-1']],
    ['replaces the next', setOf(2), [podOf(0), podOf(1, fresh)], ['-0']],
    [
      'keeps those below the partition',
      setOf(2, rolling({ partition: 2 })),
      [podOf(0), podOf(1)],
      [],
    ],
    [
      'replaces several where several may be unavailable',
      setOf(3, rolling({ maxUnavailable: 2 })),
      [podOf(0), podOf(1), podOf(2)],
      ['-2', '-1'],
    ],
    [
      'takes a percentage down, but never to none',
      setOf(3, rolling({ maxUnavailable: '50%' })),
      [podOf(0), podOf(1), podOf(2)],
      ['-2'],
    ],
    [
      'replaces nothing with OnDelete',
      setOf(1, { updateStrategy: { type: 'OnDelete' } }),
      [podOf(0)],
      [],
    ],
  ])('%s', (_, set, pods, expected) => {
    expect(steps(set, pods)).toEqual(expected);
  });
});

describe('a parallel set', () => {
  it.each<[string, StatefulSet, Pod[], string[]]>([
    ['makes all', setOf(3, parallel), [], ['+0', '+1', '+2']],
    ['removes all that are too many', setOf(0, parallel), [podOf(0), podOf(1)], ['-1', '-0']],
    ['replaces one at a time', setOf(2, parallel), [podOf(0), podOf(1)], ['-1']],
    [
      'waits for the new one',
      setOf(2, parallel),
      [podOf(0), podOf(1, { ...fresh, is: 'broken' })],
      [],
    ],
    ['replaces a broken one', setOf(2, parallel), [podOf(0), podOf(1, { is: 'broken' })], ['-1']],
    [
      'replaces what is broken first, and then as many as may be',
      setOf(4, { ...parallel, ...rolling({ maxUnavailable: 2 }) }),
      [podOf(0, { is: 'broken' }), podOf(1), podOf(2), podOf(3)],
      ['-0', '-3'],
    ],
  ])('%s', (_, set, pods, expected) => {
    expect(steps(set, pods)).toEqual(expected);
  });
});

describe('the status', () => {
  it('makes the new revision the current one when all pods are of it and ready', () => {
    const status = nextStatus(stateOf(setOf(2), [podOf(0, fresh), podOf(1, fresh)]), new Set(), 0);
    expect(status).toMatchObject({
      currentRevision: 'new',
      currentReplicas: 2,
      updatedReplicas: 2,
    });
    const half = nextStatus(stateOf(setOf(2), [podOf(0), podOf(1, fresh)]), new Set(), 0);
    expect(half).toMatchObject({ currentRevision: 'old', currentReplicas: 1, updatedReplicas: 1 });
  });

  it('does not count a pod that was told to go just now as of its revision', () => {
    const status = nextStatus(stateOf(setOf(1), [podOf(0)]), new Set(['db-0']), 0);
    expect(status).toMatchObject({ replicas: 1, readyReplicas: 1 });
    expect(status).not.toHaveProperty('currentReplicas');
  });
});

describe('the claims of a pod', () => {
  const volumeClaimTemplates = [
    { metadata: { name: 'data' }, spec: {} },
  ] as unknown as readonly PersistentVolumeClaim[];
  const keeping = (policy: object): StatefulSet =>
    setOf(1, { volumeClaimTemplates, persistentVolumeClaimRetentionPolicy: policy });
  const member = (isCondemned: boolean) =>
    ({ name: 'db-0', ordinal: 0, pod: podOf(0), isCondemned }) as const;
  const claim = (ownerReferences: readonly ReturnType<typeof ownerReference>[] = []) =>
    ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data-db-0', namespace: 'shop', ownerReferences },
    }) as PersistentVolumeClaim;
  const owners = (set: StatefulSet, of: PersistentVolumeClaim, isCondemned: boolean) => {
    const { hand, conflicts } = claimWork(set, member(isCondemned), () => of, true);
    const [handed] = hand;
    return { to: handed?.metadata.ownerReferences?.map(({ uid }) => uid), conflicts };
  };
  const none: string[] = [];

  it.each([
    ['Retain', 'Retain', undefined, undefined],
    ['Delete', 'Retain', ['uid-db'], ['uid-db']],
    ['Retain', 'Delete', undefined, ['uid-db-0']],
    ['Delete', 'Delete', ['uid-db'], ['uid-db-0']],
  ])('with %s on deletion and %s on scaling', (whenDeleted, whenScaled, wanted, condemned) => {
    const set = keeping({ whenDeleted, whenScaled });
    expect(owners(set, claim(), false)).toEqual({ to: wanted, conflicts: none });
    expect(owners(set, claim(), true)).toEqual({ to: condemned, conflicts: none });
  });

  it('lose their owner when the policy is taken back', () => {
    const owned = claim([ownerReference(setOf(1))]);
    expect(owners(keeping({}), owned, false).to).toEqual([]);
  });

  it('are left alone when they belong to another controller or a former set', () => {
    const set = keeping({ whenDeleted: 'Delete' });
    const other = { ...ownerReference(setOf(1)), name: 'other', uid: 'other' };
    expect(owners(set, claim([other]), false)).toEqual({ to: undefined, conflicts: ['data-db-0'] });
    const former = { ...ownerReference(setOf(1)), uid: 'former' };
    expect(owners(set, claim([former]), false).to).toBeUndefined();
  });
});
