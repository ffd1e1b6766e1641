import type { ContainerMetrics, PodMetrics } from '../../../generated/metrics/v1beta1/types.ts';
import { parseDuration } from '../../base/index.ts';
import { milliUnits, parseTime } from '../../meta/index.ts';

/** What a pod used of a resource, in thousandths of its unit. */
export interface Sample {
  readonly value: number;
  readonly atMs: number;
  /** Time before `atMs` that it stands for. */
  readonly windowMs: number;
}

/** By name of the pod. */
export type Samples = ReadonlyMap<string, Sample>;

/** Samples, or why there are none. */
export type Reading = { readonly samples: Samples } | { readonly failure: string };

/** What was got from the resource metrics API: metrics of pods, or why it gave none. */
export type PodMetricsAnswer =
  | { readonly items: readonly PodMetrics[] }
  | { readonly failure: string };

/** What each pod used of a resource, or one container of each. A pod that is not measured in full is left out. */
export function readingOf(answer: PodMetricsAnswer, resource: string, container?: string): Reading {
  if ('failure' in answer)
    return { failure: `unable to fetch metrics from resource metrics API: ${answer.failure}` };
  if (answer.items.length === 0)
    return { failure: 'no metrics returned from resource metrics API' };
  const samples = new Map<string, Sample>();
  for (const { metadata, timestamp, window, containers } of answer.items) {
    const measured =
      container === undefined ? containers : containers.filter(({ name }) => name === container);
    const { name = '', namespace } = metadata ?? {};
    if (container !== undefined && measured.length === 0)
      return {
        failure: `container ${container} not present in metrics for pod ${namespace}/${name}`,
      };
    const value = sumOf(measured, resource);
    const time = { atMs: parseTime(timestamp), windowMs: parseDuration(window) ?? 0 };
    if (value !== undefined) samples.set(name, { value, ...time });
  }
  return { samples };
}

function sumOf(containers: readonly ContainerMetrics[], resource: string): number | undefined {
  if (containers.length === 0) return undefined;
  let sum = 0;
  for (const { usage } of containers) {
    const amount = usage[resource];
    if (amount === undefined) return undefined;
    sum += milliUnits(amount);
  }
  return sum;
}
