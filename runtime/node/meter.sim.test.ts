import { describe, expect, it } from 'vitest';
import { Deployment } from '../../generated/apps/v1/index.ts';
import { Behaviour, Cluster } from '../../generated/cluster/v1/index.ts';
import { Pod, Service } from '../../generated/core/v1/index.ts';
import { nodes, pods } from '../../generated/metrics/v1beta1/resources.ts';
import { type KubeObject, milliUnits, parseTime } from '../meta/index.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

const IN = { namespace: 'default' };
const labels = { app: 'web' };

const web = (replicas: number, more: object = {}) =>
  new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'web:1' }], ...more },
      },
    },
  });

const behaves = (usage: object, more: object = {}) =>
  new Behaviour({ metadata: { name: 'b', ...IN }, spec: { usage, ...more } as never });

async function used(cluster: TestCluster) {
  const { items } = await cluster.client.list(pods, IN);
  return items.map(({ window, containers }) => [
    window,
    ...containers.flatMap(({ usage }) => [usage['cpu'], usage['memory']]),
  ]);
}

/** A cluster whose time is a moment of measurement. */
async function started(...resources: KubeObject[]): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(...resources);
  await cluster.settle();
  const past = cluster.now % 15_000;
  await cluster.advance(`${past === 0 ? 0 : 15_000 - past}ms`);
  return cluster;
}

describe('metrics of pods', () => {
  it('begin with the first measurement ten seconds after the start, over the time since then', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.advance('10s');
    await cluster.create(behaves({ cpu: '100m', memory: '64Mi' }), web(1));
    await cluster.settle();
    const startedMs = cluster.now;
    expect(await used(cluster)).toEqual([]);
    const first = Math.ceil((startedMs + 10_000) / 15_000) * 15_000;
    await cluster.advance(`${first - 1 - cluster.now}ms`);
    expect(await used(cluster)).toEqual([]);
    await cluster.advance('1ms');
    const [[window] = []] = await used(cluster);
    expect(await used(cluster)).toEqual([[window, '100m', '64Mi']]);
    await cluster.advance('30s');
    expect(await used(cluster)).toEqual([['15s', '100m', '64Mi']]);
  });

  it('average processor time over the window, and show memory as it was at its end', async () => {
    const curve = [
      { at: '30s', cpu: '400m' },
      { at: '46s', memory: '20Mi' },
    ];
    const cluster = await started(behaves({ cpu: '100m', memory: '10Mi', curve }), web(1));
    await cluster.advance('30s');
    const [[, cpu, memory] = []] = await used(cluster);
    const mixed = milliUnits(cpu);
    expect(mixed).toBeGreaterThan(100);
    expect(mixed).toBeLessThan(400);
    expect(memory).toBe('10Mi');
    await cluster.advance('30s');
    expect(await used(cluster)).toEqual([['15s', '400m', '20Mi']]);
  });

  it('stay as they were measured until the next measurement', async () => {
    const cluster = await started(behaves({ cpu: '100m' }), web(1));
    await cluster.advance('45s');
    const timestamp = async () => (await cluster.client.list(pods, IN)).items[0]!.timestamp;
    const measuredAt = await timestamp();
    await cluster.advance('14s');
    expect(await timestamp()).toBe(measuredAt);
    await cluster.advance('1s');
    expect(parseTime(await timestamp())).toBe(parseTime(measuredAt) + 15_000);
  });

  it('are those of one pod, or of those that labels choose; a pod without is not found', async () => {
    const cluster = await started(behaves({ cpu: '1' }), web(2));
    await cluster.advance('30s');
    const { metadata } = cluster.list(Pod)[0]!;
    const one = await cluster.client.get(pods, metadata.name!, 'default');
    expect(one).toMatchObject({ kind: 'PodMetrics', metadata: { name: metadata.name, labels } });
    const chosen = { ...IN, labelSelector: 'app!=web' };
    expect((await cluster.client.list(pods, chosen)).items).toEqual([]);
    expect((await cluster.client.list(pods)).items).toHaveLength(2);
    await expect(cluster.client.get(pods, 'gone', 'default')).rejects.toThrow(
      'podmetrics.metrics.k8s.io "default/gone" not found',
    );
    await expect(
      cluster.client.delete(pods, { name: metadata.name!, ...IN }),
    ).rejects.toMatchObject({ code: 405 });
  });

  it('are measured as often as the cluster says', async () => {
    const spec = { metricsServer: { metricResolution: '1m' } } as const;
    const cluster = await started(
      new Cluster({ metadata: { name: 'default' }, spec }),
      behaves({ cpu: '1' }),
      web(1),
    );
    await cluster.advance('2m');
    expect(await used(cluster)).toEqual([['1m0s', '1', '0']]);
  });
});

