import type { Cluster } from '../../../generated/cluster/v1/types.ts';

const DEFAULT_RANGE = '10.244.0.0/16';
const DEFAULT_MASK = 24;

/** The blocks of a pod range, numbered. */
export interface BlockPool {
  readonly size: number;
  /** `10.244.3.0/24`, the block with this number. */
  block(index: number): string;
}

/**
 * 32,768 blocks of 254 addresses in 10.0.0.0/8: 10.244.0.0/16 up to 10.255.0.0/16, then from 10.128.0.0/16, clear of the
 * services' range.
 */
const UNBOUNDED: BlockPool = {
  size: 128 * 256,
  block: (index) => `10.${((Math.floor(index / 256) + 116) % 128) + 128}.${index % 256}.0/24`,
};

/** Whether ranges are dealt out at all, as the first Cluster says. */
export function isAllocating([cluster]: readonly Cluster[]): boolean {
  return cluster?.spec?.controllerManager?.allocateNodeCIDRs !== false;
}

/** The pool that the first Cluster's network describes. Undefined for a range that is not IPv4 or smaller than a block. */
export function blockPool(clusters: readonly Cluster[]): BlockPool | undefined {
  const network = clusters[0]?.spec?.network;
  const range = network?.podCIDR ?? DEFAULT_RANGE;
  const mask = network?.nodeCIDRMaskSize ?? DEFAULT_MASK;
  if (range === DEFAULT_RANGE && mask === DEFAULT_MASK) return UNBOUNDED;
  return boundedPool(range, mask);
}

function boundedPool(range: string, mask: number): BlockPool | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(range);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (prefix > mask || mask > 32) return undefined;
  const step = 2 ** (32 - mask);
  const size = 2 ** (mask - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const start = Math.floor(address / (step * size)) * step * size;
  return { size, block: (index) => `${dotted(start + index * step)}/${mask}` };
}

function dotted(address: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(address / unit) % 256).join('.');
}

/** The first free block from number `from` on, all around; undefined when all are taken. */
export function nextFree(
  pool: BlockPool,
  from: number,
  isTaken: (block: string) => boolean,
): { readonly index: number; readonly block: string } | undefined {
  for (let step = 0; step < pool.size; step++) {
    const index = (from + step) % pool.size;
    const block = pool.block(index);
    if (!isTaken(block)) return { index, block };
  }
  return undefined;
}
