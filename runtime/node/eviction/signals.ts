import { formatQuantity, quantityOf } from '../../meta/index.ts';

/** What the kubelet watches: how much is left of something. */
export type Signal =
  | 'memory.available'
  | 'allocatableMemory.available'
  | 'nodefs.available'
  | 'nodefs.inodesFree'
  | 'imagefs.available'
  | 'imagefs.inodesFree'
  | 'containerfs.available'
  | 'containerfs.inodesFree'
  | 'pid.available';

/** A condition of the Node that says that something is short. */
export type Pressure = 'MemoryPressure' | 'DiskPressure' | 'PIDPressure';

/** What pods are ranked by and messages speak of. Inodes and processes are no resources of the API. */
export type Starved = 'memory' | 'ephemeral-storage' | 'inodes' | 'pids';

const FACTS: Readonly<Record<Signal, readonly [Pressure, Starved]>> = {
  'memory.available': ['MemoryPressure', 'memory'],
  'allocatableMemory.available': ['MemoryPressure', 'memory'],
  'nodefs.available': ['DiskPressure', 'ephemeral-storage'],
  'nodefs.inodesFree': ['DiskPressure', 'inodes'],
  'imagefs.available': ['DiskPressure', 'ephemeral-storage'],
  'imagefs.inodesFree': ['DiskPressure', 'inodes'],
  'containerfs.available': ['DiskPressure', 'ephemeral-storage'],
  'containerfs.inodesFree': ['DiskPressure', 'inodes'],
  'pid.available': ['PIDPressure', 'pids'],
};

export function isSignal(text: string): text is Signal {
  return Object.hasOwn(FACTS, text);
}

export function pressureOf(signal: Signal): Pressure {
  return FACTS[signal][0];
}

export function starvedBy(signal: Signal): Starved {
  return FACTS[signal][1];
}

export function isMemorySignal(signal: Signal): boolean {
  return starvedBy(signal) === 'memory';
}

/** Bytes in powers of 1024, pieces in powers of ten. */
export function amountText(starved: Starved, amount: number): string {
  const isBytes = starved === 'memory' || starved === 'ephemeral-storage';
  return formatQuantity(quantityOf(Math.trunc(amount), 0, isBytes ? 'BinarySI' : 'DecimalSI'));
}
