import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { podNamed, statsNamed } from './pods.fakes.ts';
import { type Disks, rank, SHARED_DISK } from './ranking.ts';
import { reclaimSteps } from './reclaim.ts';
import type { Signal } from './signals.ts';
import type { PodStats } from './summary.ts';

const OWN_DISK: Disks = { dedicatedImageFs: true, splitContainerFs: false };
const SPLIT: Disks = { dedicatedImageFs: true, splitContainerFs: true };

function ranked(
  signal: Signal,
  disks: Disks,
  pods: readonly Pod[],
  stats: readonly PodStats[],
): string[] {
  const statsOf = ({ metadata }: Pod) => stats.find(({ podRef }) => podRef.uid === metadata.uid);
  return rank(pods, signal, disks, statsOf).map(({ metadata }) => metadata.name ?? '');
}

describe('pods are evicted', () => {
  it('for memory: above their request first, then the less important, then the furthest above', () => {
    const pods = [
      podNamed('within', { requests: { memory: '500' }, priority: -5 }),
      podNamed('above', { requests: { memory: '100' } }),
      podNamed('far', { requests: { memory: '100' } }),
      podNamed('dear', { priority: 10 }),
      podNamed('unknown', { priority: 99 }),
    ];
    const stats = [
      statsNamed('within', { memory: 500 }),
      statsNamed('above', { memory: 150 }),
      statsNamed('far', { memory: 180 }),
      statsNamed('dear', { memory: 900 }),
    ];
    const order = ['unknown', 'far', 'above', 'dear', 'within'];
    expect(ranked('memory.available', SHARED_DISK, pods, stats)).toEqual(order);
    expect(ranked('allocatableMemory.available', SHARED_DISK, pods, stats)).toEqual(order);
  });

  it('for processes: the less important first, then those of the most', () => {
    const pods = ['few', 'many', 'dear'].map((name) =>
      podNamed(name, { priority: name === 'dear' ? 1 : 0 }),
    );
    const stats = [
      statsNamed('few', { processes: 2 }),
      statsNamed('many', { processes: 20 }),
      statsNamed('dear', { processes: 200 }),
    ];
    expect(ranked('pid.available', SHARED_DISK, pods, stats)).toEqual(['many', 'few', 'dear']);
  });

  it('for disk by what they have on the disk that is short', () => {
    const data = { volumes: [{ name: 'data', emptyDir: {} }] };
    const pods = ['layer', 'logs', 'volume'].map((name) => podNamed(name, data));
    const stats = [
      statsNamed('layer', { layer: 300, volume: 0 }),
      statsNamed('logs', { logs: 200, volume: 0 }),
      statsNamed('volume', { volume: 100 }),
    ];
    const by = (signal: Signal, disks: Disks) => ranked(signal, disks, pods, stats).join(' ');
    expect(by('nodefs.available', SHARED_DISK)).toBe('layer logs volume');
    expect(by('imagefs.available', SHARED_DISK)).toBe('layer logs volume');
    expect(by('nodefs.available', OWN_DISK)).toBe('logs volume layer');
    expect(by('imagefs.available', OWN_DISK)).toBe('layer logs volume');
    expect(by('nodefs.available', SPLIT)).toBe('layer logs volume');
    expect(by('nodefs.inodesFree', OWN_DISK)).toBe('logs layer volume');
  });

  it('for disk without what is no volume of the node', () => {
    const pods = [
      podNamed('claimed', {
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'c' } }],
      }),
      podNamed('local', { volumes: [{ name: 'data', emptyDir: {} }] }),
      podNamed('memory', { volumes: [{ name: 'data', emptyDir: { medium: 'Memory' } }] }),
    ];
    const stats = [
      statsNamed('claimed', { volume: 900, logs: 1 }),
      statsNamed('local', { volume: 10 }),
      statsNamed('memory', { volume: 900 }),
    ];
    expect(ranked('nodefs.available', SHARED_DISK, pods, stats)).toEqual([
      'local',
      'claimed',
      'memory',
    ]);
  });
});

it('the node clears away what lies on the disk that is short', () => {
  const steps = (signal: Signal, disks: Disks) => reclaimSteps(signal, disks).join(' ');
  expect(steps('memory.available', SHARED_DISK)).toBe('');
  expect(steps('pid.available', OWN_DISK)).toBe('');
  expect(steps('nodefs.available', SHARED_DISK)).toBe('containers images');
  expect(steps('nodefs.inodesFree', OWN_DISK)).toBe('');
  expect(steps('imagefs.available', OWN_DISK)).toBe('containers images');
  expect(steps('containerfs.available', OWN_DISK)).toBe('containers images');
  expect(steps('imagefs.available', SPLIT)).toBe('images');
  expect(steps('nodefs.available', SPLIT)).toBe('containers');
});
