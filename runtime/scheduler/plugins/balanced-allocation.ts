import type { LocalPlugin } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { Requirements } from '../pod-shape.ts';
import {
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
}

/** Prefers nodes on which the resources are used to the same degree: 100 minus the standard deviation of their use. */
export function balancedAllocation(options: BalancedOptions): LocalPlugin {
  const resources = withWeights(options.resources);
  return {
    kind: 'local',
    name: 'NodeResourcesBalancedAllocation',
    skipScore: (pod) => options.skipsBestEffort && requestsNone(pod, resources),
    score: (pod, node) => Math.trunc((1 - deviation(fractions(pod, node, resources))) * 100),
  };
}

function fractions(
  pod: Requirements,
  node: NodeInfo,
  resources: readonly WeightedResource[],
): number[] {
  const found: number[] = [];
  for (const { name } of resources) {
    const { requested, allocatable } = allocationOf(name, pod, node, true);
    if (allocatable !== 0) found.push(Math.min(1, requested / allocatable));
  }
  return found;
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
