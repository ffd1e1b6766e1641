import { describe, expect, it } from 'vitest';
import { Deployment } from '../../../generated/apps/v1/index.ts';
import { Fault } from '../../../generated/cluster/v1/index.ts';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const labels = { app: 'web' };
const deployment = (replicas: number, more: object = {}) =>
  new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'main', image: 'web:1', ...more }],
        },
      },
    },
  });
const three = { n0: { zone: 'a' }, n1: { zone: 'b' }, n2: { zone: 'c' } };
const readyPods = (cluster: TestCluster): number =>
  cluster
    .list(Pod)
    .filter(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    ).length;
const readyNodes = (cluster: TestCluster): string[] =>
  cluster
    .list(Node)
    .filter(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    )
    .map(({ metadata }) => metadata.name ?? '');
const restarts = (cluster: TestCluster): number =>
  cluster
    .list(Pod)
    .reduce((sum, { status }) => sum + (status?.containerStatuses?.[0]?.restartCount ?? 0), 0);

describe('watches', () => {
  it('are told of, with what a fault keeps from a component', async () => {
    const cluster = await createCluster({ nodes: three, faults: ['watch=deployment,lag=30s@1m'] });
    await cluster.create(deployment(1));
    await cluster.advance('61s');
    const watch = (resource: string) =>
      cluster.cluster.faults.gate
        .watches()
        .find((each) => each.component === 'deployment' && each.resource === resource);
    expect(watch('deployments.apps')).toMatchObject({ streams: 1, unseen: 0 });
    const { told = 0 } = watch('deployments.apps') ?? {};
    expect(told).toBeGreaterThan(0);
    await cluster.create({ ...deployment(1), metadata: { name: 'other' } } as never);
    await cluster.advance('1s');
    const late = watch('deployments.apps');
    expect(late).toMatchObject({ told, unseen: 1 });
    expect(late!.nextDueMs! - cluster.now).toBeLessThanOrEqual(30_000);
    await cluster.advance('1m');
    expect(watch('deployments.apps')!.told).toBeGreaterThan(told);
  });

  it('are begun anew with what exists by a component that was restarted', async () => {
    const cluster = await createCluster({ nodes: three, faults: ['crash=deployment@1m+10s'] });
    const relists = (name: string) =>
      cluster.cluster.faults.gate
        .watches()
        .filter(({ component, streams }) => component === name && streams > 0)
        .map((each) => each.relists);
    await cluster.advance('50s');
    expect(new Set(relists('deployment'))).toEqual(new Set([0]));
    await cluster.advance('1m');
    expect(new Set(relists('deployment'))).toEqual(new Set([1]));
    expect(new Set(relists('replicaset'))).toEqual(new Set([0]));
  });
});

describe('machines', () => {
  it('of a zone fall silent, and their containers start again when they boot', async () => {
    const cluster = await createCluster({ nodes: three, faults: ['zone=b@1m+2m'] });
    await cluster.create(deployment(3));
    await cluster.advance('1m');
    expect(restarts(cluster)).toBe(0);
    await cluster.advance('75s');
    expect(readyNodes(cluster)).toEqual(['n0', 'n2']);
    await cluster.advance('1m');
    expect(readyNodes(cluster)).toEqual(['n0', 'n1', 'n2']);
    expect(readyPods(cluster)).toBe(3);
    expect(restarts(cluster)).toBe(1);
    const again = cluster.list(Pod).find(({ spec }) => spec?.nodeName === 'n1');
    expect(again?.status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: 255,
      reason: 'Unknown',
    });
  });

  it('that are cut off go on, and say so when they are back', async () => {
    const cluster = await createCluster({ nodes: three, faults: ['partition=n1@1m+2m'] });
    await cluster.create(deployment(3));
    await cluster.advance('150s');
    expect(readyNodes(cluster)).toEqual(['n0', 'n2']);
    await cluster.advance('1m');
    expect(readyNodes(cluster)).toEqual(['n0', 'n1', 'n2']);
    expect(restarts(cluster)).toBe(0);
  });

  it('that join a zone without power do not register before it has some', async () => {
    const cluster = await createCluster({ faults: ['zone=b+1m'] });
    const pool = { name: 'w', count: 2, zones: ['a', 'b'] };
    await cluster.create({
      apiVersion: 'cluster.slipway.dev/v1',
      kind: 'Cluster',
      metadata: { name: 'default' },
      spec: { nodePools: [pool] },
    } as never);
    await cluster.advance('30s');
    expect(readyNodes(cluster)).toEqual(['w-0']);
    await cluster.advance('40s');
    expect(readyNodes(cluster)).toEqual(['w-0', 'w-1']);
  });

  it('under pressure say so, and are tainted', async () => {
    const cluster = await createCluster({
      nodes: three,
      faults: ['pressure=n1,disk=95%@10s+10m'],
    });
    await cluster.advance('30s');
    expect(cluster.get(Node, 'n1').spec?.taints?.map(({ key }) => key)).toEqual([
      'node.kubernetes.io/disk-pressure',
    ]);
    expect(cluster.get(Node, 'n0').spec?.taints ?? []).toEqual([]);
    await cluster.advance('20m');
    expect(cluster.get(Node, 'n1').spec?.taints ?? []).toEqual([]);
  });

  it('without memory evict pods, which come up elsewhere', async () => {
    const cluster = await createCluster({
      nodes: three,
      faults: ['pressure=n1,memory=99.9%@1m+10m'],
    });
    await cluster.create(deployment(3));
    await cluster.settle();
    const placed = (): string[] => cluster.list(Pod).map(({ spec }) => spec?.nodeName ?? '');
    expect(placed()).toContain('n1');
    await cluster.advance('2m');
    const evicted = cluster.list(Pod).filter(({ status }) => status?.reason === 'Evicted');
    expect(evicted.map(({ spec }) => spec?.nodeName)).toEqual(['n1']);
    expect(readyPods(cluster)).toBe(3);
  });
});

