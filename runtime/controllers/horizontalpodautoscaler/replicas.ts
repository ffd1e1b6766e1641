import type { Pod } from '../../../generated/core/v1/types.ts';
import { type Groups, groupPods } from './groups.ts';
import { type Requests, requestsOf } from './requests.ts';
import type { Reading } from './samples.ts';
import type { Settings } from './settings.ts';

/** How far a ratio of use to target may be from 1 before it counts, as a share. */
export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

/** What a metric is read from. */
export interface Measured {
  readonly resource: string;
  readonly container?: string;
  readonly reading: Reading;
  readonly pods: readonly Pod[];
  /** Pods that the target is told to have. */
  readonly current: number;
  readonly tolerances: Tolerances;
  readonly settings: Settings;
  readonly nowMs: number;
}

/** How many pods would meet the target, and what was found; or why that cannot be said. */
export type Calculation =
  | {
      readonly replicas: number;
      /** Thousandths of the resource's unit, over the pods that were counted. */
      readonly average: number;
      /** Percent of the requests. */
      readonly utilization?: number;
    }
  | { readonly failure: string };

interface Ratio {
  readonly ratio: number;
  readonly average: number;
  readonly utilization?: number;
}

/** Use by pod, in thousandths. */
type Values = ReadonlyMap<string, number>;

/** So many pods that they use `target` percent of what they request. */
export function replicasForUtilization(measured: Measured, target: number): Calculation {
  const start = counted(measured);
  if ('failure' in start) return start;
  const found = requestsOf(measured.pods, measured.resource, measured.container);
  if ('failure' in found) return found;
  const { requests } = found;
  const first = utilizationRatio(start.values, requests, target);
  if (!first) return { failure: 'no metrics returned matched known pods' };
  const full = Math.max(100, target);
  return concluded(measured, start, first, {
    ratioOf: (values) => utilizationRatio(values, requests, target)?.ratio ?? 0,
    assumed: (name) => Math.trunc(((requests.get(name) ?? 0) * full) / 100),
  });
}

/** So many pods that each uses `target` thousandths. */
export function replicasForAverage(measured: Measured, target: number): Calculation {
  const start = counted(measured);
  if ('failure' in start) return start;
  return concluded(measured, start, averageRatio(start.values, target), {
    ratioOf: (values) => averageRatio(values, target).ratio,
    assumed: () => target,
  });
}

interface Counted {
  readonly groups: Groups;
  /** Of the pods that count. */
  readonly values: Values;
}

function counted(measured: Measured): Counted | { readonly failure: string } {
  const { resource, reading, pods, settings, nowMs } = measured;
  if ('failure' in reading)
    return { failure: `unable to get metrics for resource ${resource}: ${reading.failure}` };
  if (pods.length === 0)
    return { failure: 'no pods returned by selector while calculating replica count' };
  const { samples } = reading;
  const groups = groupPods(pods, samples, resource, settings, nowMs);
  const values = new Map<string, number>();
  for (const [name, { value }] of samples)
    if (!groups.ignored.has(name) && !groups.unready.has(name)) values.set(name, value);
  if (values.size === 0)
    return { failure: 'did not receive metrics for targeted pods (pods might be unready)' };
  return { groups, values };
}

function utilizationRatio(values: Values, requests: Requests, target: number): Ratio | undefined {
  let [used, requested, count] = [0, 0, 0];
  for (const [name, value] of values) {
    const request = requests.get(name);
    if (request === undefined) continue;
    used += value;
    requested += request;
    count++;
  }
  if (requested === 0) return undefined;
  const utilization = Math.trunc((used * 100) / requested);
  return { ratio: utilization / target, utilization, average: Math.trunc(used / count) };
}

function averageRatio(values: Values, target: number): Ratio {
  let used = 0;
  for (const value of values.values()) used += value;
  const average = Math.trunc(used / values.size);
  return { ratio: average / target, average };
}

interface Assumptions {
  ratioOf(values: Values): number;
  /** What a pod that was not measured is taken to use where there would be fewer pods. */
  assumed(name: string): number;
}

/**
 * The number of pods that follows from a ratio. Pods of which nothing is known are taken to be what speaks against the change: idle
 * where there would be more, fully used where there would be fewer. If they turn the direction round, nothing changes.
 */
function concluded(
  { current, tolerances }: Measured,
  { groups, values }: Counted,
  first: Ratio,
  { ratioOf, assumed }: Assumptions,
): Calculation {
  const { ratio, ...found } = first;
  const { readyCount, unready, missing } = groups;
  const startingUp = ratio > 1 ? unready : NONE;
  if (startingUp.size === 0 && missing.size === 0) {
    const stays = isWithin(tolerances, ratio);
    return { replicas: stays ? current : Math.ceil(ratio * readyCount), ...found };
  }
  const all = new Map(values);
  if (ratio !== 1) for (const name of missing) all.set(name, ratio < 1 ? assumed(name) : 0);
  for (const name of startingUp) all.set(name, 0);
  const next = ratioOf(all);
  const replicas = Math.ceil(next * all.size);
  const turns =
    (ratio < 1 && next > 1) ||
    (ratio > 1 && next < 1) ||
    (next < 1 && replicas > current) ||
    (next > 1 && replicas < current);
  return { replicas: turns || isWithin(tolerances, next) ? current : replicas, ...found };
}

const NONE: ReadonlySet<string> = new Set();

function isWithin({ up, down }: Tolerances, ratio: number): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}
