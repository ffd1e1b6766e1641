import type { Pod } from '../../../generated/core/v1/types.ts';
import { isRunning } from '../container-record.ts';
import { ephemeralContainers, ephemeralRecords } from '../ephemeral.ts';
import type { Kubelets } from '../kubelets.ts';
import type { PodRecord } from '../pod-record.ts';
import { uidOnNode } from '../pod-source.ts';
import { isOrphan, podsOn, recordKeyOf } from '../pods-on.ts';
import { Sharing } from '../sharing.ts';
import type { NodeRecord } from '../state.ts';
import { nextStepMs, type UsagePlan, type Uses, usesAt } from '../usage.ts';
import type { DeadContainer } from './container-gc.ts';
import type { KnownImage } from './image-gc.ts';
import { memoryLimit } from './load.ts';
import type { Disk, Machine } from './machine.ts';
import type { MemoryUser } from './oom.ts';
import type { ContainerStats, FsStats, NodeStats, PodStats, Summary } from './summary.ts';

/** What would be gone. */
export interface Cleared {
  readonly containers: ReadonlySet<DeadContainer>;
  readonly images: ReadonlySet<string>;
}

export const NOTHING_CLEARED: Cleared = { containers: new Set(), images: new Set() };

/** All that happens on one node at a moment. */
export interface Survey {
  readonly summary: Summary;
  /** The pods that are not over. */
  readonly pods: readonly Pod[];
  readonly users: readonly User[];
  /** When what a container uses next changes by itself; Infinity if never. */
  readonly nextMs: number;
  /** Whether a container has, or may come to have, memory for a load that others share: that changes with who they are. */
  readonly isShared: boolean;
}

interface User extends MemoryUser {
  readonly key: string;
  /** The container's own; Infinity where it has none. */
  readonly limitBytes: number;
}

interface Placed {
  readonly key: string;
  readonly pod: Pod;
  readonly record: PodRecord;
}

/** The pods of a node that its kubelet knows. */
export function placedOn(kubelets: Kubelets, node: string): Placed[] {
  return podsOn(kubelets, node).flatMap((pod): Placed[] => {
    const key = recordKeyOf(kubelets, pod);
    const record = kubelets.state.pods.get(key);
    return record?.uid === uidOnNode(pod) ? [{ key, pod, record }] : [];
  });
}

/** The pods on a node that have not ended. What it runs of those that the API has no longer does not count. */
export function runningOn(kubelets: Kubelets, node: string): Pod[] {
  return placedOn(kubelets, node).flatMap(({ key, pod, record }) =>
    record.terminal || isOrphan(key) ? [] : [pod],
  );
}

/** Adds up what a node's pods, dead containers and images use at `nowMs`, as if `cleared` were gone. */
export function survey(
  kubelets: Kubelets,
  node: NodeRecord,
  machine: Machine,
  nowMs: number,
  cleared: Cleared = NOTHING_CLEARED,
): Survey {
  const sum = { memory: 0, layers: 0, volumes: 0, layerInodes: 0, otherInodes: 0, processes: 0 };
  const stats: PodStats[] = [];
  const users: User[] = [];
  let nextMs = Number.POSITIVE_INFINITY;
  let isShared = false;
  const sharing = new Sharing(kubelets, nowMs);
  const placed = placedOn(kubelets, node.name);
  for (const { key, pod, record } of placed) {
    for (const dead of record.dead ?? []) {
      if (cleared.containers.has(dead)) continue;
      sum.layers += dead.layerBytes;
      sum.volumes += dead.logBytes;
      sum.layerInodes += dead.inodes;
    }
    if (record.terminal) continue;
    const used = usedBy(sharing, pod, record, nowMs);
    for (const { plan, startedMs } of used) {
      nextMs = Math.min(nextMs, nextStepMs(plan, startedMs, nowMs));
      isShared ||= (plan.load?.peakBytes ?? 0) > 0;
    }
    const own = statsOf(pod, used);
    stats.push(own);
    for (const { name, uses, limitBytes } of used) {
      users.push({ key, pod, container: name, memoryBytes: uses.memoryBytes, limitBytes });
      sum.layers += uses.layerBytes;
      sum.layerInodes += uses.inodes;
      sum.volumes += uses.logBytes;
      sum.processes += uses.processes;
    }
    sum.memory += own.memory?.workingSetBytes ?? 0;
    for (const { usedBytes = 0 } of own.volume ?? []) sum.volumes += usedBytes;
  }
  const images = imageBytes(kubelets, node.name, nowMs, cleared);
  const pods = placed.filter(({ record }) => !record.terminal).map(({ pod }) => pod);
  return {
    summary: { node: nodeStats(node, machine, sum, images), pods: stats },
    pods,
    users,
    nextMs,
    isShared,
  };
}

interface Used {
  readonly name: string;
  readonly plan: UsagePlan;
  readonly startedMs: number;
  readonly limitBytes: number;
  readonly uses: Uses;
}

/** What the running containers of a pod use, each with its part of a load. */
function usedBy(sharing: Sharing, pod: Pod, record: PodRecord, nowMs: number): Used[] {
  return sharing.running(pod, record).map(({ name, startedMs, script: { usage: plan }, spec }) => {
    const own = usesAt(plan, startedMs, nowMs);
    const more = sharing.memoryBytes(pod, plan.load);
    const uses = more === 0 ? own : { ...own, memoryBytes: own.memoryBytes + more };
    return { name, plan, startedMs, limitBytes: memoryLimit(spec), uses };
  });
}

