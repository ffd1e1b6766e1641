import type { DaemonSetStatus } from '../../../generated/apps/v1/types.ts';
import { jsonEqual } from '../../meta/index.ts';
import { isUpdated } from './pod.ts';
import { type DaemonSetState, readyForMs, type Survey } from './survey.ts';

interface Tally {
  readonly desired: number;
  readonly current: number;
  readonly misscheduled: number;
  readonly ready: number;
  readonly available: number;
  readonly updated: number;
  /** When the next ready pod becomes available by waiting; absent when none waits. */
  readonly nextAvailableMs?: number;
}

/** Counts nodes: each by the pod that counts first on it. */
export function tally(
  { daemonSet, hash, nowMs }: DaemonSetState,
  { open, settled, starting, outdated }: Survey,
): Tally {
  const closed = settled + starting + outdated.size;
  const counts = {
    desired: closed,
    current: closed,
    misscheduled: 0,
    ready: settled + outdated.size,
    available: settled + outdated.size,
    updated: settled + starting,
  };
  let nextAvailableMs = Number.POSITIVE_INFINITY;
  for (const { verdict, pods } of open) {
    const [pod] = pods;
    if (!verdict.shouldRun) {
      if (pod) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    if (!pod) continue;
    counts.current++;
    if (isUpdated(pod, hash)) counts.updated++;
    const atMs = readyForMs(daemonSet, pod);
    if (atMs === undefined) continue;
    counts.ready++;
    if (atMs <= nowMs) counts.available++;
    else nextAvailableMs = Math.min(nextAvailableMs, atMs);
  }
  return nextAvailableMs < Number.POSITIVE_INFINITY ? { ...counts, nextAvailableMs } : counts;
}

/** The status that a DaemonSet ought to have; the one it has when nothing differs. */
export function nextStatus(
  { daemonSet: { metadata, status } }: DaemonSetState,
  counts: Tally,
  collisionCount: number,
): DaemonSetStatus {
  const next: DaemonSetStatus = {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...(metadata.generation ? { observedGeneration: metadata.generation } : {}),
    ...positive('updatedNumberScheduled', counts.updated),
    ...positive('numberAvailable', counts.available),
    ...positive('numberUnavailable', counts.desired - counts.available),
    ...positive('collisionCount', collisionCount),
    ...(status?.conditions ? { conditions: status.conditions } : {}),
  };
  return status !== undefined && jsonEqual(status, next) ? status : next;
}

/** Upstream omits counts of zero. */
function positive(name: keyof DaemonSetStatus, value: number): Partial<DaemonSetStatus> {
  return value > 0 ? { [name]: value } : {};
}
