import type { Container, Pod } from '../../../generated/core/v1/types.ts';
import { wholeUnits } from '../../meta/index.ts';
import { isRunning } from '../container-record.ts';
import { ephemeralContainers, ephemeralRecords } from '../ephemeral.ts';
import type { PodRecord } from '../pod-record.ts';
import type { PodScripts } from '../pod-worker.ts';
import type { ContainerScript } from '../script.ts';
import type { Uses } from '../usage.ts';
import type { DeadContainer } from './container-gc.ts';

/**
 * The most that pods could use of a node by what is known of their course, summed up: whether a node can come under
 * pressure is told from this without looking at any pod.
 */
export interface Load {
  readonly memoryBytes: number;
  /** Writable layers, those of containers that have ended too. */
  readonly layerBytes: number;
  /** Logs and volumes. */
  readonly volumeBytes: number;
  readonly imageBytes: number;
  readonly inodes: number;
  readonly processes: number;
  /** Pods that may come to use more storage than their own limits. */
  readonly limited: number;
  /** Containers that may come to use more memory than their own limits by what they have of a load. */
  readonly crowded: number;
  /** Containers that have ended. */
  readonly dead: number;
  /** Of those, how many are older runs of a container of which a newer one has ended too. */
  readonly surplus: number;
}

export const NO_LOAD: Load = {
  memoryBytes: 0,
  layerBytes: 0,
  volumeBytes: 0,
  imageBytes: 0,
  inodes: 0,
  processes: 0,
  limited: 0,
  crowded: 0,
  dead: 0,
  surplus: 0,
};

const FIELDS = Object.keys(NO_LOAD) as readonly (keyof Load)[];

/** `sum` with `after` in the place of `before`; the same where they are alike. */
export function exchanged(sum: Load, before: Load, after: Load): Load {
  if (before === after || FIELDS.every((field) => before[field] === after[field])) return sum;
  const next: Record<keyof Load, number> = { ...sum };
  for (const field of FIELDS) next[field] = sum[field] - before[field] + after[field];
  return next;
}

const whole = new WeakMap<PodScripts, Load>();

/** What one pod adds. Pods of one template whose containers all run share it. */
export function loadOf(pod: Pod, record: PodRecord, scripts: PodScripts): Load {
  const { main, init, dead } = record;
  const plain =
    !dead && !record.ephemeral && init.every((each) => !isRunning(each)) && main.every(isRunning);
  const known = plain ? whole.get(scripts) : undefined;
  if (known) return known;
  const load = sumOf(pod, record, scripts);
  if (plain) whole.set(scripts, load);
  return load;
}

function sumOf(pod: Pod, record: PodRecord, scripts: PodScripts): Load {
  const { main, init, dead = [] } = record;
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const put = ephemeralContainers(pod);
  const plans = [
    ...main.flatMap((each, i) =>
      isRunning(each) ? [planOf(scripts.main[i]!, containers[i])] : [],
    ),
    ...init.flatMap((each, i) =>
      isRunning(each) ? [planOf(scripts.init[i]!, initContainers[i])] : [],
    ),
    ...ephemeralRecords(pod, record).flatMap((each, i) =>
      isRunning(each) ? [planOf(scripts.ephemeral[i]!, put[i])] : [],
    ),
  ];
  if (plans.length === 0 && dead.length === 0) return NO_LOAD;
  const load = { ...NO_LOAD, dead: dead.length, surplus: surplusOf(dead) };
  const sum: Record<keyof Load, number> = load;
  for (const { peak, loadBytes, limitBytes } of plans) {
    let volumes = 0;
    for (const bytes of Object.values(peak.volumes)) volumes += bytes;
    // What volumes hold is memory where they are of that medium: it counts on both sides, as this is a bound.
    sum.memoryBytes += peak.memoryBytes + loadBytes + (hasMemoryVolume(pod) ? volumes : 0);
    if (loadBytes > 0 && peak.memoryBytes + loadBytes > limitBytes) sum.crowded++;
    sum.layerBytes += peak.layerBytes;
    sum.volumeBytes += peak.logBytes + volumes;
    sum.inodes += peak.inodes;
    sum.processes += peak.processes;
  }
  sum.limited = isLimited(pod) && sum.layerBytes + sum.volumeBytes > 0 ? 1 : 0;
  for (const { layerBytes, logBytes, inodes } of dead) {
    sum.layerBytes += layerBytes;
    sum.volumeBytes += logBytes;
    sum.inodes += inodes;
  }
  return sum;
}

/** A container's peak; of a load it may come to have all. */
function planOf(
  { usage: { peak, load } }: ContainerScript,
  container: Container | undefined,
): { readonly peak: Uses; readonly loadBytes: number; readonly limitBytes: number } {
  return { peak, loadBytes: load?.peakBytes ?? 0, limitBytes: memoryLimit(container) };
}

/** In bytes; Infinity where there is none. */
export function memoryLimit(container: Container | undefined): number {
  return wholeUnits(container?.resources?.limits?.['memory']) || Number.POSITIVE_INFINITY;
}

function surplusOf(dead: readonly DeadContainer[]): number {
  return dead.length - new Set(dead.map(({ name }) => name)).size;
}

function hasMemoryVolume({ spec }: Pod): boolean {
  return spec?.volumes?.some(({ emptyDir }) => emptyDir?.medium === 'Memory') ?? false;
}

function isLimited({ spec }: Pod): boolean {
  const has = (limit: string | number | undefined): boolean => wholeUnits(limit) > 0;
  return (
    (spec?.volumes?.some(({ emptyDir }) => has(emptyDir?.sizeLimit)) ?? false) ||
    (spec?.containers?.some((each) => has(each.resources?.limits?.['ephemeral-storage'])) ?? false)
  );
}
