import { describe, expect, it } from 'vitest';
import { CronJob, Job } from '../../../generated/batch/v1/index.ts';
import type { CronJobSpec } from '../../../generated/batch/v1/types.ts';
import { Behaviour } from '../../../generated/cluster/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

async function clusterWith(spec: Partial<CronJobSpec>, after: '1s' | '1h'): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: 1 });
  const template = {
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'work:1' }] },
  } as const;
  await cluster.create(
    new Behaviour({
      metadata: { name: 'work' },
      spec: { image: 'work:*', exit: [{ after, code: 0 }] },
    }),
    new CronJob({
      metadata: { name: 'c' },
      spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template } }, ...spec },
    }),
  );
  return cluster;
}

const names = (cluster: TestCluster) => cluster.list(Job).map(({ metadata }) => metadata.name);
const statusOf = (cluster: TestCluster) => cluster.get(CronJob, 'c').status ?? {};
const reasons = (cluster: TestCluster) => cluster.events('c').map(({ reason }) => reason);
const FIRST = Date.UTC(2026, 0, 1, 0, 5) / 60_000;

describe('a CronJob', () => {
  it('starts a Job at each moment of its schedule, and keeps the last three', async () => {
    const cluster = await clusterWith({}, '1s');
    await cluster.advance('6m');
    expect(names(cluster)).toEqual([`c-${FIRST}`]);
    expect(cluster.get(Job, `c-${FIRST}`).metadata).toMatchObject({
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:05:00Z' },
      ownerReferences: [{ kind: 'CronJob', name: 'c', controller: true }],
    });
    expect(statusOf(cluster)).toEqual({
      lastScheduleTime: '2026-01-01T00:05:00Z',
      lastSuccessfulTime: cluster.get(Job, `c-${FIRST}`).status?.completionTime,
    });
    expect(reasons(cluster)).toEqual(['SuccessfulCreate', 'SawCompletedJob']);
    await cluster.advance('20m');
    expect(names(cluster)).toEqual([10, 15, 20].map((minute) => `c-${FIRST + minute}`));
  });

  it.each([
    ['Allow', 2, 'SuccessfulCreate'],
    ['Forbid', 1, 'JobAlreadyActive'],
    ['Replace', 1, 'SuccessfulDelete'],
  ] as const)('%s: has %i Jobs when the first takes long', async (policy, count, reason) => {
    const cluster = await clusterWith({ concurrencyPolicy: policy }, '1h');
    await cluster.advance('12m');
    expect([names(cluster).length, statusOf(cluster).active?.length]).toEqual([count, count]);
    expect(reasons(cluster)).toContain(reason);
    const last = FIRST + (policy === 'Forbid' ? 0 : 5);
    expect(names(cluster).at(-1)).toBe(`c-${last}`);
  });

  it('names the moment in the zone of its schedule', async () => {
    const cluster = await clusterWith({ schedule: '32 5 * * *', timeZone: 'Asia/Kolkata' }, '1s');
    await cluster.advance('5m');
    expect(cluster.list(Job)[0]?.metadata.annotations).toEqual({
      'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T05:32:00+05:30',
    });
  });

  it('makes up for the last run that it missed, unless it is too late', async () => {
    for (const [deadline, made] of [
      [300, [`c-${FIRST + 5}`]],
      [60, []],
    ] as const) {
      const cluster = await clusterWith({ suspend: true, startingDeadlineSeconds: deadline }, '1s');
      await cluster.advance('12m');
      expect(names(cluster)).toEqual([]);
      await cluster.patch(CronJob, 'c', { spec: { suspend: false } });
      await cluster.advance('1m');
      expect(names(cluster)).toEqual(made);
    }
  });

  it('warns when it missed very many runs, and starts the last of them', async () => {
    const cluster = await clusterWith({ suspend: true, schedule: '* * * * *' }, '1s');
    await cluster.advance('3h');
    await cluster.patch(CronJob, 'c', { spec: { suspend: false } });
    await cluster.advance('30s');
    expect(reasons(cluster)).toContain('TooManyMissedTimes');
    expect(names(cluster)).toEqual([`c-${FIRST + 175}`]);
  });

  it('warns of a schedule that is never due', async () => {
    const cluster = await clusterWith({ schedule: '59 23 31 2 *' }, '1s');
    await cluster.advance('1m');
    expect(cluster.events('c').map(({ type, reason, message }) => [type, reason, message])).toEqual(
      [
        [
          'Warning',
          'InvalidSchedule',
          'invalid schedule: 59 23 31 2 * : time difference between two schedules is less than 1 second',
        ],
      ],
    );
    expect(names(cluster)).toEqual([]);
  });

  it('keeps to its interval, whatever wakes it in between', async () => {
    const cluster = await clusterWith({ schedule: '@every 5m' }, '1s');
    await cluster.advance('16m');
    expect(names(cluster)).toEqual([0, 5, 10].map((minute) => `c-${FIRST + minute}`));
  });
});
