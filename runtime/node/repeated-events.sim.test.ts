import { describe, expect, it } from 'vitest';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import { Event, Pod } from '../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

const QUICK = { pull: { duration: '0s' }, start: { duration: '0s' } } as const;

async function start(behaviour: BehaviourSpec, container: object = {}): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(
    new Behaviour({ metadata: { name: 'web' }, spec: { ...QUICK, ...behaviour } }),
    new Pod({
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'main', image: 'web:1', ...container }] },
    } as never),
  );
  return cluster;
}

/** `<count> over <seconds>` of the events of a reason, in the order in which they were last told. */
const told = (cluster: TestCluster, reason: string, message = '') =>
  cluster
    .events('web')
    .filter((each) => each.reason === reason && each.message?.startsWith(message))
    .map(({ count, firstTimestamp, lastTimestamp }) => {
      const seconds = (Date.parse(lastTimestamp ?? '') - Date.parse(firstTimestamp ?? '')) / 1000;
      return `${count} over ${seconds}`;
    });

const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 10 };

describe('an event that repeats itself', () => {
  it('is counted with each try of a probe that fails, and told 25 times, then every five minutes', async () => {
    const cluster = await start({ probes: { readiness: [{ status: 503 }] } }, { readinessProbe });
    await cluster.advance('25s');
    expect(told(cluster, 'Unhealthy')).toEqual(['3 over 20']);
    await cluster.advance('4m');
    expect(told(cluster, 'Unhealthy')).toEqual(['25 over 240']);
    await cluster.advance('10m');
    expect(told(cluster, 'Unhealthy')).toEqual(['61 over 600']);
    const uids = new Set(cluster.events('web').map(({ metadata }) => metadata.uid));
    expect(uids.size).toBe(cluster.events('web').length);
  });

  it('goes on counting where it has expired, as the same one', async () => {
    const cluster = await start({ probes: { readiness: [{ status: 503 }] } }, { readinessProbe });
    await cluster.advance('25s');
    const [before] = cluster.events('web').filter(({ reason }) => reason === 'Unhealthy');
    await cluster.delete(Event, before!.metadata.name!);
    await cluster.advance('10s');
    const [after] = cluster.events('web').filter(({ reason }) => reason === 'Unhealthy');
    expect(after).toMatchObject({ count: 4, firstTimestamp: before!.firstTimestamp });
    expect(after!.metadata.uid).not.toBe(before!.metadata.uid);
  });

  it('counts the syncs that find a pull backing off', async () => {
    const cluster = await start({ pull: { duration: '0s', error: { message: 'gone' } } });
    await cluster.advance('8s');
    expect(told(cluster, 'BackOff')).toEqual(['1 over 0']);
    // Pulls at 0, 10 and 30 s.
    await cluster.advance('30s');
    expect(told(cluster, 'Pulling')).toEqual(['3 over 30']);
    expect(told(cluster, 'BackOff')).toEqual(['4 over 30']);
    expect(told(cluster, 'Failed', 'Error: ImagePullBackOff')).toEqual(['4 over 30']);
  });

  it('counts the syncs that find a crash loop backing off, one a minute at least', async () => {
    const cluster = await start({ exit: [{ after: '0s', code: 1 }] });
    await cluster.advance('4m');
    // Back-offs of 10, 20, 40, 80 and 160 s: the last two last longer than a minute.
    expect(told(cluster, 'BackOff')).toEqual(['7 over 210']);
  });

  it('lets nobody wait for it', async () => {
    const cluster = await start({ probes: { readiness: [{ status: 503 }] } }, { readinessProbe });
    await cluster.settle();
    expect(cluster.now - Date.UTC(2026, 0, 1)).toBeLessThan(60_000);
  });
});
