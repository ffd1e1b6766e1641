import { jobs } from '../../../generated/batch/v1/resources.ts';
import type { Job, JobStatus } from '../../../generated/batch/v1/types.ts';
import type { ReconcileContext } from '../../client/index.ts';
import { isDeleting } from '../../meta/index.ts';
import { isPodReady } from '../pods.ts';
import type { Backoff } from './backoff.ts';
import type { JobDecision } from './decide.ts';
import { isSuspended, isTracked } from './job.ts';
import { isSettled, ledgerOf, noteEnded, settleLedger } from './ledger.ts';
import { createPods, type Outcome, removePods, untrackPod } from './perform.ts';
import { type Counts, finalStatus, nextStatus, suspensionChange, withInterim } from './status.ts';
import { COMPLETIONS_REACHED, type Verdict } from './verdict.ts';

export function act(context: ReconcileContext, decision: JobDecision): Promise<Outcome> | Outcome {
  const { job, discard, plan } = decision;
  if (discard.length > 0) return removePods(context, job, discard, { letGo: false });
  if (plan.remove.length > 0) return removePods(context, job, plan.remove, { letGo: true });
  return plan.create.length > 0 ? createPods(context, job, plan.create) : { done: [] };
}

/**
 * Writes what became of the Job in the order that loses nothing: note the pods that ended, let them go, count them. When
 * all are counted and none runs, the Job is over.
 */
export async function record(
  context: ReconcileContext,
  stored: Job,
  decision: JobDecision,
  outcome: Outcome,
  remember: (backoff: Backoff) => void,
): Promise<void> {
  const { client } = context;
  const { job, survey, failedIndexes } = decision;
  const nowMs = context.now();
  const counts = countsAfter(decision, outcome);
  const verdict = concluded(decision, counts);
  const suspension = verdict || isDeleting(job) ? undefined : suspensionChange(job, nowMs);
  const conditions = withInterim(suspension ?? job.status?.conditions ?? [], verdict, nowMs);
  const isHeld = isSuspended(job) && !verdict && !isDeleting(job);
  const facts = { survey, failedIndexes, counts, conditions, isHeld };
  const tracked = new Set(survey.pods.filter(isTracked).map(({ metadata }) => metadata.uid ?? ''));
  const { ledger, untrack, isPartial } = noteEnded(
    { ...decision, verdict },
    settleLedger(ledgerOf(job), tracked),
  );
  let written = await write(context, stored, nextStatus(job, ledger, facts));
  if (suspension) announceSuspension(context, job);
  remember(decision.backoff);
  for (const pod of untrack) {
    await untrackPod(client, pod);
    tracked.delete(pod.metadata.uid ?? '');
  }
  const settled = settleLedger(ledger, tracked);
  const status = nextStatus({ ...job, status: written.status ?? {} }, settled, facts);
  const isOver = verdict && !isPartial && isSettled(settled) && counts.terminating === 0;
  written = await write(context, written, isOver ? finalStatus(status, verdict, nowMs) : status);
  if (isOver) announceEnd(context, written, verdict);
}

async function write({ client }: ReconcileContext, job: Job, status: JobStatus): Promise<Job> {
  return status === job.status ? job : client.updateStatus(jobs, { ...job, status });
}

function countsAfter({ survey, discard, plan }: JobDecision, { done }: Outcome): Counts {
  const { active, ready, terminating } = survey;
  if (discard.length + plan.remove.length === 0)
    return { active: active.length + done.length, ready, terminating };
  return {
    active: active.length - done.length,
    ready: ready - done.filter(isPodReady).length,
    terminating: terminating + done.length,
  };
}

/** The verdict, once nothing runs any more; reaching the goal is one too. */
function concluded({ job, survey, verdict }: JobDecision, { active }: Counts): Verdict | undefined {
  if (active > 0) return undefined;
  const { completions } = job.spec ?? {};
  const isReached =
    completions === undefined ? survey.succeeded > 0 : survey.succeeded >= completions;
  return verdict ?? (isReached ? COMPLETIONS_REACHED : undefined);
}

function announceSuspension({ events }: ReconcileContext, job: Job): void {
  if (isSuspended(job)) events.event(job, 'Normal', 'Suspended', 'Job suspended');
  else events.event(job, 'Normal', 'Resumed', 'Job resumed');
}

function announceEnd({ events }: ReconcileContext, job: Job, verdict: Verdict): void {
  if (verdict.type === 'Failed') {
    events.event(job, 'Warning', verdict.reason, verdict.message);
    return;
  }
  if ((job.status?.succeeded ?? 0) > (job.spec?.completions ?? Number.POSITIVE_INFINITY))
    events.event(
      job,
      'Warning',
      'TooManySucceededPods',
      'Too many succeeded pods running after completion count reached',
    );
  events.event(job, 'Normal', 'Completed', 'Job completed');
}
