import { describe, expect, it } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { bestMatch, mismatch } from './match.ts';
import { claimOf, refTo, volumeOf } from './storage.fakes.ts';

const RWO = 'ReadWriteOnce' as const;
const RWX = 'ReadWriteMany' as const;

const chosen = (claim: PersistentVolumeClaim, volumes: PersistentVolume[], keptOnly = false) =>
  bestMatch(claim, volumes, keptOnly)?.metadata.name;

describe('the best match', () => {
  it('is the smallest that is large enough', () => {
    const volumes = [
      volumeOf('big', { size: '50Gi' }),
      volumeOf('tiny', { size: '1Gi' }),
      volumeOf('mid', { size: '8Gi' }),
    ];
    expect(chosen(claimOf('c'), volumes)).toBe('mid');
    expect(chosen(claimOf('c', { size: '51Gi' }), volumes)).toBeUndefined();
  });

  it('has no more access modes than it must, be it larger', () => {
    const volumes = [
      volumeOf('both', { size: '5Gi', modes: [RWO, RWX] }),
      volumeOf('once', { size: '9Gi' }),
    ];
    expect(chosen(claimOf('c'), volumes)).toBe('once');
    expect(chosen(claimOf('c', { modes: [RWX] }), volumes)).toBe('both');
  });

  it('is the one that is kept for the claim, whatever its class', () => {
    const kept = volumeOf('kept', { size: '90Gi', className: 'other', spec: refTo('c', '') });
    expect(chosen(claimOf('c'), [volumeOf('free'), kept])).toBe('kept');
    expect(chosen(claimOf('c'), [volumeOf('free'), kept], true)).toBe('kept');
    expect(chosen(claimOf('d'), [kept])).toBeUndefined();
  });

  it('is none of the free ones where the scheduler chooses', () => {
    expect(chosen(claimOf('c'), [volumeOf('free')], true)).toBeUndefined();
  });

  it.each<[string, PersistentVolume]>([
    ['is of another class', volumeOf('v', { className: 'fast' })],
    ['is a block', volumeOf('v', { spec: { volumeMode: 'Block' } })],
    ['has other attributes', volumeOf('v', { spec: { volumeAttributesClassName: 'gold' } })],
    ['is another claim’s of that name', volumeOf('v', { spec: refTo('c', 'uid-old') })],
    ['is not available', { ...volumeOf('v'), status: { phase: 'Released' } }],
    [
      'is being deleted',
      { ...volumeOf('v'), metadata: { name: 'v', deletionTimestamp: '2025-01-01T00:00:00Z' } },
    ],
  ])('is none that %s', (_, volume) => {
    expect(chosen(claimOf('c'), [volume])).toBeUndefined();
  });

  it('has the labels that the claim selects', () => {
    const claim = claimOf('c', { spec: { selector: { matchLabels: { disk: 'ssd' } } } });
    const plain = volumeOf('a', { size: '5Gi' });
    const { metadata } = volumeOf('b');
    const ssd = { ...volumeOf('b'), metadata: { ...metadata, labels: { disk: 'ssd' } } };
    expect(chosen(claim, [plain, ssd])).toBe('b');
  });
});

it.each<[PersistentVolume, string | undefined]>([
  [volumeOf('v'), undefined],
  [volumeOf('v', { size: '1Gi' }), 'requested PV is too small'],
  [volumeOf('v', { className: 'x' }), 'storageClassName does not match'],
  [volumeOf('v', { spec: { volumeMode: 'Block' } }), 'incompatible volumeMode'],
  [volumeOf('v', { modes: [RWX] }), 'incompatible accessMode'],
])('%# names why a volume that was asked for does not fit', (volume, why) => {
  expect(mismatch(volume, claimOf('c'))).toBe(why);
});
