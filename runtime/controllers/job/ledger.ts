import type { Job } from '../../../generated/batch/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { limits } from '../../base/index.ts';
import { isDeleting } from '../../meta/index.ts';
import { judgeFailure } from './failure-policy.ts';
import { completionIndex, hasPlace, isIndexed, isPodFailed, isTracked } from './job.ts';
import type { Survey } from './survey.ts';
import type { Verdict } from './verdict.ts';

/**
 * How many pods ended, and the uids of those that are being counted. A pod is noted by its uid, let go of its finalizer and
 * only then counted, so that whatever fails in between it counts once.
 */
export interface Ledger {
  readonly succeeded: number;
  readonly failed: number;
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
}

export function ledgerOf({ status }: Job): Ledger {
  const { succeeded = 0, failed = 0, uncountedTerminatedPods: uncounted = {} } = status ?? {};
  return {
    succeeded,
    failed,
    uncounted: { succeeded: uncounted.succeeded ?? [], failed: uncounted.failed ?? [] },
  };
}

/** Counts whatever is noted and not tracked any more. */
export function settleLedger(ledger: Ledger, tracked: ReadonlySet<string>): Ledger {
  const { succeeded, failed } = ledger.uncounted;
  const left = {
    succeeded: succeeded.filter((uid) => tracked.has(uid)),
    failed: failed.filter((uid) => tracked.has(uid)),
  };
  return {
    succeeded: ledger.succeeded + succeeded.length - left.succeeded.length,
    failed: ledger.failed + failed.length - left.failed.length,
    uncounted: left,
  };
}

export const isSettled = ({ uncounted }: Ledger): boolean =>
  uncounted.succeeded.length + uncounted.failed.length === 0;

export interface Noted {
  readonly ledger: Ledger;
  /** Pods that can be let go once the ledger is written. */
  readonly untrack: readonly Pod[];
  /** There were more than a status may hold at a time. */
  readonly isPartial: boolean;
}

interface State {
  readonly job: Job;
  readonly survey: Survey;
  readonly verdict: Verdict | undefined;
  /** Failed pods that wait to be replaced. */
  readonly replace: ReadonlyMap<number, Pod>;
}

/** Notes the pods that have ended; once the Job has failed, all others too. */
export function noteEnded(state: State, ledger: Ledger): Noted {
  const { job, survey, verdict, replace } = state;
  const succeeded = [...ledger.uncounted.succeeded];
  const failed = [...ledger.uncounted.failed];
  const [knownSucceeded, knownFailed] = [new Set(succeeded), new Set(failed)];
  const untrack: Pod[] = [];
  let byIndex = 0;
  let isPartial = false;
  for (const pod of survey.pods.filter(isTracked)) {
    const hasFailed = isPodFailed(job, pod);
    const hasSucceeded = pod.status?.phase === 'Succeeded';
    const index = completionIndex(pod);
    const isAwaited = hasFailed && index !== undefined && replace.get(index) === pod;
    const isLetGo = verdict !== undefined || isDeleting(job);
    if (!isLetGo && !hasSucceeded && (!hasFailed || isAwaited)) continue;
    untrack.push(pod);
    const { uid = '' } = pod.metadata;
    if (hasSucceeded && !knownFailed.has(uid)) {
      if (!isIndexed(job) && !knownSucceeded.has(uid)) succeeded.push(uid);
      if (isIndexed(job) && hasPlace(job, pod) && !survey.formerIndexes.has(index!)) byIndex++;
    } else if (hasFailed || verdict?.type === 'Failed') {
      const counts = hasPlace(job, pod) && judgeFailure(job, pod).counts;
      if (counts && !knownFailed.has(uid)) failed.push(uid);
    }
    isPartial = byIndex + succeeded.length + failed.length >= limits.jobUncountedPods;
    if (isPartial) break;
  }
  return { ledger: { ...ledger, uncounted: { succeeded, failed } }, untrack, isPartial };
}
