import type { NodeInfo } from '../node-info.ts';
import type { Requirements } from '../pod-shape.ts';
import { isScalarResource } from '../requests.ts';

/** A resource that a scoring strategy looks at. */
export interface WeightedResource {
  readonly name: string;
  readonly weight: number;
}

export interface UtilizationPoint {
  readonly utilization: number;
  /** 0..10. */
  readonly score: number;
}

export interface ScoringStrategy {
  readonly type?: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
  readonly resources?: readonly { readonly name: string; readonly weight?: number }[];
  readonly requestedToCapacityRatio?: { readonly shape: readonly UtilizationPoint[] };
}

/** Amounts of one resource; nothing to allocate means it is left out. */
export interface Allocation {
  /** By the pods of the node and by this one. */
  readonly requested: number;
  /** By this one alone. */
  readonly asked: number;
  readonly allocatable: number;
}

const NOTHING: Allocation = { requested: 0, asked: 0, allocatable: 0 };

/** `real`: counts what is requested, else what scoring assumes for CPU and memory that nobody requested. */
export function allocationOf(
  name: string,
  { requests }: Requirements,
  node: NodeInfo,
  real: boolean,
): Allocation {
  const { allocatable } = node.facts!;
  switch (name) {
    case 'cpu': {
      const asked = real ? requests.milliCpu : requests.nonZeroMilliCpu;
      const used = real ? node.milliCpu : node.nonZeroMilliCpu;
      return { allocatable: allocatable.milliCpu, asked, requested: used + asked };
    }
    case 'memory': {
      const asked = real ? requests.memory : requests.nonZeroMemory;
      const used = real ? node.memory : node.nonZeroMemory;
      return { allocatable: allocatable.memory, asked, requested: used + asked };
    }
    case 'ephemeral-storage': {
      const asked = requests.ephemeralStorage;
      const requested = node.ephemeralStorage + asked;
      return { allocatable: allocatable.ephemeralStorage, asked, requested };
    }
    default: {
      const asked = requests.scalars?.get(name) ?? 0;
      if (asked === 0 && isScalarResource(name)) return NOTHING;
      const requested = (node.scalars?.get(name) ?? 0) + asked;
      return { allocatable: allocatable.scalars?.get(name) ?? 0, asked, requested };
    }
  }
}

/** Score 0..100 of one resource's allocation. */
type ResourceScorer = (requested: number, allocatable: number) => number;

const least: ResourceScorer = (requested, allocatable) =>
  requested > allocatable ? 0 : Math.trunc(((allocatable - requested) * 100) / allocatable);

const most: ResourceScorer = (requested, allocatable) =>
  Math.trunc((Math.min(requested, allocatable) * 100) / allocatable);

/** The broken line through the points, in whole numbers; constant before the first and after the last. */
export function brokenLine(points: readonly UtilizationPoint[]): (utilization: number) => number {
  const scaled = points.map(({ utilization, score }) => ({ utilization, score: score * 10 }));
  return (utilization) => {
    const at = scaled.findIndex((point) => utilization <= point.utilization);
    if (at < 0) return scaled.at(-1)?.score ?? 0;
    const to = scaled[at]!;
    const from = scaled[at - 1];
    if (!from) return to.score;
    const rise = (to.score - from.score) * (utilization - from.utilization);
    return from.score + Math.trunc(rise / (to.utilization - from.utilization));
  };
}

/** The node's score by a strategy: the weighted mean over the resources that the node has. */
export function strategyScorer(
  strategy: ScoringStrategy,
): (pod: Requirements, node: NodeInfo) => number {
  const resources = withWeights(strategy.resources);
  if (strategy.type === 'RequestedToCapacityRatio') {
    const line = brokenLine(strategy.requestedToCapacityRatio?.shape ?? []);
    const scorer: ResourceScorer = (requested, allocatable) =>
      line(requested > allocatable ? 100 : Math.trunc((requested * 100) / allocatable));
    return (pod, node) => mean(resources, pod, node, scorer, true);
  }
  const scorer = strategy.type === 'MostAllocated' ? most : least;
  return (pod, node) => mean(resources, pod, node, scorer, false);
}

export function withWeights(resources: ScoringStrategy['resources']): readonly WeightedResource[] {
  const given = resources ?? [{ name: 'cpu' }, { name: 'memory' }];
  return given.map(({ name, weight = 1 }) => ({ name, weight }));
}

/** The ratio strategy leaves out resources that score nothing, and rounds; the others cut. */
function mean(
  resources: readonly WeightedResource[],
  pod: Requirements,
  node: NodeInfo,
  scorer: ResourceScorer,
  ratio: boolean,
): number {
  let sum = 0;
  let weights = 0;
  for (const { name, weight } of resources) {
    const { requested, allocatable } = allocationOf(name, pod, node, false);
    if (allocatable === 0) continue;
    const score = scorer(requested, allocatable);
    if (ratio && score <= 0) continue;
    sum += score * weight;
    weights += weight;
  }
  if (weights === 0) return 0;
  return ratio ? Math.round(sum / weights) : Math.trunc(sum / weights);
}
