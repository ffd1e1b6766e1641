import type { LocalPlugin } from '../framework.ts';
import type { Requirements } from '../pod-shape.ts';
import {
  type Allocation,
  allocationOf,
  type ScoringStrategy,
  type WeightedResource,
  withWeights,
} from './resource-scorers.ts';

export interface BalancedAllocationArgs {
  readonly resources?: ScoringStrategy['resources'];
}

export interface BalancedOptions extends BalancedAllocationArgs {
  /** Since 1.33 pods that request none of the resources are not scored. */
  readonly skipsBestEffort: boolean;
  /** Since 1.36 a node is scored by what the pod changes about its balance. */
  readonly scoresBalanceChange: boolean;
}

/**
 * Prefers nodes on which the resources are used to the same degree. A balance is 100 minus the standard deviation of their
 * use. 75 when the pod leaves it as it is, 100 when it mends what could not be worse, 50 when it does the opposite; up to
 * 1.35 the balance with the pod.
 */
export function balancedAllocation(options: BalancedOptions): LocalPlugin {
  const resources = withWeights(options.resources);
  return {
    kind: 'local',
    name: 'NodeResourcesBalancedAllocation',
    skipScore: (pod) => options.skipsBestEffort && requestsNone(pod, resources),
    score(pod, node) {
      const allocations = resources
        .map(({ name }) => allocationOf(name, pod, node, true))
        .filter(({ allocatable }) => allocatable !== 0);
      const after = balance(allocations, ({ requested }) => requested);
      if (!options.scoresBalanceChange) return after;
      const before = balance(allocations, ({ requested, asked }) => requested - asked);
      return 50 + Math.trunc((50 + after - before) / 2);
    },
  };
}

function balance(
  allocations: readonly Allocation[],
  used: (allocation: Allocation) => number,
): number {
  const fractions = allocations.map((each) => Math.min(1, used(each) / each.allocatable));
  return Math.trunc((1 - deviation(fractions)) * 100);
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  if (values.length === 2) return Math.abs((values[0]! - values[1]!) / 2);
  let total = 0;
  for (const value of values) total += value;
  const mean = total / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / values.length);
}

function requestsNone({ requests }: Requirements, resources: readonly WeightedResource[]): boolean {
  return resources.every(({ name }) => {
    if (name === 'cpu') return requests.milliCpu === 0;
    if (name === 'memory') return requests.memory === 0;
    if (name === 'ephemeral-storage') return requests.ephemeralStorage === 0;
    return !requests.scalars?.get(name);
  });
}
