import type { StatefulSet } from '../../../generated/apps/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { isDeleting } from '../../meta/index.ts';
import { availableAtMs, isPodReady, readyCondition } from '../pods.ts';
import type { Member } from './claims.ts';
import { ordinalOf, revisionOfPod, startOrdinal, wantedReplicas } from './identity.ts';
import type { Revision } from './revision.ts';

/** What a StatefulSet is decided from. */
export interface StatefulSetState {
  readonly set: StatefulSet;
  /** All that it controls. */
  readonly pods: readonly Pod[];
  /** What pods are made from that an update has not reached. */
  readonly current: Revision;
  /** What the set's template says. */
  readonly update: Revision;
  readonly nowMs: number;
}

/** A number that the set has or is to have a pod for. */
export interface Slot extends Member {
  /** That of the pod, or of the pod to be made. */
  readonly revision: Revision['name'];
  /** Not there, not ready for long enough, or told to go. */
  readonly isUnavailable: boolean;
}

export interface Slots {
  /** The wanted ones, in order of their numbers, whether their pods exist or not. */
  readonly replicas: readonly Slot[];
  /** Pods whose numbers are not wanted any more, highest first. */
  readonly condemned: readonly Slot[];
}

/** Sorts pods by their numbers. A pod whose name has none is nobody's replica. */
export function slotsOf(state: StatefulSetState): Slots {
  const { set, pods } = state;
  const start = startOrdinal(set);
  const end = start + wantedReplicas(set);
  const byOrdinal = new Map<number, Pod>();
  for (const pod of pods) {
    const ordinal = ordinalOf(set, pod);
    if (ordinal !== undefined) byOrdinal.set(ordinal, pod);
  }
  const replicas: Slot[] = [];
  for (let ordinal = start; ordinal < end; ordinal++) {
    replicas.push(slotOf(state, ordinal, byOrdinal.get(ordinal)));
    byOrdinal.delete(ordinal);
  }
  const condemned = [...byOrdinal]
    .sort(([a], [b]) => b - a)
    .map(([ordinal, pod]) => ({ ...slotOf(state, ordinal, pod), isCondemned: true }));
  return { replicas, condemned };
}

function slotOf(state: StatefulSetState, ordinal: number, pod: Pod | undefined): Slot {
  const { set, nowMs } = state;
  return {
    name: `${set.metadata.name}-${ordinal}`,
    ordinal,
    ...(pod ? { pod } : {}),
    isCondemned: false,
    revision: pod ? revisionOfPod(pod) : revisionFor(state, ordinal).name,
    isUnavailable: !pod || isDeleting(pod) || !isAvailable(set, pod, nowMs),
  };
}

/** The revision of a pod that is made now: below the partition the current one, else that of the template. */
export function revisionFor({ set, current, update }: StatefulSetState, ordinal: number): Revision {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec?.updateStrategy ?? {};
  const kept =
    rollingUpdate?.partition ??
    (type === 'RollingUpdate' && !rollingUpdate ? (set.status?.currentReplicas ?? 0) : 0);
  return ordinal < startOrdinal(set) + kept ? current : update;
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && isPodReady(pod);
}

export function isAvailable({ spec }: StatefulSet, pod: Pod, nowMs: number): boolean {
  const ready = readyCondition(pod);
  return ready !== undefined && availableAtMs(ready, spec?.minReadySeconds ?? 0) <= nowMs;
}
