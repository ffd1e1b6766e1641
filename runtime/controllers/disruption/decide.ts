import type { Pod } from '../../../generated/core/v1/types.ts';
import type { PodDisruptionBudget } from '../../../generated/policy/v1/types.ts';
import { isDeleting, jsonEqual, parseTime, withDisruptionAllowed } from '../../meta/index.ts';
import { isPodReady } from '../pods.ts';
import { expectation } from './expectation.ts';
import type { Scale } from './scales.ts';

type Status = NonNullable<PodDisruptionBudget['status']>;

export interface BudgetState {
  readonly budget: PodDisruptionBudget;
  /** Those that it selects. */
  readonly pods: readonly Pod[];
  readonly scaleOf: (pod: Pod) => Scale;
  readonly nowMs: number;
}

export interface BudgetDecision {
  /** The budget's own one when nothing differs. */
  readonly status: Status | undefined;
  /** Pods whose eviction was granted and that were not deleted in time. */
  readonly notDeleted: readonly Pod[];
  /** Whether some pods have no controller although controllers count. */
  readonly hasUnmanaged: boolean;
  readonly failure?: string;
  /** When the next granted eviction runs out. */
  readonly recheckMs?: number;
}

/** How long a granted eviction may take to be seen. */
const DELETION_TIMEOUT_MS = 2 * 60_000;

/** What the status of a budget ought to be. */
export function decideBudget({ budget, pods, scaleOf, nowMs }: BudgetState): BudgetDecision {
  const { status, metadata } = budget;
  const expected = expectation(budget, pods, scaleOf);
  if ('failure' in expected) {
    const { failure } = expected;
    const next = withDisruptionAllowed(withoutDisruptions(status), nowMs, failure);
    return { status: unlessSame(status, next), notDeleted: [], hasUnmanaged: false, failure };
  }
  const { expectedPods, desiredHealthy, unmanaged } = expected;
  const granted = grantedEvictions(status?.disruptedPods, pods, nowMs);
  const currentHealthy = healthyPods(pods, granted.waiting);
  const spare = currentHealthy - desiredHealthy;
  const next = withDisruptionAllowed(
    {
      ...(status?.conditions ? { conditions: status.conditions } : {}),
      currentHealthy,
      desiredHealthy,
      ...(Object.keys(granted.waiting).length > 0 ? { disruptedPods: granted.waiting } : {}),
      disruptionsAllowed: expectedPods > 0 ? Math.max(0, spare) : 0,
      expectedPods,
      ...(metadata.generation ? { observedGeneration: metadata.generation } : {}),
    },
    nowMs,
  );
  return {
    status: unlessSame(status, next),
    notDeleted: granted.notDeleted,
    hasUnmanaged: unmanaged > 0,
    ...(granted.recheckMs === undefined ? {} : { recheckMs: granted.recheckMs }),
  };
}

function unlessSame(status: Status | undefined, next: Status): Status {
  return status !== undefined && jsonEqual(status, next) ? status : next;
}

/** Fails safe: what is not known is not granted. */
function withoutDisruptions(status: Status | undefined): Status {
  return {
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
    ...status,
    disruptionsAllowed: 0,
  };
}

type Times = Readonly<Record<string, string>>;

interface Granted {
  readonly waiting: Times;
  readonly notDeleted: readonly Pod[];
  readonly recheckMs?: number;
}

/** Sorts the evictions that were granted: those still to be seen, and those that never will be. */
function grantedEvictions(times: Times | undefined, pods: readonly Pod[], nowMs: number): Granted {
  if (!times) return NONE_GRANTED;
  const waiting: Record<string, string> = {};
  const notDeleted: Pod[] = [];
  let recheckMs = Number.POSITIVE_INFINITY;
  for (const pod of pods) {
    const { name = '' } = pod.metadata;
    const time = times[name];
    if (time === undefined || isDeleting(pod)) continue;
    const untilMs = parseTime(time) + DELETION_TIMEOUT_MS;
    if (untilMs <= nowMs) notDeleted.push(pod);
    else {
      waiting[name] = time;
      recheckMs = Math.min(recheckMs, untilMs);
    }
  }
  return { waiting, notDeleted, ...(Number.isFinite(recheckMs) ? { recheckMs } : {}) };
}

const NONE_GRANTED: Granted = { waiting: {}, notDeleted: [] };

function healthyPods(pods: readonly Pod[], leaving: Times): number {
  let count = 0;
  for (const pod of pods)
    if (!isDeleting(pod) && leaving[pod.metadata.name ?? ''] === undefined && isPodReady(pod))
      count++;
  return count;
}
