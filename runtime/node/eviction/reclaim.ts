import type { Disks } from './ranking.ts';
import { isMemorySignal, type Signal } from './signals.ts';

/** Something that a node can clear away before it evicts a pod: containers that have ended, images that nothing uses. */
export type ReclaimStep = 'containers' | 'images';

const NOTHING: readonly ReclaimStep[] = [];
const BOTH: readonly ReclaimStep[] = ['containers', 'images'];

/** What may free some of what `signal` measures, in the order in which it is done. */
export function reclaimSteps(signal: Signal, disks: Disks): readonly ReclaimStep[] {
  if (isMemorySignal(signal) || signal === 'pid.available') return NOTHING;
  if (!disks.dedicatedImageFs) return BOTH;
  if (disks.splitContainerFs) return signal.startsWith('imagefs') ? ['images'] : ['containers'];
  return signal.startsWith('nodefs') ? NOTHING : BOTH;
}
