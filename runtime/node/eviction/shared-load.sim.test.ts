import { describe, expect, it } from 'vitest';
import { Behaviour, Cluster } from '../../../generated/cluster/v1/index.ts';
import type { Usage } from '../../../generated/cluster/v1/types.ts';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const MEMORY = { 'memory.available': '100Mi' } as const;

/** Two nodes of 1Gi; a pod on each, which share what `usage` says. */
async function start(usage: Usage, limit?: `${number}Mi`): Promise<TestCluster> {
  const cluster = await createCluster();
  const capacity = { cpu: '4', memory: '1Gi', 'ephemeral-storage': '10Gi' } as const;
  const nodePools = [{ name: 'n', count: 2, capacity }];
  const spec = {
    nodePools,
    kubelet: { evictionHard: MEMORY },
    images: [{ name: '*', pull: '1s' }],
  };
  await cluster.create(
    new Cluster({ metadata: { name: 'default' }, spec } as never),
    new Behaviour({ metadata: { name: 'web' }, spec: { usage } }),
  );
  await cluster.settle();
  await cluster.create(podOn('n-0', limit), podOn('n-1', limit));
  await cluster.settle();
  await cluster.advance('2m');
  return cluster;
}

function podOn(nodeName: string, memory: string | undefined): Pod {
  const resources = memory ? { limits: { memory } } : {};
  const containers = [{ name: 'main', image: 'web:1', resources }];
  return new Pod({ metadata: { name: `on-${nodeName}` }, spec: { nodeName, containers } } as never);
}

const phase = (cluster: TestCluster, name: string) => {
  const { status } = cluster.get(Pod, name);
  return status?.reason ?? status?.phase;
};
const pressure = (cluster: TestCluster, name: string) =>
  cluster.get(Node, name).status?.conditions?.find(({ type }) => type === 'MemoryPressure')?.status;
const container = (cluster: TestCluster, name: string) =>
  cluster.get(Pod, name).status?.containerStatuses?.[0];
/** How often the eviction managers looked at something since `from`. */
const looks = (cluster: TestCluster, from: number): number =>
  [...cluster.cluster.journal.from(from)].filter(
    (record) => record.type === 'reconcile' && record.key.startsWith('eviction/'),
  ).length;

describe('memory of a load that pods share', () => {
  it('evicts the one that is left with all of it', async () => {
    const cluster = await start({ memory: '10Mi', load: { memory: '950Mi' } });
    expect([phase(cluster, 'on-n-0'), pressure(cluster, 'n-0')]).toEqual(['Running', 'False']);
    await cluster.delete(Pod, 'on-n-1');
    await cluster.advance('1m');
    expect([phase(cluster, 'on-n-0'), pressure(cluster, 'n-0')]).toEqual(['Evicted', 'True']);
    expect(cluster.get(Pod, 'on-n-0').status?.message).toContain('main was using 960Mi');
  });

  it('uses up a node, whose kernel then kills', async () => {
    const cluster = await start({ load: { memory: '1500Mi' } });
    expect(phase(cluster, 'on-n-0')).toBe('Running');
    await cluster.delete(Pod, 'on-n-1');
    await cluster.advance('1m');
    const reasons = cluster.events('n-0').map(({ reason }) => reason);
    expect(reasons).toContain('SystemOOM');
  });

  it('kills a container whose limit is less than its part, each time that it serves', async () => {
    const cluster = await start({ memory: '50Mi', load: { memory: '400Mi' } }, '300Mi');
    expect(container(cluster, 'on-n-0')).toMatchObject({ restartCount: 0, ready: true });
    await cluster.delete(Pod, 'on-n-1');
    await cluster.advance('5m');
    const status = container(cluster, 'on-n-0');
    expect(status?.lastState?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(status?.restartCount).toBeGreaterThan(2);
    expect(cluster.events('n-0').map(({ reason }) => reason)).not.toContain('SystemOOM');
    const usage = { memory: '50Mi', load: { memory: '200Mi' } } as const;
    await cluster.apply(new Behaviour({ metadata: { name: 'web' }, spec: { usage } }));
    await cluster.advance('10m');
    const restarts = container(cluster, 'on-n-0')?.restartCount;
    await cluster.advance('10m');
    expect(container(cluster, 'on-n-0')).toMatchObject({ restartCount: restarts, ready: true });
  });

  it('follows its curve', async () => {
    const curve = [{ at: '10m', memory: '1900Mi' }] as const;
    const cluster = await start({ load: { memory: '100Mi', curve } });
    await cluster.advance('5m');
    expect(phase(cluster, 'on-n-0')).toBe('Running');
    await cluster.advance('6m');
    expect(phase(cluster, 'on-n-0')).toBe('Evicted');
  });

  it('is looked at where it could matter, and nowhere else', async () => {
    const calm = await start({ load: { memory: '500Mi' } }, '600Mi');
    const before = calm.cluster.journal.end;
    await calm.advance('10m');
    expect(looks(calm, before)).toBe(0);
    const risky = await start({ load: { memory: '500Mi' } }, '400Mi');
    const from = risky.cluster.journal.end;
    await risky.advance('10m');
    expect(looks(risky, from)).toBe(2 * 60);
  });
});
