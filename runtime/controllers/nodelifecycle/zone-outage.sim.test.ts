import { describe, expect, it } from 'vitest';
import { Deployment } from '../../../generated/apps/v1/index.ts';
import { Cluster } from '../../../generated/cluster/v1/index.ts';
import type { ControllerManagerSettings } from '../../../generated/cluster/v1/types.ts';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import type { Node as NodeObject, Pod as PodObject } from '../../../generated/core/v1/types.ts';
import type { KubernetesVersion } from '../../../generator/model/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

interface World {
  readonly counts: Readonly<Record<string, number>>;
  readonly faults?: readonly string[];
  readonly settings?: ControllerManagerSettings;
  readonly kubernetesVersion?: KubernetesVersion;
}

/** Nodes `a0`, `a1`, … in zone a, and so on, and faults whose times count from when they are known to the controller. */
async function zoned({ counts, faults = [], settings, ...rest }: World): Promise<TestCluster> {
  const nodes: Record<string, { zone: string }> = {};
  for (const [zone, count] of Object.entries(counts))
    for (let at = 0; at < count; at++) nodes[`${zone}${at}`] = { zone };
  const cluster = await createCluster({ nodes, invariants: true, ...rest });
  if (settings)
    await cluster.create(
      new Cluster({ metadata: { name: 'default' }, spec: { controllerManager: settings } }),
    );
  await cluster.advance('10s');
  for (const fault of faults) cluster.inject(fault);
  return cluster;
}

const isUnreachable = ({ spec }: Pick<NodeObject, 'spec'>): boolean =>
  spec?.taints?.some(
    ({ key, effect }) => key === 'node.kubernetes.io/unreachable' && effect === 'NoExecute',
  ) ?? false;
const tainted = (cluster: TestCluster): string[] =>
  cluster
    .list(Node)
    .filter(isUnreachable)
    .map(({ metadata }) => metadata.name ?? '');
const unready = (cluster: TestCluster): number =>
  cluster
    .list(Node)
    .filter(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is !== 'True'),
    ).length;

/** Seconds from now at which the number of tainted nodes grows, looked at once a second. */
async function taintings(cluster: TestCluster, seconds: number): Promise<number[]> {
  const times: number[] = [];
  for (let at = 1; at <= seconds; at++) {
    const before = tainted(cluster).length;
    await cluster.advance('1s');
    for (let more = tainted(cluster).length - before; more > 0; more--) times.push(at);
  }
  return times;
}

const steps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, at) => time - times[at]!);

async function silence(cluster: TestCluster): Promise<number> {
  for (let seconds = 1; seconds < 120; seconds++) {
    await cluster.advance('1s');
    if (unready(cluster) > 0) return seconds;
  }
  throw new Error('nobody noticed');
}

describe('a silent zone', () => {
  it('is noticed after the grace period, which grew with 1.32', async () => {
    const newest = await silence(await zoned({ counts: { a: 2, b: 1 }, faults: ['zone=b'] }));
    const old = await zoned({
      counts: { a: 2, b: 1 },
      faults: ['zone=b'],
      kubernetesVersion: '1.28',
    });
    // From the last lease, up to 10 s before; seen by looks every 5 s.
    expect(newest).toBeGreaterThanOrEqual(40);
    expect(newest).toBeLessThanOrEqual(60);
    expect(newest - (await silence(old))).toBe(10);
  });

  it('that is all gone is tainted at the full rate, a node every ten seconds', async () => {
    const cluster = await zoned({ counts: { a: 4, b: 5 }, faults: ['zone=b'] });
    const times = await taintings(cluster, 120);
    expect(steps(times)).toEqual([10, 10, 10, 10]);
  });

  it('is tainted at the rate that the cluster asks for', async () => {
    const settings = { nodeEvictionRate: 0.5 };
    const cluster = await zoned({ counts: { a: 4, b: 5 }, faults: ['zone=b'], settings });
    expect(steps(await taintings(cluster, 90))).toEqual([2, 2, 2, 2]);
  });

  it('does not slow down another', async () => {
    const cluster = await zoned({ counts: { a: 4, b: 3, c: 3 }, faults: ['zone=b', 'zone=c'] });
    const times = await taintings(cluster, 120);
    const rounds = [...new Set(times)];
    expect(times).toHaveLength(6);
    expect(rounds.length).toBeLessThanOrEqual(6);
    expect(times.at(-1)! - times[0]!).toBeLessThanOrEqual(25);
  });
});

