import type { Pod } from '../../../generated/core/v1/types.ts';
import type { Init } from '../../client/index.ts';
import { isDeleting } from '../../meta/index.ts';
import { hasPodEnded } from '../pods.ts';
import { type ClaimLookup, type ClaimWork, claimWork, hasStaleClaim } from './claims.ts';
import { corrected, newPod } from './identity.ts';
import {
  isAvailable,
  isRunningAndReady,
  revisionFor,
  type Slot,
  type StatefulSetState,
  slotsOf,
} from './members.ts';
import { outdated } from './rollout.ts';

/** What has to be done about one number of the set: its claims first, then its pod. */
export interface PodStep {
  readonly name: string;
  /** Its place among those that are looked at in the same stage: some that come after a failure are left for later. */
  readonly at: number;
  readonly claims?: ClaimWork;
  readonly create?: Init<Pod>;
  /** The pod as it is to be; the very same as it is when only its claims changed. */
  readonly update?: Pod;
  readonly remove?: Pod;
}

export interface StatefulSetActions {
  /** Each begins only when the one before went without a failure. */
  readonly stages: readonly (readonly PodStep[])[];
}

type Verdict = { readonly step?: Omit<PodStep, 'at' | 'name'>; readonly waits: boolean };

/**
 * One step of a StatefulSet: wanted pods are made and kept, pods beyond them removed, and then old ones replaced. An ordered set
 * stops at the first pod that is not as it should be, and changes one at a time; a parallel one goes on.
 */
export function decide(state: StatefulSetState, claimNamed: ClaimLookup): StatefulSetActions {
  const { set } = state;
  if (isDeleting(set)) return { stages: [] };
  const { replicas, condemned } = slotsOf(state);
  const isOrdered = set.spec?.podManagementPolicy !== 'Parallel';
  const kept = inTurn(replicas, isOrdered, (slot) => keep(state, slot, claimNamed));
  if (kept.isStopped) return { stages: [kept.steps] };
  const handed = inTurn(condemned, false, (slot) => handOver(state, slot, claimNamed));
  const firstUnavailable = [...replicas, ...[...condemned].reverse()].find(
    (slot) => slot.isUnavailable,
  );
  const removed = inTurn(condemned, isOrdered, (slot) =>
    condemn(state, slot, slot.name === firstUnavailable?.name),
  );
  const stages = [kept.steps, handed.steps, removed.steps];
  if (removed.isStopped) return { stages };
  const replaced = outdated(state, replicas).map((slot, at) => ({
    name: slot.name,
    at,
    remove: slot.pod!,
  }));
  return { stages: [...stages, replaced] };
}

function inTurn(
  slots: readonly Slot[],
  isOrdered: boolean,
  judge: (slot: Slot) => Verdict,
): { readonly steps: readonly PodStep[]; readonly isStopped: boolean } {
  const steps: PodStep[] = [];
  for (const [at, slot] of slots.entries()) {
    const { step, waits } = judge(slot);
    if (step) steps.push({ name: slot.name, at, ...step });
    if (waits && isOrdered) return { steps, isStopped: true };
  }
  return { steps, isStopped: false };
}

/** A pod that has ended, however, is replaced; one that is there must be available before an ordered set looks at the next. */
function keep(state: StatefulSetState, slot: Slot, claimNamed: ClaimLookup): Verdict {
  const { set, nowMs } = state;
  const { pod, ordinal } = slot;
  if (!pod) {
    if (hasStaleClaim(set, slot, claimNamed)) return { waits: true };
    const create = newPod(set, revisionFor(state, ordinal), ordinal);
    return { step: { create, claims: claimWork(set, slot, claimNamed, true) }, waits: true };
  }
  if (hasPodEnded(pod))
    return { ...(isDeleting(pod) ? {} : { step: { remove: pod } }), waits: true };
  const isPending = pod.status?.phase === 'Pending';
  const claims = claimWork(set, slot, claimNamed, isPending);
  const isFine = !isDeleting(pod) && isRunningAndReady(pod) && isAvailable(set, pod, nowMs);
  const isOrdered = set.spec?.podManagementPolicy !== 'Parallel';
  if (isOrdered && !isFine)
    return { ...(isPending && needsWork(claims) ? { step: { claims } } : {}), waits: true };
  const update = corrected(set, pod, ordinal);
  if (update === pod && !needsWork(claims)) return { waits: false };
  return { step: { claims, ...(isPending && update === pod ? {} : { update }) }, waits: false };
}

/** The claims of a pod that is not wanted any more change their owner before it goes. */
function handOver({ set }: StatefulSetState, slot: Slot, claimNamed: ClaimLookup): Verdict {
  const claims = claimWork(set, slot, claimNamed, false);
  return claims.hand.length > 0 ? { step: { claims }, waits: false } : { waits: false };
}

/** An ordered set removes the highest, and a broken one only when no other below it is broken. */
function condemn(
  { set, nowMs }: StatefulSetState,
  { pod }: Slot,
  isFirstUnavailable: boolean,
): Verdict {
  if (!pod || isDeleting(pod)) return { waits: true };
  const isFine = isRunningAndReady(pod) && isAvailable(set, pod, nowMs);
  const isOrdered = set.spec?.podManagementPolicy !== 'Parallel';
  if (isOrdered && !isFine && !isFirstUnavailable) return { waits: true };
  return { step: { remove: pod }, waits: true };
}

function needsWork({ create, hand, leaving }: ClaimWork): boolean {
  return create.length + hand.length + leaving.length > 0;
}
