import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../generated/cluster/v1/types.ts';
import { type BlockPool, blockPool, nextFree } from './pool.ts';

function poolOf(podCIDR?: string, nodeCIDRMaskSize?: number): BlockPool | undefined {
  const network = {
    ...(podCIDR ? { podCIDR } : {}),
    ...(nodeCIDRMaskSize ? { nodeCIDRMaskSize } : {}),
  };
  return blockPool([{ metadata: { name: 'default' }, spec: { network } } as unknown as Cluster]);
}

describe('blockPool', () => {
  it('numbers the blocks of a range', () => {
    const pool = poolOf('10.0.0.0/22', 24)!;
    const all = Array.from({ length: pool.size }, (_, index) => pool.block(index));
    expect(all).toEqual(['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24']);
  });

  it('starts where the range starts, whatever address names it', () => {
    expect(poolOf('192.168.77.9/16', 26)!.block(5)).toBe('192.168.1.64/26');
  });

  it('has one block for a range of one, and none for a smaller or a foreign one', () => {
    expect(poolOf('10.1.2.0/24')!.size).toBe(1);
    expect(poolOf('10.1.2.0/25')).toBeUndefined();
    expect(poolOf('fd00::/48', 64)).toBeUndefined();
  });

  it('goes on after the default range, clear of the services', () => {
    const pool = poolOf()!;
    const numbers = [0, 255, 256, 12 * 256 - 1, 12 * 256, 5000];
    expect(numbers.map((index) => pool.block(index))).toEqual([
      '10.244.0.0/24',
      '10.244.255.0/24',
      '10.245.0.0/24',
      '10.255.255.0/24',
      '10.128.0.0/24',
      '10.135.136.0/24',
    ]);
    expect(blockPool([])).toBe(pool);
  });
});

describe('nextFree', () => {
  const pool = poolOf('10.0.0.0/22', 24)!;

  it('goes on from where it ended and comes around', () => {
    const taken = new Set(['10.0.2.0/24', '10.0.3.0/24']);
    expect(nextFree(pool, 2, (block) => taken.has(block))).toEqual({
      index: 0,
      block: '10.0.0.0/24',
    });
  });

  it('finds nothing when all are taken', () => {
    expect(nextFree(pool, 1, () => true)).toBeUndefined();
  });
});
