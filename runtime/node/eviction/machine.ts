import { wholeUnits } from '../../meta/index.ts';
import type { Pressure } from '../ailments.ts';
import { type Amounts, amountsOf } from '../amounts.ts';
import type { FleetMember } from '../fleet.ts';
import type { Load } from './load.ts';
import type { EvictionConfig } from './manager.ts';
import type { EvictionSettings } from './settings.ts';
import type { Signal } from './signals.ts';
import { levelOf, withContainerFs } from './thresholds.ts';

const BYTES_PER_INODE = 16_384;
const PROCESSES = 32_768;

/** What a node's machine has, and what of it its own daemons use. */
export interface Machine {
  /** Absent where its capacity says nothing of memory. */
  readonly memoryBytes?: number;
  /** The file system of the node; absent where its capacity says nothing of storage. */
  readonly disk?: Disk;
  /** The images' own, where they have one. */
  readonly imageDisk?: Disk;
  readonly processes: number;
  /** The memory that all pods together may use. */
  readonly podsMemoryBytes?: number;
  readonly system: {
    readonly memoryBytes: number;
    readonly diskBytes: number;
    readonly processes: number;
  };
  readonly config: EvictionConfig;
  /** Where a node's use stays within this, no threshold of its can be met. */
  readonly room: Room;
}

export interface Disk {
  readonly bytes: number;
  readonly inodes: number;
}

interface Room {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly imageDiskBytes: number;
  readonly inodes: number;
  readonly processes: number;
}

export function machineOf(
  capacity: Amounts,
  member: FleetMember | undefined,
  settings: EvictionSettings,
): Machine {
  const { memory: memoryBytes, 'ephemeral-storage': storage } = capacity;
  const disk = storage ? diskOf(storage, member?.inodes) : undefined;
  const imageBytes = wholeUnits(member?.imageFilesystem);
  const imageDisk = imageBytes > 0 ? diskOf(imageBytes, member?.inodes) : undefined;
  const reserved = sumOf(
    'memory',
    member?.reserved,
    settings.kubeReserved,
    settings.systemReserved,
  );
  const processes = member?.processes ?? PROCESSES;
  const system = systemUse(member, settings);
  const disks = { dedicatedImageFs: imageDisk !== undefined, splitContainerFs: false };
  const config: EvictionConfig = {
    thresholds: withContainerFs(settings.thresholds, disks),
    maxPodGraceSeconds: settings.maxPodGraceSeconds,
    transitionMs: settings.transitionMs,
    localStorageIsolation: settings.localStorageIsolation,
    disks,
  };
  const machine = {
    ...(memoryBytes
      ? {
          memoryBytes,
          podsMemoryBytes: settings.enforcesPods
            ? Math.max(0, memoryBytes - reserved)
            : memoryBytes,
        }
      : {}),
    ...(disk ? { disk } : {}),
    ...(imageDisk ? { imageDisk } : {}),
    processes,
    system,
    config,
  };
  return { ...machine, room: roomOf(machine, settings) };
}

/** The machine while something beside its pods uses up shares of what it has, the nodes' file system for disk. */
export function pressed(
  machine: Machine,
  { memory = 0, disk = 0, pids = 0 }: Pressure,
  settings: EvictionSettings,
): Machine {
  const { system } = machine;
  const more = {
    ...machine,
    system: {
      memoryBytes: system.memoryBytes + Math.trunc(memory * (machine.memoryBytes ?? 0)),
      diskBytes: system.diskBytes + Math.trunc(disk * (machine.disk?.bytes ?? 0)),
      processes: system.processes + Math.trunc(pids * machine.processes),
    },
  };
  return { ...more, room: roomOf(more, settings) };
}

/** Whether a node that carries `load` could become short of anything, or has something to clear away. */
export function isAtRisk(load: Load, { room }: Machine, settings: EvictionSettings): boolean {
  const { imageGc, containerGc } = settings;
  const { maxPerPodContainer, maxContainers } = containerGc;
  const onImageDisk = load.imageBytes + load.layerBytes;
  const shared = room.imageDiskBytes === Number.POSITIVE_INFINITY;
  return (
    load.memoryBytes > room.memoryBytes ||
    load.volumeBytes + (shared ? onImageDisk : 0) > room.diskBytes ||
    onImageDisk > room.imageDiskBytes ||
    load.inodes > room.inodes ||
    load.processes > room.processes ||
    load.limited > 0 ||
    load.crowded > 0 ||
    (maxPerPodContainer === 0 && load.dead > 0) ||
    (maxPerPodContainer > 0 && load.surplus > 0) ||
    (maxContainers >= 0 && load.dead > maxContainers) ||
    imageGc.maxAgeMs > 0
  );
}

function diskOf(bytes: number, inodes: number | undefined): Disk {
  return { bytes, inodes: inodes ?? Math.trunc(bytes / BYTES_PER_INODE) };
}

function systemUse(member: FleetMember | undefined, settings: EvictionSettings): Machine['system'] {
  const {
    memory = 0,
    'ephemeral-storage': diskBytes = 0,
    pids = 0,
  } = amountsOf(member?.systemUsage);
  const kept = sumOf('memory', settings.systemReserved);
  const held = settings.enforcesSystem && kept > 0 ? Math.min(memory, kept) : memory;
  return { memoryBytes: held, diskBytes, processes: pids };
}

function sumOf(resource: string, ...lists: readonly Parameters<typeof amountsOf>[0][]): number {
  return lists.reduce((sum, list) => sum + (amountsOf(list)[resource] ?? 0), 0);
}

function roomOf(machine: Omit<Machine, 'room'>, { imageGc }: EvictionSettings): Room {
  const { memoryBytes, podsMemoryBytes, disk, imageDisk, processes, system, config } = machine;
  const kept = (signal: Signal, capacity: number): number => {
    const amounts = config.thresholds
      .filter((each) => each.signal === signal)
      .map(
        ({ value, minReclaim }) =>
          levelOf(value, capacity) + (minReclaim ? levelOf(minReclaim, capacity) : 0),
      );
    return Math.max(0, ...amounts);
  };
  const under = (name: 'nodefs' | 'imagefs', { bytes, inodes }: Disk, also = 0): Disk => ({
    bytes: bytes - Math.max(kept(`${name}.available`, bytes), also),
    inodes: inodes - kept(`${name}.inodesFree`, inodes),
  });
  const forImages = (bytes: number): number =>
    Math.trunc((bytes * (100 - imageGc.highPercent)) / 100) + 1;
  const node = disk && under('nodefs', disk, imageDisk ? 0 : forImages(disk.bytes));
  const images = imageDisk
    ? under('imagefs', imageDisk, forImages(imageDisk.bytes))
    : disk && under('imagefs', disk);
  const never = Number.POSITIVE_INFINITY;
  const nodeBytes = Math.min(node?.bytes ?? never, imageDisk ? never : (images?.bytes ?? never));
  return {
    memoryBytes: Math.min(
      memoryBytes === undefined
        ? never
        : memoryBytes - kept('memory.available', memoryBytes) - system.memoryBytes,
      podsMemoryBytes === undefined
        ? never
        : podsMemoryBytes - kept('allocatableMemory.available', podsMemoryBytes),
    ),
    diskBytes: nodeBytes - system.diskBytes,
    imageDiskBytes: imageDisk ? images!.bytes : never,
    inodes: Math.min(node?.inodes ?? never, images?.inodes ?? never),
    processes: processes - kept('pid.available', processes) - system.processes,
  };
}
