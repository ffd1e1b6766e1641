import type { Pod, PodCondition } from '../../generated/core/v1/types.ts';
import { parseTime, type WatchEvent } from '../meta/index.ts';

/** Counts as one of its owner's replicas: neither ended nor on its way out. */
export function isPodActive({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && !hasEnded(status?.phase);
}

/** Told to go, and still running. */
export function isPodTerminating({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && !hasEnded(status?.phase);
}

/** The condition that says that the pod is ready; undefined while it is not. */
export function readyCondition({ status }: Pod): PodCondition | undefined {
  const conditions = status?.conditions;
  if (conditions === undefined) return undefined;
  for (const condition of conditions)
    if (condition.type === 'Ready') return condition.status === 'True' ? condition : undefined;
  return undefined;
}

export function isPodReady(pod: Pod): boolean {
  return readyCondition(pod) !== undefined;
}

/** When a pod with this Ready condition has been ready for `minReadySeconds`; 0 when none are asked for, NaN if it has no time. */
export function availableAtMs(ready: PodCondition, minReadySeconds: number): number {
  return minReadySeconds === 0 ? 0 : parseTime(ready.lastTransitionTime) + minReadySeconds * 1000;
}

/** Its containers have ended and do not come back. */
export function hasPodEnded({ status }: Pod): boolean {
  return hasEnded(status?.phase);
}

function hasEnded(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Whether a change of a pod can mean anything to whoever keeps a number of them: not a new address, node or container state. */
export function concernsOwner(event: WatchEvent<Pod>): boolean {
  const { object, previous } = event;
  return object.metadata.labels !== previous?.metadata.labels || concernsKeeper(event);
}

/** The same for whoever asks of the labels no more than whether they are those that it gave. */
export function concernsKeeper({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  const [now, before] = [object.metadata, previous.metadata];
  return (
    now.ownerReferences !== before.ownerReferences ||
    now.deletionTimestamp !== before.deletionTimestamp ||
    object.status?.phase !== previous.status?.phase ||
    readyCondition(object)?.lastTransitionTime !== readyCondition(previous)?.lastTransitionTime ||
    (readyCondition(object) === undefined) !== (readyCondition(previous) === undefined)
  );
}
