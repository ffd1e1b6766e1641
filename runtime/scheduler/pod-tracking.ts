import type { Pod } from '../../generated/core/v1/types.ts';
import type { WatchEvent } from '../meta/index.ts';
import type { ClusterState } from './cluster-state.ts';
import { type ClusterEvent, clusterEvents, type GatePlugin } from './framework.ts';
import type { PodRecord } from './node-info.ts';
import { type PodShape, shapeOf } from './pod-shape.ts';
import type { SchedulingQueue } from './queue.ts';

interface TrackingOptions {
  readonly nowMs: number;
  /** A node is chosen and its volumes are being bound: it is in no queue. */
  isBinding(key: string): boolean;
  /** The PreEnqueue plugins of the scheduler of that name; undefined when it is none of ours. */
  gatesFor(schedulerName: string | undefined): readonly GatePlugin[] | undefined;
}

/**
 * Takes a change of a pod into snapshot and queue: pods with a node count on it until they end, pods without wait in the
 * queue. Returns what other waiting pods may care about. The event that confirms an assumed pod changes nothing.
 */
export function trackPod(
  { type, object: pod, previous, revision }: WatchEvent<Pod>,
  state: ClusterState,
  queue: SchedulingQueue,
  options: TrackingOptions,
): ClusterEvent | undefined {
  const key = `${pod.metadata?.namespace ?? ''}/${pod.metadata?.name ?? ''}`;
  const gone = type === 'DELETED' || hasEnded(pod);
  const nodeName = pod.spec?.nodeName;
  if (!nodeName) {
    const nominated = trackNomination(pod, previous, key, gone, state);
    if (gone || !options.isBinding(key))
      trackWaiting(pod, key, gone, queue, { ...options, trigger: revision });
    return nominated && gone ? { kinds: clusterEvents.podDeleted, pod: shapeOf(pod) } : undefined;
  }
  if (queue.get(key)) queue.delete(key);
  state.nominations.delete(key);
  const uid = pod.metadata?.uid ?? '';
  if (gone) {
    const removed = state.removePod(nodeName, uid, key);
    return removed && { kinds: clusterEvents.podDeleted, pod: removed.shape };
  }
  return trackAssigned(pod, key, uid, nodeName, state);
}

/** Follows `nominatedNodeName`, which anybody may set. Returns whether the pod had a nomination. */
function trackNomination(
  pod: Pod,
  previous: Pod | undefined,
  key: string,
  gone: boolean,
  { nominations }: ClusterState,
): boolean {
  const had = nominations.nodeOf(key) !== undefined;
  const named = pod.status?.nominatedNodeName;
  if (named && !gone) {
    const uid = pod.metadata?.uid ?? '';
    nominations.set(named, { key, uid, pod, shape: shapeOf(pod), terminating: false });
  } else if (gone || previous?.status?.nominatedNodeName) nominations.delete(key);
  return had;
}

/** Succeeded or Failed: its containers will not run again, so it takes no room. */
function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function trackAssigned(
  pod: Pod,
  key: string,
  uid: string,
  nodeName: string,
  state: ClusterState,
): ClusterEvent | undefined {
  const known = state.findPod(nodeName, uid, key);
  if (known?.pod === pod) return undefined;
  const record: PodRecord = {
    key,
    uid,
    pod,
    shape: shapeOf(pod),
    terminating: pod.metadata?.deletionTimestamp !== undefined,
  };
  if (!known) {
    state.addPod(nodeName, record);
    return { kinds: clusterEvents.podAssigned, pod: record.shape };
  }
  if (known.terminating === record.terminating && countsAlike(known.shape, record.shape)) {
    state.refreshPod(nodeName, record);
    return undefined;
  }
  state.removePod(nodeName, uid, key);
  state.addPod(nodeName, record);
  const kinds =
    clusterEvents.podLabels |
    (requestsLess(record.shape, known.shape) ? clusterEvents.podDeleted : 0);
  return { kinds, pod: record.shape, previousPod: known.shape };
}

function countsAlike(a: PodShape, b: PodShape): boolean {
  return (
    a === b || (a.requirements === b.requirements && sameLabels(a, b) && a.priority === b.priority)
  );
}

function sameLabels(a: PodShape, b: PodShape): boolean {
  return a.labels === b.labels || JSON.stringify(a.labels) === JSON.stringify(b.labels);
}

/** A pod resized down in place frees room as one that goes. */
function requestsLess(after: PodShape, before: PodShape): boolean {
  const now = after.requirements.requests;
  const then = before.requirements.requests;
  return now.milliCpu < then.milliCpu || now.memory < then.memory;
}

function trackWaiting(
  pod: Pod,
  key: string,
  gone: boolean,
  queue: SchedulingQueue,
  { nowMs, trigger, gatesFor }: TrackingOptions & { readonly trigger: number },
): void {
  const waiting = queue.get(key);
  const isNew = waiting?.uid !== (pod.metadata?.uid ?? '');
  if (gone) {
    if (!isNew) queue.delete(key);
    return;
  }
  const gates = gatesFor(pod.spec?.schedulerName);
  if (!gates) return;
  if (pod.metadata?.deletionTimestamp !== undefined) {
    queue.delete(key);
    return;
  }
  const gated = gates.some((gate) => gate.preEnqueue?.(pod));
  if (waiting && !isNew && sameForScheduling(waiting.pod, pod)) {
    queue.refresh(key, pod);
    return;
  }
  if (waiting && !isNew && queue.partOf(key) === 'unschedulable' && !gated) {
    queue.replace(key, pod, shapeOf(pod));
    queue.activate(key, nowMs, trigger);
    return;
  }
  queue.add(pod, shapeOf(pod), key, { nowMs, gated, trigger });
}

/** True when only status or bookkeeping changed, such as the condition that the scheduler itself wrote. */
function sameForScheduling(before: Pod, after: Pod): boolean {
  return before.spec === after.spec && before.metadata?.labels === after.metadata?.labels
    ? true
    : JSON.stringify([before.spec, before.metadata?.labels]) ===
        JSON.stringify([after.spec, after.metadata?.labels]);
}
