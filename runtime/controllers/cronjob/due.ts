import type { CronJob } from '../../../generated/batch/v1/types.ts';
import { parseTime } from '../../meta/index.ts';
import type { Timetable } from './schedule.ts';

/** More missed runs than this are worth a warning. */
const MISSED_MAX = 100;

export interface Due {
  /** The latest moment that has passed without its run. */
  readonly atMs?: number;
  readonly tooManyMissed: boolean;
  /** When to look again: at the next moment of the schedule. */
  readonly nextMs?: number;
}

/** Which run is due: the latest since the last one, and none from before the deadline. */
export function dueRun({ metadata, spec, status }: CronJob, times: Timetable, nowMs: number): Due {
  const lastMs = parseTime(status?.lastScheduleTime ?? metadata.creationTimestamp);
  const deadlineMs = (spec.startingDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const passed = passedMoments(times, lastMs, nowMs);
  const missed = passedMoments(times, Math.max(lastMs, nowMs - deadlineMs), nowMs);
  const nextMs = times.after(passed.latestMs ?? lastMs);
  return {
    ...(missed.latestMs === undefined ? {} : { atMs: missed.latestMs }),
    tooManyMissed: missed.count > MISSED_MAX,
    ...(nextMs === undefined ? {} : { nextMs }),
  };
}

interface Passed {
  readonly latestMs?: number;
  /** About how many there were: as many as the first two would give, going on like that. */
  readonly count: number;
}

/**
 * The moments of a schedule after `fromMs` up to now. It may have been years, so that not all are gone through: the search begins
 * near the end, and earlier, by twice as much each time, where a schedule has none there.
 */
function passedMoments(times: Timetable, fromMs: number, nowMs: number): Passed {
  const first = times.after(fromMs);
  if (first === undefined || first > nowMs) return { count: 0 };
  const second = times.after(first);
  if (second === undefined || second > nowMs) return { latestMs: first, count: 1 };
  const intervalMs = second - first;
  const count = Math.floor((nowMs - first) / intervalMs) + 1;
  for (let back = 1; ; back *= 2) {
    const latestMs = latestAfter(times, first + Math.max(0, count - 1 - back) * intervalMs, nowMs);
    if (latestMs !== undefined) return { latestMs, count };
    if (back >= count) return { latestMs: second, count };
  }
}

function latestAfter(times: Timetable, fromMs: number, nowMs: number): number | undefined {
  let latest: number | undefined;
  for (let next = times.after(fromMs); next !== undefined && next <= nowMs; )
    [latest, next] = [next, times.after(next)];
  return latest;
}
