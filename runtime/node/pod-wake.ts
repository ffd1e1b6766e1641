import type { Pod } from '../../generated/core/v1/types.ts';
import type { TimerKind } from '../base/index.ts';
import { changeOf, isFinished, isReady, isRunning, tellOf } from './container-record.ts';
import { volumesPulledMs } from './image-volumes.ts';
import type { PodRecord } from './pod-record.ts';
import { renewalMs } from './references/index.ts';

/** When a pod has had the time that it is given at most, in ms; Infinity when it is given any. */
export function deadlineOf(pod: Pod, record: PodRecord): number {
  const seconds = pod.spec?.activeDeadlineSeconds;
  return seconds === undefined ? Number.POSITIVE_INFINITY : record.startMs + seconds * 1000;
}

/** When there is something to do about the pod, Infinity if never; and whether that is part of converging. */
export function nextWake(
  pod: Pod,
  record: PodRecord,
): { readonly atMs: number; readonly kind: TimerKind } {
  const never = Number.POSITIVE_INFINITY;
  if (record.terminal) return { atMs: never, kind: 'periodic' };
  const changeMs = nextChange(pod, record);
  const { init, main, ephemeral = {} } = record;
  let atMs = changeMs;
  for (const each of init) atMs = Math.min(atMs, tellOf(each));
  for (const each of main) atMs = Math.min(atMs, tellOf(each));
  for (const name in ephemeral) atMs = Math.min(atMs, tellOf(ephemeral[name]!));
  if (record.programs && !record.stopping) atMs = Math.min(atMs, renewalMs(record.tokens));
  const rests = (changeMs === never && atMs !== never) || isAtRest(pod, record);
  return { atMs, kind: rests ? 'periodic' : 'work' };
}

/** When the pod next changes by itself; Infinity if it does not. */
function nextChange(pod: Pod, record: PodRecord): number {
  let wakeMs = record.stopping ? Number.POSITIVE_INFINITY : deadlineOf(pod, record);
  if (record.mounting && !record.stopping)
    wakeMs = Math.min(wakeMs, record.mounting.retryMs, record.mounting.syncEndMs);
  if (!record.stopping) wakeMs = Math.min(wakeMs, volumesPulledMs(record.volumePulls));
  if (record.programs) wakeMs = Math.min(wakeMs, record.programs.horizonMs);
  if (record.resizing && !record.stopping) wakeMs = Math.min(wakeMs, record.resizing.dueMs);
  for (const each of record.init) wakeMs = Math.min(wakeMs, changeOf(each));
  for (const each of record.main) wakeMs = Math.min(wakeMs, changeOf(each));
  for (const name in record.ephemeral) wakeMs = Math.min(wakeMs, changeOf(record.ephemeral[name]!));
  const { restartAll } = record;
  if (restartAll && ![...record.init, ...record.main].some(isRunning))
    wakeMs = Math.min(wakeMs, restartAll.noticedMs);
  return wakeMs;
}

/** Whether what comes next is no part of converging: a pod that serves, and is meant to go on for ever. */
function isAtRest(pod: Pod, record: PodRecord): boolean {
  const endless = (pod.spec?.restartPolicy ?? 'Always') === 'Always';
  const isPut = Object.values(record.ephemeral ?? {}).every(
    (each) => isRunning(each) || isFinished(each),
  );
  const isResizing = record.resizing !== undefined && !record.resizing.error;
  return endless && !record.stopping && !isResizing && isPut && record.main.every(isReady);
}
