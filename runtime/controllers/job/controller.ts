import { jobs } from '../../../generated/batch/v1/resources.ts';
import type { Job } from '../../../generated/batch/v1/types.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { limits, SharedMap } from '../../base/index.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import { keyOf } from '../../meta/index.ts';
import { decideClaims, performClaims } from '../claim.ts';
import { Dependents } from '../dependents.ts';
import { type Backoff, NO_BACKOFF } from './backoff.ts';
import { decide, type JobDecision } from './decide.ts';
import { isFinished, isManagedElsewhere, TRACKING_FINALIZER } from './job.ts';
import { act, record } from './record.ts';
import { started } from './status.ts';
import { concernsJob } from './survey.ts';

type Backoffs = SharedMap<Backoff>;

export function createJobController(deps: ControllerDeps<unknown, Backoffs>): Controller {
  const { transport, inherited } = deps;
  const backoffs = inherited ?? new SharedMap<Backoff>(limits.jobBackoffs);
  const lister = transport.lister(jobs);
  const podsOf = new Dependents<Job, Pod>(transport, jobs, pods);

  return {
    name: 'job',
    watches: [
      watch(jobs, ({ object }) => [keyOf(object)]),
      watch(pods, (event) => (concernsJob(event) ? podsOf.keys(event) : NO_KEYS)),
    ],
    async reconcile(key, context) {
      const job = lister.byKey(key);
      if (!job || isManagedElsewhere(job) || isFinished(job)) return undefined;
      const { uid = '' } = job.metadata;
      const owner = { ref: jobs, object: job, finalizer: TRACKING_FINALIZER };
      const claims = decideClaims(job, podsOf.of(uid), podsOf.orphansFor(job));
      const owned = await performClaims(context.client, owner, pods, claims);
      const nowMs = context.now();
      const backoff = backoffs.get(uid) ?? NO_BACKOFF;
      const decision = decide({ job: started(job, nowMs), pods: owned, backoff, nowMs });
      return perform(context, job, decision, (next) => {
        if (next !== backoff) backoffs.set(uid, next);
      });
    },
    inherit: () => backoffs.clone(),
  };
}

const NO_KEYS: readonly string[] = [];

/** Makes or removes pods, then writes what has become of the Job. */
async function perform(
  context: ReconcileContext,
  stored: Job,
  decision: JobDecision,
  remember: (backoff: Backoff) => void,
): Promise<ReconcileResult> {
  const outcome = await act(context, decision);
  await record(context, stored, decision, outcome, remember);
  if (outcome.error !== undefined) throw outcome.error;
  return { ...journalled(decision), ...requeue(decision, context.now()) };
}

function requeue({ plan, deadlineMs, verdict }: JobDecision, nowMs: number): ReconcileResult {
  if (verdict) return {};
  const waits = [plan.waitMs, deadlineMs === undefined ? undefined : deadlineMs - nowMs];
  const known = waits.filter((waitMs) => waitMs !== undefined);
  return known.length > 0 ? { requeueAfterMs: Math.max(0, Math.min(...known)) } : {};
}

/** The decision as the journal keeps it: names, not objects. */
function journalled({ plan, verdict, discard }: JobDecision): { decision?: unknown } {
  const remove = [...plan.remove, ...discard].map(({ metadata }) => metadata.name);
  const parts = {
    ...(verdict ? { ends: verdict.reason } : {}),
    ...(plan.create.length > 0 ? { create: plan.create.length } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  };
  return Object.keys(parts).length > 0 ? { decision: parts } : {};
}