/** Volumes of the medium memory count as memory and take nothing of a disk. */
function statsOf(
  { metadata, spec }: Pod,
  used: readonly { readonly name: string; readonly uses: Uses }[],
): PodStats {
  const { name = '', namespace = '', uid = '' } = metadata ?? {};
  const sizes = new Map<string, number>();
  for (const { uses } of used)
    for (const [volume, bytes] of Object.entries(uses.volumes))
      sizes.set(volume, (sizes.get(volume) ?? 0) + bytes);
  let memory = 0;
  let storage = 0;
  let processes = 0;
  for (const { uses } of used) {
    memory += uses.memoryBytes;
    storage += uses.layerBytes + uses.logBytes;
    processes += uses.processes;
  }
  const volume = (spec?.volumes ?? []).flatMap((each) => {
    const bytes = sizes.get(each.name);
    if (bytes === undefined) return [];
    if (each.emptyDir?.medium === 'Memory') {
      memory += bytes;
      return [{ name: each.name, usedBytes: 0 }];
    }
    storage += bytes;
    return [{ name: each.name, usedBytes: bytes }];
  });
  return {
    podRef: { name, namespace, uid },
    containers: used.map(containerStats),
    memory: { workingSetBytes: memory },
    ...(volume.length > 0 ? { volume } : {}),
    'ephemeral-storage': { usedBytes: storage },
    process_stats: { process_count: processes },
  };
}

function containerStats({
  name,
  uses,
}: {
  readonly name: string;
  readonly uses: Uses;
}): ContainerStats {
  return {
    name,
    memory: { workingSetBytes: uses.memoryBytes },
    rootfs: { usedBytes: uses.layerBytes, inodesUsed: uses.inodes },
    logs: { usedBytes: uses.logBytes, inodesUsed: 0 },
  };
}

interface Sum {
  readonly memory: number;
  readonly layers: number;
  readonly volumes: number;
  readonly layerInodes: number;
  readonly processes: number;
}

function nodeStats({ name }: NodeRecord, machine: Machine, sum: Sum, images: number): NodeStats {
  const { memoryBytes, podsMemoryBytes, disk, imageDisk, system } = machine;
  const memory = sum.memory + system.memoryBytes;
  const onNode = sum.volumes + system.diskBytes;
  const onImages = images + sum.layers;
  const shared = disk && fsStats(disk, onNode + onImages, sum.layerInodes);
  const own = imageDisk && fsStats(imageDisk, onImages, sum.layerInodes);
  const fs = own ? disk && fsStats(disk, onNode, 0) : shared;
  const imageFs = own ?? shared;
  return {
    nodeName: name,
    ...(memoryBytes === undefined || podsMemoryBytes === undefined
      ? {}
      : {
          memory: memoryStats(memoryBytes, memory),
          systemContainers: [{ name: 'pods', memory: memoryStats(podsMemoryBytes, sum.memory) }],
        }),
    ...(fs ? { fs } : {}),
    ...(imageFs ? { runtime: { imageFs, containerFs: imageFs } } : {}),
    rlimit: { maxpid: machine.processes, curproc: sum.processes + system.processes },
  };
}

function memoryStats(capacity: number, workingSetBytes: number): NonNullable<NodeStats['memory']> {
  return { availableBytes: Math.max(0, capacity - workingSetBytes), workingSetBytes };
}

function fsStats({ bytes, inodes }: Disk, usedBytes: number, inodesUsed: number): FsStats {
  return {
    capacityBytes: bytes,
    availableBytes: Math.max(0, bytes - usedBytes),
    usedBytes,
    inodes,
    inodesFree: Math.max(0, inodes - inodesUsed),
    inodesUsed,
  };
}

function imageBytes({ state }: Kubelets, node: string, nowMs: number, { images }: Cleared): number {
  return state.images
    .withPrefix(`${node}\0`)
    .filter(({ atMs, image }) => atMs <= nowMs && !images.has(image))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** The images of a node, and which of them a container has, be it one that has ended. */
export function imagesOn(
  kubelets: Kubelets,
  node: string,
  cleared: ReadonlySet<DeadContainer>,
): KnownImage[] {
  const used = new Set<string>();
  for (const { pod, record } of placedOn(kubelets, node)) {
    for (const dead of record.dead ?? []) if (!cleared.has(dead)) used.add(dead.image);
    if (record.terminal) continue;
    for (const [i, each] of record.main.entries())
      if (each.stage.at !== 'idle') used.add(pod.spec?.containers[i]?.image ?? '');
    for (const [i, each] of record.init.entries())
      if (isRunning(each) || each.stage.at === 'creating' || each.stage.at === 'pulling')
        used.add(pod.spec?.initContainers?.[i]?.image ?? '');
    for (const [i, each] of ephemeralRecords(pod, record).entries())
      if (each.stage.at !== 'idle') used.add(ephemeralContainers(pod)[i]!.image ?? '');
  }
  return kubelets.state.images
    .withPrefix(`${node}\0`)
    .map((each) => ({ ...each, inUse: used.has(each.image) }));
}
