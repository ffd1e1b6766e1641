import { describe, expect, it } from 'vitest';
import { feasibleNodesToFind } from './sampling.ts';

describe('how many feasible nodes are enough', () => {
  it.each([
    [10, 0, 10],
    [99, 0, 99],
    [100, 0, 100],
    [1000, 0, 420],
    [5000, 0, 500],
    [6000, 0, 300],
    [6000, 40, 2400],
    [1000, 5, 100],
    [200, 100, 200],
  ])('%i nodes at %i percent: %i', (nodes, percentage, expected) => {
    expect(feasibleNodesToFind(nodes, percentage)).toBe(expected);
  });
});
