import type { Pod } from '../../../generated/core/v1/types.ts';
import type { PodDisruptionBudget } from '../../../generated/policy/v1/types.ts';
import type { Scale } from './scales.ts';

/** What a budget counts on. */
export interface Expectation {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  /** Pods without a controller, where it is controllers that count. */
  readonly unmanaged: number;
}

type ScaleOf = (pod: Pod) => Scale;

/** How many pods there ought to be and how many of them healthy; or why that cannot be said. */
export function expectation(
  { spec = {} }: Pick<PodDisruptionBudget, 'spec'>,
  pods: readonly Pod[],
  scaleOf: ScaleOf,
): Expectation | { readonly failure: string } {
  const { maxUnavailable, minAvailable } = spec;
  if (maxUnavailable === undefined && minAvailable === undefined)
    return { expectedPods: 0, desiredHealthy: 0, unmanaged: 0 };
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { expectedPods: pods.length, desiredHealthy: minAvailable, unmanaged: 0 };
  const wanted = totalScale(pods, scaleOf);
  if ('failure' in wanted) return wanted;
  const { expectedPods } = wanted;
  const desiredHealthy =
    maxUnavailable === undefined
      ? shareOf(minAvailable ?? 0, expectedPods)
      : Math.max(0, expectedPods - shareOf(maxUnavailable, expectedPods));
  return { ...wanted, desiredHealthy };
}

/** Each controller counts once, however many pods it has. */
function totalScale(
  pods: readonly Pod[],
  scaleOf: ScaleOf,
): Omit<Expectation, 'desiredHealthy'> | { readonly failure: string } {
  const scales = new Map<string, number>();
  let unmanaged = 0;
  for (const pod of pods) {
    const scale = scaleOf(pod);
    if (scale === 'unmanaged') unmanaged++;
    else if ('failure' in scale) return scale;
    else scales.set(scale.uid, scale.replicas);
  }
  let expectedPods = 0;
  for (const replicas of scales.values()) expectedPods += replicas;
  return { expectedPods, unmanaged };
}

/** A number as it is, a percentage of `total` rounded up. */
function shareOf(amount: number | string, total: number): number {
  return typeof amount === 'number'
    ? amount
    : Math.ceil((Number.parseInt(amount, 10) * total) / 100);
}
