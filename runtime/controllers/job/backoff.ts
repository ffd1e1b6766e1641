import type { Pod } from '../../../generated/core/v1/types.ts';
import { parseTime } from '../../meta/index.ts';

const BASE_MS = 10_000;
const MAX_MS = 600_000;

/** Failures since the last success, and when the last of them was. */
export interface Backoff {
  readonly failures: number;
  readonly lastFailureMs: number;
}

export const NO_BACKOFF: Backoff = { failures: 0, lastFailureMs: Number.NEGATIVE_INFINITY };

/** Adds pods that ended since the last look. Failures before the latest success are forgotten. */
export function nextBackoff(
  before: Backoff,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): Backoff {
  if (succeeded.length === 0 && failed.length === 0) return before;
  const failedMs = failed.map(finishedMs);
  if (succeeded.length === 0)
    return {
      failures: before.failures + failed.length,
      lastFailureMs: Math.max(before.lastFailureMs, ...failedMs),
    };
  const lastSuccessMs = Math.max(...succeeded.map(finishedMs));
  const later = failedMs.filter((atMs) => atMs > lastSuccessMs);
  return { failures: later.length, lastFailureMs: Math.max(Number.NEGATIVE_INFINITY, ...later) };
}

/** How long new pods have to wait: 10 s after the first failure, doubled with each further one, up to ten minutes. */
export function remainingMs({ failures, lastFailureMs }: Backoff, nowMs: number): number {
  if (failures === 0) return 0;
  const delayMs = Math.min(BASE_MS * 2 ** (failures - 1), MAX_MS);
  return Math.max(0, lastFailureMs + delayMs - nowMs);
}

/** When a pod ended: its last container, else when it ceased to be ready, was told to go, or was made. */
export function finishedMs({ metadata, status }: Pod): number {
  const containers = status?.containerStatuses ?? [];
  const ends = containers.map(({ state }) => parseTime(state?.terminated?.finishedAt));
  if (ends.length > 0 && !ends.some(Number.isNaN)) return Math.max(...ends);
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime)
    return parseTime(ready.lastTransitionTime);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = metadata;
  return deletionTimestamp
    ? parseTime(deletionTimestamp) - deletionGracePeriodSeconds * 1000
    : parseTime(creationTimestamp);
}