describe('a zone more than half of which is silent', () => {
  it('is left alone when it is small', async () => {
    const faults = ['node=b0', 'node=b1', 'node=b2'];
    const cluster = await zoned({ counts: { a: 3, b: 5 }, faults });
    expect(await taintings(cluster, 300)).toEqual([]);
    expect(unready(cluster)).toBe(3);
  });

  it('is tainted while it is two nodes only, or less than the threshold', async () => {
    const two = await zoned({ counts: { a: 3, b: 3 }, faults: ['node=b0', 'node=b1'] });
    expect(await taintings(two, 120)).toHaveLength(2);
    const faults = ['node=b0', 'node=b1', 'node=b2'];
    const few = await zoned({ counts: { a: 3, b: 6 }, faults });
    expect(await taintings(few, 120)).toHaveLength(3);
    const settings = { unhealthyZoneThreshold: 0.5 };
    const asked = await zoned({ counts: { a: 3, b: 6 }, faults, settings });
    expect(await taintings(asked, 120)).toEqual([]);
  });

  it('is tainted at the secondary rate when it is large', async () => {
    const faults = ['node=b1*', 'node=b2*', 'node=b3*'];
    const cluster = await zoned({ counts: { a: 3, b: 55 }, faults });
    expect(unready(cluster)).toBe(0);
    const times = await taintings(cluster, 500);
    expect(unready(cluster)).toBe(33);
    expect(steps(times).every((step) => step === 100)).toBe(true);
    expect(times.length).toBeGreaterThanOrEqual(4);
    const settings = { largeClusterSizeThreshold: 4, secondaryNodeEvictionRate: 0.05 };
    const small = await zoned({
      counts: { a: 3, b: 5 },
      faults: ['node=b0', 'node=b1', 'node=b2'],
      settings,
    });
    expect(steps(await taintings(small, 150))).toEqual([20, 20]);
  });
});

describe('all zones silent', () => {
  it('stops everything, takes back the taints, and counts silence anew afterwards', async () => {
    const faults = ['zone=b', 'zone=a@90s+5m'];
    const cluster = await zoned({ counts: { a: 2, b: 2 }, faults });
    await cluster.advance('90s');
    expect(tainted(cluster)).toEqual(['b0', 'b1']);
    await cluster.advance('2m');
    expect(unready(cluster)).toBe(4);
    expect(tainted(cluster)).toEqual([]);
    await cluster.advance('4m');
    expect(tainted(cluster)).toEqual(['b0', 'b1']);
    expect(unready(cluster)).toBe(2);
  });
});

describe('pods of a silent zone', () => {
  const deployment = new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas: 6,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'web:1' }] },
      },
    },
  });
  const inZone = (cluster: TestCluster, zone: string): PodObject[] =>
    cluster
      .list(Pod)
      .filter(
        ({ spec, metadata }) => spec?.nodeName?.startsWith(zone) && !metadata.deletionTimestamp,
      );

  it('go when their tolerations have passed, and come back elsewhere', async () => {
    const cluster = await zoned({ counts: { a: 2, b: 2, c: 2 } });
    await cluster.create(deployment);
    await cluster.settle();
    const there = inZone(cluster, 'b').length;
    expect(there).toBeGreaterThan(0);
    cluster.inject('zone=b');
    while (tainted(cluster).length < 2) await cluster.advance('1s');
    await cluster.advance('285s');
    expect(inZone(cluster, 'b')).toHaveLength(there);
    await cluster.advance('20s');
    expect(inZone(cluster, 'b')).toEqual([]);
    // What is on the silent nodes cannot be stopped, and they themselves are not what they should be.
    const { unconverged } = await cluster.settle();
    expect([...new Set(unconverged.map(({ kind }) => kind))].sort()).toEqual(['Node', 'Pod']);
    expect(cluster.get(Deployment, 'web').status?.availableReplicas).toBe(6);
  });

  it('stay when the zone is back in time', async () => {
    const cluster = await zoned({ counts: { a: 2, b: 2, c: 2 } });
    await cluster.create(deployment);
    await cluster.settle();
    const names = cluster.list(Pod).map(({ metadata }) => metadata.name);
    cluster.inject('partition=zone:b+4m');
    await cluster.advance('3m');
    expect(tainted(cluster)).toEqual(['b0', 'b1']);
    await cluster.settle();
    expect(tainted(cluster)).toEqual([]);
    expect(cluster.list(Pod).map(({ metadata }) => metadata.name)).toEqual(names);
  });
});
