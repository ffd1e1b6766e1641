import { expect, it } from 'vitest';
import { timetable } from './schedule.ts';

const next = (text: string, from: string, zone?: string): string | undefined => {
  const atMs = timetable(text, zone).after(Date.parse(from));
  return atMs === undefined ? undefined : new Date(atMs).toISOString().slice(0, 16);
};

it.each([
  ['* * * * *', '2026-01-01T00:00:00Z', undefined, '2026-01-01T00:01'],
  ['30 4 1,15 * 5', '2026-01-01T05:00:00Z', undefined, '2026-01-02T04:30'],
  ['0 0 29 2 *', '2026-01-01T00:00:00Z', undefined, '2028-02-29T00:00'],
  ['0 0 31 2 *', '2026-01-01T00:00:00Z', undefined, undefined],
  ['0 9 * * *', '2026-07-01T00:00:00Z', 'Europe/Berlin', '2026-07-01T07:00'],
  ['0 9 * * *', '2026-01-01T00:00:00Z', 'America/New_York', '2026-01-01T14:00'],
  ['30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-30T00:30'],
  ['30 2 * * *', '2026-10-24T12:00:00Z', 'Europe/Berlin', '2026-10-25T00:30'],
  ['@every 90m', '2026-01-01T00:10:00Z', undefined, '2026-01-01T01:40'],
])('%s after %s in %s', (text, from, zone, expected) => {
  expect(next(text, from, zone)).toBe(expected);
});
