import type { Pod } from '../../../generated/core/v1/types.ts';
import { podAmounts } from '../amounts.ts';
import { priorityOf } from './qos.ts';
import type { Signal } from './signals.ts';
import type { FsStats, PodStats } from './summary.ts';

export type StatsOf = (pod: Pod) => PodStats | undefined;
/** Negative when `a` goes before `b`. */
export type Order = (a: Pod, b: Pod) => number;

/** Parts of a pod's use of disks. */
export type DiskPart = 'rootfs' | 'logs' | 'volumes';
export type DiskResource = 'ephemeral-storage' | 'inodes';

/** Where images and writable layers lie. */
export interface Disks {
  /** Images have a file system of their own. */
  readonly dedicatedImageFs: boolean;
  /** Writable layers are not on it but on the node's. */
  readonly splitContainerFs: boolean;
}

export const SHARED_DISK: Disks = { dedicatedImageFs: false, splitContainerFs: false };

/** The pods in the order in which they are to be evicted for `signal`. */
export function rank(pods: readonly Pod[], signal: Signal, disks: Disks, stats: StatsOf): Pod[] {
  return pods.toSorted(orderedBy(...ordersFor(signal, disks, stats)));
}

/** By the first order that tells them apart. */
export function orderedBy(...orders: readonly Order[]): Order {
  return (a, b) => {
    for (const order of orders) {
      const difference = order(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

function ordersFor(signal: Signal, disks: Disks, stats: StatsOf): readonly Order[] {
  switch (signal) {
    case 'memory.available':
    case 'allocatableMemory.available':
      return [exceedsMemory(stats), byPriority, byMemory(stats)];
    case 'pid.available':
      return [byPriority, byProcesses(stats)];
    default: {
      const parts = partsFor(signal, disks);
      const resource = signal.endsWith('inodesFree') ? 'inodes' : 'ephemeral-storage';
      return [exceedsDisk(stats, parts, resource), byPriority, byDisk(stats, parts, resource)];
    }
  }
}

/** What of a pod lies on the file system that runs short. */
function partsFor(signal: Signal, disks: Disks): readonly DiskPart[] {
  if (!disks.dedicatedImageFs) return ['rootfs', 'logs', 'volumes'];
  if (disks.splitContainerFs)
    return signal.startsWith('imagefs') ? [] : ['rootfs', 'logs', 'volumes'];
  return signal.startsWith('nodefs') ? ['logs', 'volumes'] : ['rootfs'];
}

export const byPriority: Order = (a, b) => priorityOf(a) - priorityOf(b);

export function exceedsMemory(stats: StatsOf): Order {
  return measured(stats, (a, b) =>
    trueFirst(a.memory > a.request('memory'), b.memory > b.request('memory')),
  );
}

export function byMemory(stats: StatsOf): Order {
  return measured(
    stats,
    (a, b) => b.memory - b.request('memory') - (a.memory - a.request('memory')),
  );
}

export function byProcesses(stats: StatsOf): Order {
  return measured(stats, (a, b) => b.processes - a.processes);
}

export function exceedsDisk(
  stats: StatsOf,
  parts: readonly DiskPart[],
  resource: DiskResource,
): Order {
  return measured(stats, (a, b) =>
    trueFirst(
      a.disk(parts, resource) > a.request(resource),
      b.disk(parts, resource) > b.request(resource),
    ),
  );
}

/** The most above the request for storage first; inodes too are set against that. */
export function byDisk(stats: StatsOf, parts: readonly DiskPart[], resource: DiskResource): Order {
  const excess = (pod: Measured): number =>
    pod.disk(parts, resource) - pod.request('ephemeral-storage');
  return measured(stats, (a, b) => excess(b) - excess(a));
}

interface Measured {
  readonly memory: number;
  readonly processes: number;
  request(resource: string): number;
  disk(parts: readonly DiskPart[], resource: DiskResource): number;
}

/** A pod without statistics goes first. */
function measured(stats: StatsOf, order: (a: Measured, b: Measured) => number): Order {
  return (a, b) => {
    const [left, right] = [stats(a), stats(b)];
    if (!left || !right) return trueFirst(!left, !right);
    return order(measuredOf(a, left), measuredOf(b, right));
  };
}

function measuredOf(pod: Pod, stats: PodStats): Measured {
  return {
    memory: stats.memory?.workingSetBytes ?? 0,
    processes: stats.process_stats?.process_count ?? 0,
    request: (resource) => podAmounts(pod)[resource] ?? 0,
    disk: (parts, resource) => diskOf(pod, stats, parts, resource),
  };
}

function diskOf(
  pod: Pod,
  { containers, volume = [] }: PodStats,
  parts: readonly DiskPart[],
  resource: DiskResource,
): number {
  const used = (fs: FsStats | undefined): number =>
    (resource === 'inodes' ? fs?.inodesUsed : fs?.usedBytes) ?? 0;
  let sum = 0;
  for (const { rootfs, logs } of containers ?? []) {
    if (parts.includes('rootfs')) sum += used(rootfs);
    if (parts.includes('logs')) sum += used(logs);
  }
  if (!parts.includes('volumes')) return sum;
  for (const stats of volume) if (isLocal(pod, stats.name)) sum += used(stats);
  return sum;
}

/** Volumes that take their space from the node. */
function isLocal({ spec }: Pod, name: string): boolean {
  const volume = spec?.volumes?.find((each) => each.name === name);
  if (!volume) return false;
  const { hostPath, emptyDir, configMap, gitRepo } = volume;
  return Boolean(hostPath || gitRepo || configMap || (emptyDir && emptyDir.medium !== 'Memory'));
}

function trueFirst(a: boolean, b: boolean): number {
  return Number(b) - Number(a);
}
