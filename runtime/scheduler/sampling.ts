/** Below this many nodes all are looked at. */
const FEASIBLE_MIN = 100;
const PERCENTAGE_MIN = 5;

/**
 * How many feasible nodes are enough to choose among. With 0 percent, adaptive: half of 100 nodes down to a twentieth of
 * 5,625 and more.
 */
export function feasibleNodesToFind(nodes: number, percentage: number): number {
  if (nodes < FEASIBLE_MIN) return nodes;
  const adaptive = Math.max(PERCENTAGE_MIN, 50 - Math.trunc(nodes / 125));
  const share = Math.trunc((nodes * (percentage || adaptive)) / 100);
  return Math.min(nodes, Math.max(FEASIBLE_MIN, share));
}
