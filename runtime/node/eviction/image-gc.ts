/** When images are cleared away. */
export interface ImageGcPolicy {
  /** From this use of the disk, in percent, images are removed … */
  readonly highPercent: number;
  /** … down to this. */
  readonly lowPercent: number;
  /** An image is not removed before it is this old. */
  readonly minAgeMs: number;
  /** An image that was not used for so long is removed in any case; 0 for never. */
  readonly maxAgeMs: number;
}

export interface KnownImage {
  readonly image: string;
  readonly sizeBytes: number;
  /** Since when it is on the node. */
  readonly atMs: number;
  /** When a container last had it; absent where none ever did. */
  readonly lastUsedMs?: number;
  /** A container has it, running or not. */
  readonly inUse: boolean;
}

export interface DiskUse {
  readonly capacityBytes: number;
  readonly availableBytes: number;
}

export interface ImageGc {
  readonly removed: readonly KnownImage[];
  /** Why less was freed than was to be. */
  readonly shortfall?: string;
}

/** One round of image garbage collection: what is too old goes, then the least recently used until the disk is under the low mark. */
export function collectImages(
  images: readonly KnownImage[],
  disk: DiskUse,
  policy: ImageGcPolicy,
  nowMs: number,
): ImageGc {
  const old = images.filter((each) => isOutdated(each, policy, nowMs));
  const rest = images.filter((each) => !old.includes(each));
  const availableBytes = Math.min(disk.availableBytes + sizeOf(old), disk.capacityBytes);
  if (disk.capacityBytes === 0 || usedPercent({ ...disk, availableBytes }) < policy.highPercent)
    return { removed: old };
  const wanted =
    Math.trunc((disk.capacityBytes * (100 - policy.lowPercent)) / 100) - availableBytes;
  const removed = leastUsed(rest, wanted, policy.minAgeMs, nowMs);
  const freed = sizeOf(removed);
  const all = [...old, ...removed];
  if (freed >= wanted) return { removed: all };
  return {
    removed: all,
    shortfall: `Failed to garbage collect required amount of images. Attempted to free ${wanted} bytes, but only found ${freed} bytes eligible to free.`,
  };
}

/** In whole percent, as the kubelet compares it. */
export function usedPercent({ capacityBytes, availableBytes }: DiskUse): number {
  return 100 - Math.trunc((availableBytes * 100) / capacityBytes);
}

/** Images that may go, the least recently used first, until `wantedBytes` are freed. */
export function leastUsed(
  images: readonly KnownImage[],
  wantedBytes: number,
  minAgeMs: number,
  nowMs: number,
): readonly KnownImage[] {
  const lastUse = ({ lastUsedMs }: KnownImage): number => lastUsedMs ?? Number.NEGATIVE_INFINITY;
  const order = images
    .filter(({ inUse, atMs }) => !inUse && atMs <= nowMs && nowMs - atMs >= minAgeMs)
    .sort(
      (a, b) => compare(lastUse(a), lastUse(b)) || a.atMs - b.atMs || compare(a.image, b.image),
    );
  let freed = 0;
  const enough = order.findIndex(({ sizeBytes }) => {
    freed += sizeBytes;
    return freed >= wantedBytes;
  });
  return enough < 0 ? order : order.slice(0, enough + 1);
}

function isOutdated(
  { inUse, lastUsedMs, atMs }: KnownImage,
  { maxAgeMs }: ImageGcPolicy,
  nowMs: number,
): boolean {
  return maxAgeMs > 0 && !inUse && nowMs - (lastUsedMs ?? atMs) > maxAgeMs;
}

function sizeOf(images: readonly KnownImage[]): number {
  return images.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
