import { describe, expect, it } from 'vitest';
import { StatefulSet } from '../../generated/apps/v1/index.ts';
import { Job } from '../../generated/batch/v1/index.ts';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import { ConfigMap, Node, Pod } from '../../generated/core/v1/index.ts';
import type { PodSpec } from '../../generated/core/v1/types.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

const QUICK = { pull: { duration: '0s' }, start: { duration: '0s' } } as const;
const labels = { app: 'web' };
/** Its taints evict nobody within the times of these tests. */
const STAYS = [{ operator: 'Exists' }] as const;

async function start(behaviour: BehaviourSpec, nodes = 1): Promise<TestCluster> {
  const cluster = await createCluster({ nodes });
  const spec = { ...QUICK, selector: { matchLabels: labels }, ...behaviour };
  await cluster.create(new Behaviour({ metadata: { name: 'web' }, spec: spec as never }));
  return cluster;
}

function podOf(container: object = {}, spec: Partial<PodSpec> = {}): Pod {
  const containers = [{ name: 'main', image: 'web:1', ...container }];
  return new Pod({
    metadata: { name: 'web', labels },
    spec: { containers, tolerations: STAYS, ...spec },
  } as never);
}

const pod = (cluster: TestCluster) => cluster.get(Pod, 'web');
const main = (cluster: TestCluster) => pod(cluster).status!.containerStatuses![0]!;
const condition = (cluster: TestCluster, wanted: string) =>
  pod(cluster).status!.conditions!.find(({ type }) => type === wanted)!;
const epoch = (time: string | undefined) => Date.parse(time ?? '');

/** Settles what there is, cuts the nodes off for a while, and begins to count. */
async function cut(cluster: TestCluster, duration = '10m', node = '*'): Promise<number> {
  await cluster.settle();
  await cluster.inject(`partition=${node}+${duration}`);
  return cluster.now;
}

describe('a node that is cut off', () => {
  it('goes on restarting containers, and reports their ends at their own times', async () => {
    const cluster = await start({ exit: [{ times: 2, after: '90s', code: 3 }] });
    await cluster.create(podOf());
    const cutMs = await cut(cluster);
    const { startedAt } = main(cluster).state!.running!;
    await cluster.advance('9m');
    expect(main(cluster)).toMatchObject({ restartCount: 0 });
    await cluster.advance('2m');
    const { restartCount, lastState, ready } = main(cluster);
    expect([restartCount, ready]).toEqual([2, true]);
    const { finishedAt, exitCode } = lastState!.terminated!;
    expect(exitCode).toBe(3);
    // Runs of 90 s, restarts after 1 s and 10 s.
    expect(epoch(finishedAt) - epoch(startedAt)).toBe(90_000 + 1_000 + 90_000);
    expect(epoch(finishedAt)).toBeLessThan(cutMs + 300_000);
    const said = cluster.events('web').filter(({ reason }) => reason === 'BackOff');
    expect(epoch(said[0]?.firstTimestamp)).toBe(epoch(finishedAt));
  });

  it('goes on probing: what was ready for long is ready since then, whatever others said', async () => {
    const cluster = await start({});
    await cluster.create(podOf());
    const cutMs = await cut(cluster, '5m');
    const before = condition(cluster, 'Ready');
    await cluster.advance('4m');
    expect(condition(cluster, 'Ready')).toMatchObject({ status: 'False' });
    await cluster.advance('2m');
    expect(condition(cluster, 'Ready')).toEqual(before);
    expect(epoch(before.lastTransitionTime)).toBeLessThanOrEqual(cutMs);
  });

  it('tells when a probe failed meanwhile, as of then', async () => {
    const cluster = await start({ probes: { readiness: [{ from: '2m' }] } });
    await cluster.create(podOf({ readinessProbe: { httpGet: { port: 80 }, periodSeconds: 10 } }));
    const cutMs = await cut(cluster, '5m');
    await cluster.advance('6m');
    const { status, lastTransitionTime } = condition(cluster, 'Ready');
    expect(status).toBe('False');
    expect(epoch(lastTransitionTime) - cutMs).toBeGreaterThan(60_000);
    expect(epoch(lastTransitionTime) - cutMs).toBeLessThan(180_000);
    const [unhealthy] = cluster.events('web').filter(({ reason }) => reason === 'Unhealthy');
    expect(epoch(unhealthy?.firstTimestamp)).toBeLessThan(cutMs + 180_000);
  });

  it('finishes jobs, whose ends are seen when it is back', async () => {
    const cluster = await start({ exit: [{ after: '1m', code: 0 }] });
    const spec = { ...podOf().spec, restartPolicy: 'Never' };
    await cluster.create(
      new Job({
        metadata: { name: 'web' },
        spec: { template: { metadata: { labels }, spec } },
      } as never),
    );
    await cluster.advance('5s');
    await cluster.inject('partition=*+10m');
    const cutMs = cluster.now;
    await cluster.advance('9m');
    expect(cluster.get(Job, 'web').status?.succeeded).toBeUndefined();
    await cluster.settle();
    expect(cluster.get(Job, 'web').status?.succeeded).toBe(1);
    const [made] = cluster.list(Pod);
    const { finishedAt } = made!.status!.containerStatuses![0]!.state!.terminated!;
    expect(epoch(finishedAt)).toBeLessThan(cutMs + 60_000);
  });

  it('goes on with the ConfigMaps that it had read', async () => {
    const cluster = await start({ exit: [{ times: 1, after: '90s', code: 3 }] });
    await cluster.create(new ConfigMap({ metadata: { name: 'env' }, data: { a: 'b' } }));
    await cluster.create(podOf({ envFrom: [{ configMapRef: { name: 'env' } }] }));
    await cut(cluster);
    await cluster.delete(ConfigMap, 'env');
    await cluster.advance('11m');
    expect(main(cluster)).toMatchObject({ restartCount: 1, ready: true });
  });

  it('starts nothing that was bound to it meanwhile', async () => {
    const cluster = await start({});
    await cut(cluster, '10m');
    await cluster.create(podOf({}, { nodeName: 'node-0' }));
    await cluster.advance('9m');
    expect(pod(cluster).status?.phase).toBe('Pending');
    await cluster.settle();
    expect(pod(cluster).status?.phase).toBe('Running');
  });

  it('stops a pod that was deleted meanwhile only when it hears of it, in the time that it has', async () => {
    const cluster = await start({ terminate: { duration: '20s' } });
    await cluster.create(podOf());
    await cut(cluster, '10m');
    await cluster.delete(Pod, 'web');
    await cluster.advance('9m');
    expect(main(cluster).state?.running).toBeDefined();
    await cluster.advance('70s');
    expect(main(cluster).state?.running).toBeDefined();
    await cluster.advance('15s');
    expect(cluster.find(Pod, 'web')).toBeUndefined();
  });

  it('that boots meanwhile knows of no pods until it is told', async () => {
    const cluster = await start({});
    await cluster.create(podOf());
    await cut(cluster, '10m');
    await cluster.inject('node=*@1m+1m');
    await cluster.advance('11m');
    const { startedAt } = main(cluster).state!.running!;
    expect(main(cluster).restartCount).toBe(1);
    expect(cluster.now - epoch(startedAt)).toBeLessThanOrEqual(60_000);
  });

  it('goes on in a fork as in the cluster itself', async () => {
    const cluster = await start({ exit: [{ after: '70s', code: 3 }] });
    await cluster.create(podOf());
    await cut(cluster, '10m');
    await cluster.advance('5m');
    const fork = await cluster.cluster.fork();
    await cluster.advance('6m');
    await fork.advance(360_000);
    expect(main(cluster).restartCount).toBeGreaterThan(3);
    expect(fork.journal.hash()).toBe(cluster.journalHash);
  });

  it('loses no event of a few minutes, and gives up those that wait for longer', async () => {
    const told = async (duration: string): Promise<number> => {
      const cluster = await start({ exit: [{ after: '30s', code: 3 }] });
      await cluster.create(podOf());
      await cluster.advance('10s');
      await cluster.inject(`partition=*+${duration}`);
      await cluster.advance('70m');
      const first = cluster.events('web').find(({ reason }) => reason === 'BackOff');
      return first ? epoch(first.firstTimestamp) : Number.NaN;
    };
    const [short, long] = [await told('5m'), await told('60m')];
    expect(short).toBeLessThan(long);
  });
});

