import { describe, expect, it } from 'vitest';
import type { CronJob } from '../../../generated/batch/v1/types.ts';
import { dueRun } from './due.ts';
import { timetable } from './schedule.ts';

const since = (created: string, startingDeadlineSeconds?: number, lastScheduleTime?: string) =>
  ({
    metadata: { name: 'c', creationTimestamp: created },
    spec: { ...(startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds }) },
    ...(lastScheduleTime ? { status: { lastScheduleTime } } : {}),
  }) as CronJob;

const text = (atMs: number | undefined) =>
  atMs === undefined ? undefined : new Date(atMs).toISOString().slice(0, 19);

function due(cronJob: CronJob, schedule: string, now: string) {
  const { atMs, tooManyMissed, nextMs } = dueRun(cronJob, timetable(schedule), Date.parse(now));
  return [text(atMs), tooManyMissed, text(nextMs)];
}

describe('the run that is due', () => {
  it('is none before the first moment, and then the latest', () => {
    const made = since('2026-01-01T00:00:30Z');
    expect(due(made, '*/5 * * * *', '2026-01-01T00:04:59Z')).toEqual([
      undefined,
      false,
      '2026-01-01T00:05:00',
    ]);
    expect(due(made, '*/5 * * * *', '2026-01-01T00:17:00Z')).toEqual([
      '2026-01-01T00:15:00',
      false,
      '2026-01-01T00:20:00',
    ]);
  });

  it('is found after years, with a warning', () => {
    let asked = 0;
    const times = timetable('* * * * *');
    const counted = {
      after(atMs: number) {
        asked++;
        return times.after(atMs);
      },
    };
    const made = since('2020-01-01T00:00:00Z');
    const found = dueRun(made, counted, Date.parse('2026-01-01T00:00:30Z'));
    expect([text(found.atMs), found.tooManyMissed]).toEqual(['2026-01-01T00:00:00', true]);
    expect(asked).toBeLessThan(20);
  });

  it('counts no run that is too late for its deadline', () => {
    const made = since('2026-01-01T00:00:00Z', 600);
    expect(due(made, '* * * * *', '2026-01-01T09:00:00Z').slice(0, 2)).toEqual([
      '2026-01-01T09:00:00',
      false,
    ]);
    const late = since('2026-01-01T00:00:00Z', 60);
    expect(due(late, '0 * * * *', '2026-01-01T01:30:00Z')).toEqual([
      undefined,
      false,
      '2026-01-01T02:00:00',
    ]);
  });

  it('is found where the first two are nearer to each other than the others', () => {
    const made = since('2026-01-01T12:00:00Z');
    expect(due(made, '0,1 0 * * *', '2026-01-06T23:59:00Z')).toEqual([
      '2026-01-06T00:01:00',
      true,
      '2026-01-07T00:00:00',
    ]);
  });

  it('goes on from the last run, whenever one looks', () => {
    const ran = since('2026-01-01T00:00:00Z', undefined, '2026-01-01T00:05:00Z');
    for (const now of ['2026-01-01T00:05:00Z', '2026-01-01T00:09:10Z'])
      expect(due(ran, '@every 5m', now)).toEqual([undefined, false, '2026-01-01T00:10:00']);
  });
});
