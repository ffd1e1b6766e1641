import { parseTime } from '../../meta/index.ts';
import type { PodRecord } from '../node-info.ts';

/** When the pod started; one that has not is as young as can be. */
export function startMs({ pod }: PodRecord): number {
  const time = pod.status?.startTime;
  return time === undefined ? Number.POSITIVE_INFINITY : parseTime(time);
}

/** Order by importance: the most important first, among equals the one that has run longest. */
export function byImportance(a: PodRecord, b: PodRecord): number {
  if (a.shape.priority !== b.shape.priority) return b.shape.priority - a.shape.priority;
  const [first, second] = [startMs(a), startMs(b)];
  return first === second ? 0 : first - second;
}