describe('a pod that is force-deleted', () => {
  const set = new StatefulSet({
    metadata: { name: 'web' },
    spec: {
      replicas: 1,
      serviceName: 'web',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { ...podOf().spec } },
    },
  } as never);
  const runningOn = (cluster: TestCluster, node: string): readonly string[] => {
    const asked = { method: 'GET', name: node, path: '/runningpods/', parameters: {} };
    const answer = cluster.cluster.server.proxy(Node.resource, asked);
    if (answer === 'to root') throw new Error('no path');
    const { items } = JSON.parse(answer.body) as { items: readonly Pod[] };
    return items.map(({ metadata }) => metadata.uid ?? '');
  };

  it('while its node is cut off runs on beside the one that takes its place', async () => {
    const cluster = await start({ terminate: { duration: '20s' } }, 2);
    await cluster.create(set);
    await cluster.settle();
    const old = cluster.get(Pod, 'web-0');
    const node = old.spec!.nodeName!;
    await cluster.inject(`partition=${node}+10m`);
    await cluster.advance('1m');
    await cluster.client.delete(
      Pod.resource,
      { name: 'web-0', namespace: 'default' },
      { gracePeriodSeconds: 0 },
    );
    await cluster.advance('1m');
    const next = cluster.get(Pod, 'web-0');
    expect(next.spec!.nodeName).not.toBe(node);
    expect(next.status?.phase).toBe('Running');
    await cluster.advance('8m');
    await cluster.advance('5s');
    expect(runningOn(cluster, node)).toEqual([old.metadata.uid]);
    await cluster.advance('30s');
    expect(runningOn(cluster, node)).toEqual([]);
    expect(cluster.get(Pod, 'web-0').metadata.uid).toBe(next.metadata.uid);
    expect(cluster.get(Pod, 'web-0').status?.containerStatuses?.[0]?.restartCount).toBe(0);
  });

  it('is stopped by its node in the time that its spec gives it, and its name is free at once', async () => {
    const cluster = await start({ terminate: { duration: '20s' } });
    await cluster.create(podOf({}, { nodeName: 'node-0' }));
    await cluster.settle();
    const old = pod(cluster);
    const forced = { gracePeriodSeconds: 0 };
    await cluster.client.delete(Pod.resource, { name: 'web', namespace: 'default' }, forced);
    await cluster.create(podOf({}, { nodeName: 'node-0' }));
    await cluster.advance('15s');
    const next = pod(cluster);
    expect(next.status?.phase).toBe('Running');
    expect(next.status?.podIP).not.toBe(old.status?.podIP);
    expect(new Set(runningOn(cluster, 'node-0'))).toEqual(
      new Set([old.metadata.uid, next.metadata.uid]),
    );
    await cluster.advance('10s');
    expect(runningOn(cluster, 'node-0')).toEqual([next.metadata.uid]);
    const killing = cluster.events('web').filter(({ reason }) => reason === 'Killing');
    expect(killing.map(({ involvedObject }) => involvedObject.uid)).toEqual([old.metadata.uid]);
  });
});
