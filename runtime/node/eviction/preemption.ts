import type { Pod } from '../../../generated/core/v1/types.ts';
import { podAmounts } from '../amounts.ts';
import { isCritical, priorityOf, qosOf } from './qos.ts';

/** How much of a resource is wanting, in base units. */
export interface Requirement {
  readonly resource: string;
  readonly amount: number;
}

export const PREEMPTING = 'Preempting';
export const PREEMPTED_MESSAGE = 'Preempted in order to admit critical pod';
export const PREEMPTED_DISRUPTION = 'Pod was preempted by Kubelet to accommodate a critical pod.';

/** Whether the kubelet may stop `pod` to make room for `preemptor`. */
export function isPreemptable(preemptor: Pod, pod: Pod): boolean {
  if (isCritical(preemptor) && !isCritical(pod)) return true;
  return priorityOf(preemptor) > priorityOf(pod);
}

/**
 * The pods to stop so that what is wanting is free: as few guaranteed ones as can be, then burstable, then best-effort ones;
 * undefined where all of them together would not do.
 */
export function podsToPreempt(
  preemptor: Pod,
  pods: readonly Pod[],
  requirements: readonly Requirement[],
): readonly Pod[] | undefined {
  const candidates = pods.filter((pod) => isPreemptable(preemptor, pod));
  if (remaining(requirements, candidates).length > 0) return undefined;
  const [bestEffort, burstable, guaranteed] = (
    ['BestEffort', 'Burstable', 'Guaranteed'] as const
  ).map((qos) => candidates.filter((pod) => qosOf(pod) === qos)) as [Pod[], Pod[], Pod[]];
  const dear = nearest(guaranteed, remaining(requirements, [...bestEffort, ...burstable]));
  const less = nearest(burstable, remaining(requirements, [...bestEffort, ...dear]));
  const least = nearest(bestEffort, remaining(requirements, [...less, ...dear]));
  return [...least, ...less, ...dear];
}

/** What is still wanting once `pods` are gone. */
export function remaining(
  requirements: readonly Requirement[],
  pods: readonly Pod[],
): readonly Requirement[] {
  return requirements
    .map(({ resource, amount }) => {
      const freed = pods.reduce((sum, pod) => sum + requestOf(pod, resource), 0);
      return { resource, amount: amount - freed };
    })
    .filter(({ amount }) => amount > 0);
}

/** How far a pod is from meeting the requirements: each counts at most 1, whatever its size. */
export function distance(requirements: readonly Requirement[], pod: Pod): number {
  let sum = 0;
  for (const { resource, amount } of requirements) {
    const missing = amount - requestOf(pod, resource);
    if (missing > 0) sum += (missing / amount) ** 2;
  }
  return sum;
}

/** Takes the nearest pod, of equals the smaller, until nothing is wanting. The caller knows that they suffice. */
function nearest(pods: readonly Pod[], requirements: readonly Requirement[]): Pod[] {
  const left = [...pods];
  const taken: Pod[] = [];
  let wanting = requirements;
  while (wanting.length > 0 && left.length > 0) {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (const [at, pod] of left.entries()) {
      const away = distance(wanting, pod);
      if (away > least || (away === least && !isNoLarger(pod, left[best]!))) continue;
      best = at;
      least = away;
    }
    const pod = left[best]!;
    left[best] = left.at(-1)!;
    left.pop();
    taken.push(pod);
    wanting = remaining(wanting, [pod]);
  }
  return taken;
}

function isNoLarger(a: Pod, b: Pod): boolean {
  for (const resource of ['memory', 'cpu']) {
    const difference = requestOf(a, resource) - requestOf(b, resource);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

function requestOf(pod: Pod, resource: string): number {
  return podAmounts(pod)[resource] ?? 0;
}
