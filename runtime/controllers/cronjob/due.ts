import type { CronJob } from '../../../generated/batch/v1/types.ts';
import { parseTime } from '../../meta/index.ts';
import type { Timetable } from './schedule.ts';

/** More missed runs than this are worth a warning. */
const MISSED_MAX = 100;

export interface Due {
  /** The latest moment that has passed without its run. */
  readonly atMs?: number;
  readonly tooManyMissed: boolean;
}

/** Which run is due: the latest since the last one, and none from before the deadline. */
export function dueRun({ metadata, spec, status }: CronJob, times: Timetable, nowMs: number): Due {
  const sinceMs = parseTime(status?.lastScheduleTime ?? metadata.creationTimestamp);
  const deadline = spec.startingDeadlineSeconds;
  const fromMs = deadline === undefined ? sinceMs : Math.max(sinceMs, nowMs - deadline * 1000);
  let atMs: number | undefined;
  let missed = 0;
  for (let next = times.after(fromMs); next !== undefined && next <= nowMs; missed++) {
    atMs = next;
    next = times.after(next);
  }
  return { ...(atMs === undefined ? {} : { atMs }), tooManyMissed: missed > MISSED_MAX };
}
