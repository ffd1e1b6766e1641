import { zoneOffsetMs } from '../../base/index.ts';
import { type CronSchedule, parseSchedule } from '../../meta/index.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Within this many days every schedule that is ever due is due: February 29th across a century. */
const SEARCH_DAYS = 8 * 366;

/** Finds the moments of a schedule in a time zone. */
export interface Timetable {
  /** The first moment after `atMs`; undefined if there is none. */
  after(atMs: number): number | undefined;
}

/** UTC where no zone is named, as in a cluster whose controller manager runs in UTC. Throws a `ScheduleError`. */
export function timetable(text: string, timeZone = 'UTC'): Timetable {
  const schedule = parseSchedule(text);
  if ('everyMs' in schedule) {
    const { everyMs } = schedule;
    return { after: (atMs) => Math.floor(atMs / 1000) * 1000 + everyMs };
  }
  const offsetAt: Offsets = (atMs) => zoneOffsetMs(timeZone, atMs);
  return { after: (atMs) => nextMoment(schedule, offsetAt, atMs) };
}

type Calendar = Exclude<CronSchedule, { everyMs: number }>;
type Offsets = (atMs: number) => number;

/**
 * Goes through days and minutes of the wall clock. A time that the clock passes twice is due at its first; one that it skips
 * is not due on that day.
 */
function nextMoment(schedule: Calendar, offsetAt: Offsets, atMs: number): number | undefined {
  const wallMs = atMs + offsetAt(atMs);
  const firstDay = Math.floor(wallMs / DAY_MS);
  for (let day = firstDay - 1; day < firstDay + SEARCH_DAYS; day++) {
    if (!isDayDue(schedule, new Date(day * DAY_MS))) continue;
    for (const hour of ascending(schedule.hours))
      for (const minute of ascending(schedule.minutes)) {
        const moment = momentOf(day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS, offsetAt);
        if (moment !== undefined && moment > atMs) return moment;
      }
  }
  return undefined;
}

function isDayDue(schedule: Calendar, date: Date): boolean {
  if (!schedule.months.has(date.getUTCMonth() + 1)) return false;
  const byMonth = schedule.daysOfMonth.has(date.getUTCDate());
  const byWeek = schedule.daysOfWeek.has(date.getUTCDay());
  return schedule.isEitherDay ? byMonth || byWeek : byMonth && byWeek;
}

/** The moment at which the wall clock shows `wallMs`; undefined if it skips that. */
function momentOf(wallMs: number, offsetAt: Offsets): number | undefined {
  const candidates = [offsetAt(wallMs - DAY_MS), offsetAt(wallMs + DAY_MS)].map(
    (offsetMs) => wallMs - offsetMs,
  );
  const shown = candidates.filter((moment) => moment + offsetAt(moment) === wallMs);
  return shown.length > 0 ? Math.min(...shown) : undefined;
}

function ascending(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
