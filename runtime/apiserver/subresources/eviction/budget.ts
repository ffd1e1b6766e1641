import type { PodDisruptionBudget } from '../../../../generated/policy/v1/types.ts';
import {
  disruptionFailure,
  forbidden,
  formatTime,
  tooManyRequests,
  withDisruptionAllowed,
} from '../../../meta/index.ts';

type Status = NonNullable<PodDisruptionBudget['status']>;

/** Evictions that were granted and not seen by the controller, before no more are. */
const DISRUPTED_PODS_MAX = 2000;
const PROCESSING_RETRY_SECONDS = 10;
const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";
const COUNTED_NOTHING: Status = {
  currentHealthy: 0,
  desiredHealthy: 0,
  disruptionsAllowed: 0,
  expectedPods: 0,
};

const because = (message: string) => [{ reason: 'DisruptionBudget', message }];

/** The budget's controller has not caught up: try again. */
export function stillProcessed(name: string) {
  return tooManyRequests(
    REFUSED,
    because(`The disruption budget ${name} is still being processed by the server.`),
    PROCESSING_RETRY_SECONDS,
  );
}

/** Whether an unready pod may go without being counted: it is no part of what is healthy. */
export function sparesUnready({ spec, status = COUNTED_NOTHING }: PodDisruptionBudget): boolean {
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  return status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy;
}

/** The budget's status after `pod` was granted its eviction; throws where it allows none. */
export function granted(
  { metadata, status = COUNTED_NOTHING }: PodDisruptionBudget,
  pod: string,
  nowMs: number,
): Status {
  const { name = '', generation = 0 } = metadata;
  const { observedGeneration = 0, disruptionsAllowed, disruptedPods = {} } = status;
  const about = { group: 'policy', resource: 'poddisruptionbudget', name };
  if (observedGeneration < generation) throw stillProcessed(name);
  if (disruptionsAllowed < 0) throw forbidden(about, 'pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > DISRUPTED_PODS_MAX)
    throw forbidden(
      about,
      'DisruptedPods map too big - too many evictions not confirmed by PDB controller',
    );
  if (disruptionsAllowed === 0) throw tooManyRequests(REFUSED, because(whyNone(name, status)));
  const next = {
    ...status,
    disruptionsAllowed: disruptionsAllowed - 1,
    disruptedPods: { ...disruptedPods, [pod]: formatTime(nowMs) },
  };
  return next.disruptionsAllowed === 0 ? withDisruptionAllowed(next, nowMs) : next;
}

function whyNone(name: string, status: Status): string {
  const failure = disruptionFailure(status);
  if (failure !== undefined)
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failure}`;
  const { desiredHealthy, currentHealthy } = status;
  return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
}