describe('containers', () => {
  it('wait for an image that cannot be pulled', async () => {
    const cluster = await createCluster({ nodes: 1, faults: ['pull=web:*+1m'] });
    await cluster.create(deployment(1));
    await cluster.advance('50s');
    const [pod] = cluster.list(Pod);
    expect(pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ImagePullBackOff');
    await cluster.settle();
    expect(readyPods(cluster)).toBe(1);
  });

  it('are not ready while their probe fails, and are killed for another', async () => {
    const probe = { httpGet: { port: 80 }, periodSeconds: 5, failureThreshold: 2 };
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(deployment(2, { readinessProbe: probe, livenessProbe: probe }));
    await cluster.settle();
    expect(readyPods(cluster)).toBe(2);
    cluster.inject('probe=readiness,pod=web-*+30s');
    await cluster.advance('20s');
    expect(readyPods(cluster)).toBe(0);
    expect(restarts(cluster)).toBe(0);
    await cluster.advance('20s');
    expect(readyPods(cluster)).toBe(2);
    cluster.inject('probe=liveness,container=main+10s');
    await cluster.advance('20s');
    expect(restarts(cluster)).toBe(2);
    await cluster.settle();
    expect(readyPods(cluster)).toBe(2);
  });
});

describe('components', () => {
  it('are refused, try again, and the refusal names the fault', async () => {
    const cluster = await createCluster({
      nodes: 1,
      faults: ['api=100%,component=replicaset+10s'],
    });
    await cluster.create(deployment(2));
    await cluster.advance('9s');
    expect(cluster.list(Pod)).toEqual([]);
    await cluster.settle();
    expect(readyPods(cluster)).toBe(2);
    const { journal } = cluster.cluster;
    const [failed] = journal
      .latest(1000, (each) => each.type === 'reconcile' && each.outcome === 'error')
      .slice(-1);
    const chain = journal.causesOf(failed!.id).map((each) => each.type);
    expect(chain).toEqual(['reconcile', 'strike', 'input']);
  });

  it('have their writes done and unanswered', async () => {
    const faults = ['api=100%,error=Lost,component=replicaset,verb=create,resource=pods+1s'];
    const cluster = await createCluster({ nodes: 1, faults });
    await cluster.create(deployment(1));
    await cluster.settle();
    expect(cluster.faults()[0]?.strikes).toBeGreaterThan(0);
    expect(readyPods(cluster)).toBe(1);
  });

  it('die and start anew', async () => {
    const cluster = await createCluster({
      nodes: 1,
      faults: ['crash=scheduler+30s', 'crash=deployment,after=1'],
    });
    await cluster.create(deployment(1));
    await cluster.advance('20s');
    expect(cluster.list(Pod)[0]?.spec?.nodeName).toBeUndefined();
    await cluster.settle();
    expect(readyPods(cluster)).toBe(1);
    expect(cluster.faults().map(({ phase }) => phase)).toEqual(['ended', 'ended']);
  });

  it('that see late, act late', async () => {
    const cluster = await createCluster({ nodes: 1, faults: ['watch=deployment,lag=20s+1m'] });
    await cluster.create(deployment(1));
    await cluster.advance('19s');
    expect(cluster.list(Pod)).toEqual([]);
    await cluster.advance('10s');
    expect(cluster.list(Pod)).toHaveLength(1);
    await cluster.settle();
    expect(cluster.get(Deployment, 'web').status?.availableReplicas).toBe(1);
  });

  it('whose watch breaks see what came of it', async () => {
    const cluster = await createCluster({ nodes: 2, faults: ['watch=*,loss=30%+2m'] });
    await cluster.create(deployment(3));
    await cluster.advance('1m');
    await cluster.patch(Deployment, 'web', { spec: { replicas: 5 } });
    await cluster.settle();
    expect(readyPods(cluster)).toBe(5);
    expect(cluster.faults()[0]?.strikes).toBeGreaterThan(0);
  });
});

it('lets the clock jump: what was due meanwhile is late', async () => {
  const cluster = await createCluster({ nodes: 2 });
  const before = cluster.now;
  cluster.inject('clock=10m@1m');
  await cluster.advance('2m');
  expect(cluster.now - before).toBe(11 * 60_000);
  await cluster.advance('1m');
  expect(readyNodes(cluster)).toEqual(['node-0', 'node-1']);
});

it('is an object too, and ends with it', async () => {
  const cluster = await createCluster({ nodes: three });
  await cluster.create(
    new Fault({ metadata: { name: 'outage' }, spec: { node: 'n1', at: '10s' } }),
  );
  await cluster.advance('90s');
  expect(readyNodes(cluster)).toEqual(['n0', 'n2']);
  expect(cluster.faults()).toMatchObject([{ id: 'outage', text: 'node=n1@10s', phase: 'active' }]);
  await cluster.delete(Fault, 'outage');
  await cluster.advance('10s');
  expect(readyNodes(cluster)).toEqual(['n0', 'n1', 'n2']);
  await expect(
    cluster.create(new Fault({ metadata: { name: 'two' }, spec: { node: 'n1', zone: 'b' } })),
  ).rejects.toThrow('must name one fault');
});

it('is what its consequences name as their cause', async () => {
  const cluster = await createCluster({ nodes: three, faults: ['node=n1@1m'] });
  await cluster.create(deployment(3));
  await cluster.settle();
  const { journal } = cluster.cluster;
  const [fault] = cluster.faults();
  const replacement = journal.latest(
    1,
    (each) => each.type === 'write' && each.resource === 'pods' && each.verb === 'create',
  )[0]!;
  const chain = journal.causesOf(replacement.id);
  expect(chain.at(-1)).toMatchObject({ id: fault!.record, what: 'fault' });
  expect(chain.some(({ component }) => component === 'taint-eviction-controller')).toBe(true);
});

it('survives a fork and a rewind', async () => {
  const faults = [
    'zone=b@1m+3m',
    'api=20%@30s+5m',
    'watch=*,lag=2s,loss=5%@10s+4m',
    'crash=replicaset@2m+1m',
    'probe=readiness@3m+1m',
  ];
  const cluster = await createCluster({ nodes: three, faults });
  const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 3 };
  await cluster.create(deployment(4, { readinessProbe }));
  await cluster.advance('71s');
  const fork = await cluster.fork();
  await cluster.advance('80s');
  const atMs = cluster.now;
  const hashThen = cluster.journalHash;
  await cluster.advance('15m');
  await fork.advance('80s');
  expect(fork.journalHash).toBe(hashThen);
  await fork.advance('15m');
  expect(fork.journalHash).toBe(cluster.journalHash);
  const past = await cluster.cluster.rewind({ atMs });
  expect(past?.journal.hash()).toBe(hashThen);
});

