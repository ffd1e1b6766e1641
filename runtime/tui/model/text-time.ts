const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const two = (value: number): string => String(value).padStart(2, '0');

/** `00:03:12.4`, with days in front when there are any. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const clock = `${two(hours)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${days > 0 ? `${days}d ` : ''}${clock}.${Math.floor((Math.max(0, ms) % 1000) / 100)}`;
}

/** The time of day on the reader's own clock, `14:03:22`. */
export function timeOfDay(wallMs: number): string {
  const time = new Date(wallMs);
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** A moment as kubectl describes it: `Thu, 01 Jan 2026 00:00:03 +0000`. */
export function longTime(ms: number): string {
  const time = new Date(ms);
  const day = `${DAYS[time.getUTCDay()]}, ${two(time.getUTCDate())} ${MONTHS[time.getUTCMonth()]}`;
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(two).join(':');
  return `${day} ${time.getUTCFullYear()} ${clock} +0000`;
}
