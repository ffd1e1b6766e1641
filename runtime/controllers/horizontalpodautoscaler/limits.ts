import type { HPAScalingRules } from '../../../generated/autoscaling/v2/types.ts';
import type { History, ScaleEvent } from './history.ts';

/** A number of pods, and the condition ScalingLimited that says whether it is another than was asked for. */
export interface Limited {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

export interface Bounds {
  readonly current: number;
  readonly min: number;
  readonly max: number;
}

const WITHIN = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};
const TOO_FEW = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};
const TOO_MANY = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const TOO_FAST_UP = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const TOO_FAST_DOWN = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};

const AT_ONCE_FACTOR = 2;
const AT_ONCE_LEAST = 4;

/** Without policies: at most twice the present number at once, but four in any case. */
export function limitedByDefault(desired: number, { current, min, max }: Bounds): Limited {
  const fastest = Math.max(AT_ONCE_FACTOR * current, AT_ONCE_LEAST);
  if (desired < min) return { replicas: min, ...TOO_FEW };
  if (desired <= Math.min(max, fastest)) return { replicas: desired, ...WITHIN };
  return max > fastest ? { replicas: fastest, ...TOO_FAST_UP } : { replicas: max, ...TOO_MANY };
}

/** With policies: as far as those of the direction allow, counting what was changed in their periods already. */
export function limitedByPolicies(
  desired: number,
  { current, min, max }: Bounds,
  { up, down }: { readonly up: HPAScalingRules; readonly down: HPAScalingRules },
  history: History,
  nowMs: number,
): Limited {
  if (desired > current) {
    const fastest = Math.max(current, farthest('up', current, up, history, nowMs));
    if (desired <= Math.min(max, fastest)) return { replicas: desired, ...WITHIN };
    return max > fastest ? { replicas: fastest, ...TOO_FAST_UP } : { replicas: max, ...TOO_MANY };
  }
  if (desired < current) {
    const fastest = Math.min(current, farthest('down', current, down, history, nowMs));
    if (desired >= Math.max(min, fastest)) return { replicas: desired, ...WITHIN };
    return min < fastest ? { replicas: fastest, ...TOO_FAST_DOWN } : { replicas: min, ...TOO_FEW };
  }
  return { replicas: desired, ...WITHIN };
}

/** The number of pods that the policies of a direction let it go to. */
function farthest(
  direction: 'up' | 'down',
  current: number,
  { policies = [], selectPolicy }: HPAScalingRules,
  { ups, downs }: History,
  nowMs: number,
): number {
  if (selectPolicy === 'Disabled') return current;
  const reached = policies.map(({ type, value, periodSeconds }) => {
    const sinceMs = nowMs - periodSeconds * 1000;
    const begin = current - changeSince(ups, sinceMs) + changeSince(downs, sinceMs);
    if (type === 'Pods') return direction === 'up' ? begin + value : begin - value;
    return direction === 'up'
      ? Math.ceil(begin * (1 + value / 100))
      : Math.trunc(begin * (1 - value / 100));
  });
  const isGreatest = (selectPolicy === 'Min') === (direction === 'down');
  return isGreatest ? Math.max(...reached) : Math.min(...reached);
}

function changeSince(events: readonly ScaleEvent[], sinceMs: number): number {
  return events.reduce((sum, { atMs, change }) => (atMs > sinceMs ? sum + change : sum), 0);
}

/** The history with a change in it, less what no policy looks back to any more. */
export function withChange(
  history: History,
  { up, down }: { readonly up: HPAScalingRules; readonly down: HPAScalingRules },
  change: number,
  nowMs: number,
): History {
  const added = (events: readonly ScaleEvent[], { policies = [] }: HPAScalingRules) => {
    const longestMs = Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds * 1000));
    const recent = events.filter(({ atMs }) => atMs >= nowMs - longestMs);
    return [...recent, { atMs: nowMs, change: Math.abs(change) }];
  };
  return change > 0
    ? { ...history, ups: added(history.ups, up) }
    : { ...history, downs: added(history.downs, down) };
}