it('leaves a pod scheduled whose binding was done and never confirmed', async () => {
  const faults = ['api=100%,error=Lost,component=scheduler,resource=pods+1s'];
  const cluster = await createCluster({ nodes: 1, faults });
  await cluster.create(deployment(1));
  await cluster.settle();
  expect(cluster.faults()[0]?.strikes).toBeGreaterThan(0);
  const conditions = cluster.list(Pod)[0]?.status?.conditions ?? [];
  expect(conditions.find(({ type }) => type === 'PodScheduled')?.status).toBe('True');
});

it('makes no pod twice for a controller that sees late', async () => {
  const cluster = await createCluster({ nodes: 2, invariants: true });
  await cluster.create(deployment(2));
  await cluster.settle();
  cluster.inject('watch=replicaset,lag=10s+2m');
  for (const { metadata } of cluster.list(Pod).slice()) {
    await cluster.delete(Pod, metadata.name ?? '');
    await cluster.advance('3s');
  }
  await cluster.settle();
  expect(readyPods(cluster)).toBe(2);
});

it('has a kubelet that sees late tell in the end how its pods are', async () => {
  const cluster = await createCluster({ nodes: 1, faults: ['watch=nodes,lag=14s+3m'] });
  const probe = { httpGet: { port: 80 }, periodSeconds: 5, failureThreshold: 2 };
  await cluster.create(deployment(1, { readinessProbe: probe }));
  await cluster.advance('90s');
  cluster.inject('probe=readiness,pod=web-*+11s');
  await cluster.settle();
  expect(readyPods(cluster)).toBe(1);
});

it('counts a kubelet that is about to contradict as work to be waited for', async () => {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.advance('1m');
  const look = () => cluster.cluster.loop.timerOf('nodes', 'status/node-0')?.kind;
  expect(look()).toBe('periodic');
  const unknown = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: '' };
  const status = { conditions: [unknown] };
  const target = { name: 'node-0' };
  await cluster.client.patch(Node.resource, target, { status }, { subresource: 'status' });
  await cluster.cluster.drain();
  expect(look()).toBe('work');
  const { converged } = await cluster.settle();
  expect(converged).toBe(true);
  expect(readyNodes(cluster)).toEqual(['node-0']);
});