describe('a load', () => {
  it('is shared by the pods that are ready, and moves when there are more', async () => {
    const cluster = await started(
      behaves({ cpu: '10m', load: { cpu: '2', memory: '1Gi' } }),
      web(2),
    );
    await cluster.advance('30s');
    expect(await used(cluster)).toEqual([
      ['15s', '1010m', '512Mi'],
      ['15s', '1010m', '512Mi'],
    ]);
    await cluster.patch(Deployment, 'web', { spec: { replicas: 4 } });
    await cluster.advance('1m');
    expect(await used(cluster)).toEqual(Array(4).fill(['15s', '510m', '256Mi']));
  });

  it('follows its curve from the creation of its behaviour', async () => {
    const curve = [
      { at: '2m', cpu: '3' },
      { at: '4m', cpu: '1' },
    ];
    const cluster = await started(behaves({ load: { curve } }), web(1));
    await cluster.advance('1m');
    expect((await used(cluster))[0]).toContain('0');
    await cluster.advance('2m');
    expect((await used(cluster))[0]).toContain('3');
    await cluster.advance('2m');
    expect((await used(cluster))[0]).toContain('1');
  });

  it('goes to the pods of its service, and to none that is not ready', async () => {
    const probe = { httpGet: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
    const containers = [{ name: 'main', image: 'web:1', readinessProbe: probe }];
    const service = new Service({
      metadata: { name: 'front' },
      spec: { selector: labels, ports: [{ port: 80 }] },
    });
    const cluster = await started(
      service,
      behaves({ load: { cpu: '1', service: 'front' } }, { ready: { after: '2m' } }),
      web(1, { containers }),
      new Pod({ metadata: { name: 'apart' }, spec: { containers: [containers[0]!] } }),
    );
    await cluster.advance('2m');
    const cpuOf = async (name: string) =>
      (await cluster.client.get(pods, name, 'default')).containers[0]!.usage['cpu'];
    const name = cluster.list(Pod, { labels })[0]!.metadata.name!;
    await cluster.advance('1m');
    expect([await cpuOf(name), await cpuOf('apart')]).toEqual(['1', '0']);
    await cluster.patch(Service, 'front', { spec: { selector: { app: 'other' } } });
    await cluster.advance('15s');
    expect(await cpuOf(name)).toBe('0');
  });
});

describe('metrics of nodes', () => {
  it('are the sum of their pods, and end when the node is silent', async () => {
    const cluster = await started(behaves({ cpu: '250m', memory: '1Gi' }), web(3));
    await cluster.advance('1m');
    const { items } = await cluster.client.list(nodes);
    expect(items.map(({ metadata, usage, window }) => [metadata?.name, usage, window])).toEqual([
      ['node-0', { cpu: '750m', memory: '3Gi' }, '15s'],
    ]);
    cluster.cluster.inject('node=node-0');
    await cluster.cluster.drain();
    expect((await cluster.client.list(nodes)).items).toEqual([]);
    expect(await used(cluster)).toEqual([]);
  });
});

it('looking at metrics changes nothing', async () => {
  const run = async (looks: boolean) => {
    const cluster = await started(behaves({ load: { cpu: '1' } }), web(2));
    for (let at = 0; at < 5; at++) {
      await cluster.advance('7s');
      if (looks) await cluster.client.list(pods);
    }
    return cluster.journalHash;
  };
  expect(await run(true)).toBe(await run(false));
});
