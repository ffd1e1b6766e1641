import { momentOf } from '../heartbeat.ts';
import { lookNoLaterThan } from '../node-sync.ts';
import { collectContainers, type DeadContainer, type PodContainer } from './container-gc.ts';
import { type Desk, surveyOf, tellNode } from './desk.ts';
import { collectImages, leastUsed, usedPercent } from './image-gc.ts';
import { loadOf, NO_LOAD } from './load.ts';
import { changeLoad } from './load-book.ts';
import type { ReclaimStep } from './reclaim.ts';
import type { EvictionRecord } from './record.ts';
import { type Cleared, imagesOn, NOTHING_CLEARED, placedOn, type Survey } from './survey.ts';

/** How often the kubelet collects garbage. */
const IMAGE_GC_MS = 300_000;
const CONTAINER_GC_MS = 60_000;

/** What these steps would clear away. */
export function clearingOf(desk: Desk, steps: readonly ReclaimStep[]): Cleared {
  const { kubelets, node, settings, nowMs } = desk;
  const containers = new Set(
    steps.includes('containers') ? deadBeyond(desk, true).map(({ dead }) => dead) : [],
  );
  if (!steps.includes('images')) return { containers, images: new Set() };
  const images = leastUsed(
    imagesOn(kubelets, node.name, containers),
    Number.POSITIVE_INFINITY,
    settings.imageGc.minAgeMs,
    nowMs,
  );
  return { containers, images: new Set(images.map(({ image }) => image)) };
}

/** Clears it away. Answers whether there was anything. */
export function clear(desk: Desk, { containers, images }: Cleared): boolean {
  if (containers.size > 0) removeContainers(desk, containers);
  if (images.size > 0) removeImages(desk, images);
  return containers.size + images.size > 0;
}

/** A round of image garbage collection. */
export function imageRound(desk: Desk, record: EvictionRecord): EvictionRecord {
  const disk = imageDisk(surveyOf(desk));
  if (!disk) return record;
  const { kubelets, node, settings, nowMs } = desk;
  const images = imagesOn(kubelets, node.name, NOTHING_CLEARED.containers);
  const { removed, shortfall } = collectImages(images, disk, settings.imageGc, nowMs);
  clear(desk, { ...NOTHING_CLEARED, images: new Set(removed.map(({ image }) => image)) });
  if (shortfall !== undefined) {
    tellNode(desk, 'Warning', 'FreeDiskSpaceFailed', shortfall);
    if (record.hasImageGcFailed) tellNode(desk, 'Warning', 'ImageGCFailed', shortfall);
  }
  return {
    ...record,
    imageGcMs: Number.POSITIVE_INFINITY,
    hasImageGcFailed: shortfall !== undefined,
  };
}

/** A round of container garbage collection. */
export function containerRound(desk: Desk, record: EvictionRecord): EvictionRecord {
  const containers = new Set(deadBeyond(desk, false).map(({ dead }) => dead));
  clear(desk, { ...NOTHING_CLEARED, containers });
  return { ...record, containerGcMs: Number.POSITIVE_INFINITY };
}

/** When the next rounds have something to do, as far as can be told. */
export function nextRounds(
  desk: Desk,
  seen: Survey,
): Pick<EvictionRecord, 'imageGcMs' | 'containerGcMs'> {
  const { node } = desk;
  const at = (dueMs: number, periodMs: number): number =>
    dueMs === Number.POSITIVE_INFINITY ? dueMs : momentOf(node.name, periodMs, dueMs);
  return {
    imageGcMs: at(imagesDueMs(desk, seen), IMAGE_GC_MS),
    containerGcMs: at(containersDueMs(desk), CONTAINER_GC_MS),
  };
}

function imagesDueMs({ kubelets, node, settings, nowMs }: Desk, seen: Survey): number {
  const { highPercent, maxAgeMs } = settings.imageGc;
  const disk = imageDisk(seen);
  let dueMs = Number.POSITIVE_INFINITY;
  if (!disk) return dueMs;
  if (usedPercent(disk) >= highPercent) dueMs = nowMs;
  if (maxAgeMs === 0) return dueMs;
  for (const { inUse, lastUsedMs, atMs } of imagesOn(
    kubelets,
    node.name,
    NOTHING_CLEARED.containers,
  ))
    if (!inUse) dueMs = Math.min(dueMs, Math.max(nowMs, (lastUsedMs ?? atMs) + maxAgeMs));
  return dueMs;
}

function containersDueMs(desk: Desk): number {
  const { minAgeMs } = desk.settings.containerGc;
  if (deadBeyond(desk, false).length > 0) return desk.nowMs;
  const young = deadBeyond(desk, false, Number.POSITIVE_INFINITY);
  return young.reduce(
    (dueMs, { dead }) => Math.min(dueMs, dead.createdMs + minAgeMs),
    Number.POSITIVE_INFINITY,
  );
}

/** Containers to remove by the policy; where the node is in need, with all of pods that are over. */
function deadBeyond(
  { kubelets, node, settings, nowMs }: Desk,
  inNeed: boolean,
  atMs = nowMs,
): readonly PodContainer[] {
  const over: PodContainer[] = [];
  const kept: PodContainer[] = [];
  for (const { key, record } of placedOn(kubelets, node.name))
    for (const dead of record.dead ?? [])
      (inNeed && record.terminal ? over : kept).push({ pod: key, dead });
  return [...over, ...collectContainers(kept, settings.containerGc, atMs)];
}

function imageDisk({
  summary,
}: Survey): { capacityBytes: number; availableBytes: number } | undefined {
  const { capacityBytes, availableBytes } = summary.node.runtime?.imageFs ?? {};
  return capacityBytes === undefined || availableBytes === undefined
    ? undefined
    : { capacityBytes, availableBytes };
}

function removeContainers(desk: Desk, containers: ReadonlySet<DeadContainer>): void {
  const { kubelets, node, nowMs } = desk;
  const { state } = kubelets;
  for (const { key, record, pod } of placedOn(kubelets, node.name)) {
    const gone = record.dead?.filter((each) => containers.has(each)) ?? [];
    if (gone.length === 0) continue;
    const { dead = [], ...rest } = record;
    const left = dead.filter((each) => !containers.has(each));
    const next = left.length > 0 ? { ...rest, dead: left } : rest;
    const load = loadOf(pod, next, kubelets.scripts.of(pod));
    state.pods.set(key, { ...next, load });
    changeLoad(kubelets, node.name, record.load ?? NO_LOAD, load);
    for (const { image } of gone) {
      const known = state.images.get(`${node.name}\0${image}`);
      if (known) state.images.set(`${node.name}\0${image}`, { ...known, lastUsedMs: nowMs });
    }
  }
}

function removeImages({ kubelets, node, nowMs }: Desk, images: ReadonlySet<string>): void {
  const { state } = kubelets;
  let bytes = 0;
  for (const image of images) {
    bytes += state.images.get(`${node.name}\0${image}`)?.sizeBytes ?? 0;
    state.images.delete(`${node.name}\0${image}`);
  }
  changeLoad(kubelets, node.name, { ...NO_LOAD, imageBytes: bytes }, NO_LOAD);
  lookNoLaterThan(kubelets, node.name, nowMs);
}
