import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../generated/cluster/v1/index.ts';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import type { NodeCondition } from '../../../generated/core/v1/types.ts';
import type { Nodes } from '../../node/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

/** Nodes `a0`, `a1`, … in zone a, and so on; at rest and known to the controller. */
async function zoned(counts: Readonly<Record<string, number>>): Promise<TestCluster> {
  const nodes: Record<string, { zone: string }> = {};
  for (const [zone, count] of Object.entries(counts))
    for (let at = 0; at < count; at++) nodes[`${zone}${at}`] = { zone };
  const cluster = await createCluster({ nodes });
  await cluster.advance('10s');
  return cluster;
}

function setDown(cluster: TestCluster, down: boolean, ...names: string[]): void {
  const kubelets = cluster.cluster.component('nodes') as Nodes;
  for (const node of names)
    if (down) kubelets.afflict({ id: node, record: 0, place: { node }, kind: 'cut' });
    else kubelets.heal(node, 0);
}

const seconds = (cluster: TestCluster): number => (cluster.now - cluster.cluster.startMs) / 1000;
const ready = (cluster: TestCluster, name: string): NodeCondition | undefined =>
  cluster.get(Node, name).status?.conditions?.find(({ type }) => type === 'Ready');
const taints = (cluster: TestCluster, name: string): string[] =>
  (cluster.get(Node, name).spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const evicting = (cluster: TestCluster): string[] =>
  cluster
    .list(Node)
    .filter(({ spec }) => spec?.taints?.some(({ effect }) => effect === 'NoExecute'))
    .map(({ metadata }) => metadata.name ?? '');
const reasons = (cluster: TestCluster, name: string): string[] =>
  cluster
    .events(name)
    .filter(({ source }) => source?.component === 'node-controller')
    .map(({ message }) => message ?? '');

async function setCondition(
  cluster: TestCluster,
  name: string,
  type: string,
  status: NodeCondition['status'],
): Promise<void> {
  const status0 = { conditions: [{ type, status, reason: 'Test', message: 'simulated' }] };
  await cluster.client.patch(
    Node.resource,
    { name },
    { status: status0 },
    { subresource: 'status' },
  );
}

const pod = new Pod({
  metadata: { name: 'p' },
  spec: { nodeName: 'a0', containers: [{ name: 'main', image: 'web:1' }] },
});

describe('a node that falls silent', () => {
  it('becomes Unknown after the grace period, is tainted, and its pods are not ready', async () => {
    const cluster = await zoned({ a: 2 });
    await cluster.create(pod);
    await cluster.settle();
    await cluster.advance('10s');
    setDown(cluster, true, 'a0');
    while (ready(cluster, 'a0')?.status === 'True') await cluster.advance('1s');
    expect(seconds(cluster)).toBeGreaterThanOrEqual(60);
    expect(seconds(cluster)).toBeLessThanOrEqual(71);
    expect(ready(cluster, 'a0')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    expect(taints(cluster, 'a0')).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
    const conditions = cluster.get(Pod, 'p').status?.conditions ?? [];
    expect(conditions.find(({ type }) => type === 'Ready')?.status).toBe('False');
    expect(cluster.events('p').at(-1)).toMatchObject({
      type: 'Warning',
      reason: 'NodeNotReady',
      message: 'Node is not ready',
      source: { component: 'node-controller' },
    });
    await cluster.advance('5s');
    expect(taints(cluster, 'a0')).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ]);
    expect(reasons(cluster, 'a0')).toEqual([
      'Node a0 event: Registered Node a0 in Controller',
      'Node a0 status is now: NodeNotReady',
    ]);
    expect(taints(cluster, 'a1')).toEqual([]);
  });

  it('loses its taints when it is back', async () => {
    const cluster = await zoned({ a: 2 });
    setDown(cluster, true, 'a0');
    await cluster.advance('80s');
    expect(taints(cluster, 'a0')).toHaveLength(2);
    setDown(cluster, false, 'a0');
    await cluster.advance('5s');
    expect(ready(cluster, 'a0')?.status).toBe('True');
    expect(taints(cluster, 'a0')).toEqual([]);
  });

  it('is found by the periods that the cluster asks for', async () => {
    const cluster = await zoned({ a: 2 });
    const controllerManager = { nodeMonitorPeriod: '1s', nodeMonitorGracePeriod: '12s' } as const;
    await cluster.create(
      new Cluster({ metadata: { name: 'default' }, spec: { controllerManager } }),
    );
    setDown(cluster, true, 'a0');
    await cluster.advance('25s');
    expect(ready(cluster, 'a0')?.status).toBe('Unknown');
    expect(ready(cluster, 'a1')?.status).toBe('True');
  });
});

describe('a node that says it is not ready', () => {
  it('is tainted at once against scheduling and at the next look for eviction; its pods stay ready', async () => {
    const cluster = await createCluster({ nodes: { a0: { zone: 'a' }, a1: { zone: 'a' } } });
    await cluster.create(pod);
    await cluster.settle();
    await cluster.client.patch(
      Node.resource,
      { name: 'a0' },
      { metadata: { annotations: { 'cluster.slipway.dev/kubelet': 'none' } } },
    );
    await cluster.advance('6s');
    await setCondition(cluster, 'a0', 'Ready', 'False');
    await cluster.cluster.drain();
    expect(taints(cluster, 'a0')).toEqual(['node.kubernetes.io/not-ready:NoSchedule']);
    await cluster.advance('5s');
    expect(taints(cluster, 'a0')).toContain('node.kubernetes.io/not-ready:NoExecute');
    const conditions = cluster.get(Pod, 'p').status?.conditions ?? [];
    expect(conditions.find(({ type }) => type === 'Ready')?.status).toBe('True');
  });
});

describe('taints by condition', () => {
  it('come and go with pressure and with cordoning', async () => {
    const cluster = await zoned({ a: 1 });
    for (const type of ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'])
      await setCondition(cluster, 'a0', type, 'True');
    await cluster.client.patch(Node.resource, { name: 'a0' }, { spec: { unschedulable: true } });
    await cluster.cluster.drain();
    expect(taints(cluster, 'a0').sort()).toEqual([
      'node.kubernetes.io/disk-pressure:NoSchedule',
      'node.kubernetes.io/memory-pressure:NoSchedule',
      'node.kubernetes.io/network-unavailable:NoSchedule',
      'node.kubernetes.io/pid-pressure:NoSchedule',
      'node.kubernetes.io/unschedulable:NoSchedule',
    ]);
    await cluster.client.patch(Node.resource, { name: 'a0' }, { spec: { unschedulable: null } });
    for (const type of ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'])
      await setCondition(cluster, 'a0', type, 'False');
    await cluster.cluster.drain();
    expect(taints(cluster, 'a0')).toEqual([]);
  });
});

describe('zones', () => {
  it('give out a taint every ten seconds', async () => {
    const cluster = await zoned({ a: 10 });
    setDown(cluster, true, 'a0', 'a1', 'a2');
    while (evicting(cluster).length === 0) await cluster.advance('1s');
    const counts: number[] = [];
    for (const duration of ['9s', '1s', '9s', '1s', '1m']) {
      await cluster.advance(duration);
      counts.push(evicting(cluster).length);
    }
    expect(counts).toEqual([1, 2, 2, 3, 3]);
  });

  it('give out none while more than half of a small zone is gone', async () => {
    const cluster = await zoned({ a: 4, b: 4 });
    setDown(cluster, true, 'a0', 'a1', 'a2', 'b0');
    await cluster.advance('5m');
    expect(evicting(cluster)).toEqual(['b0']);
    setDown(cluster, false, 'a1', 'a2');
    await cluster.advance('1m');
    expect(evicting(cluster)).toEqual(['a0', 'b0']);
  });

  it('give out none when all of them are gone, and take back what they gave', async () => {
    const cluster = await zoned({ a: 2, b: 1 });
    setDown(cluster, true, 'a0');
    await cluster.advance('80s');
    expect(evicting(cluster)).toEqual(['a0']);
    setDown(cluster, true, 'a1', 'b0');
    await cluster.advance('5m');
    expect(evicting(cluster)).toEqual([]);
    setDown(cluster, false, 'b0');
    await cluster.advance('1m');
    expect(evicting(cluster)).toEqual(['a0', 'a1']);
  });
});

it('tells of a node that has gone, and of one of its name', async () => {
  const cluster = await zoned({ a: 1, b: 1 });
  await cluster.delete(Node, 'a0');
  await cluster.advance('10s');
  expect(reasons(cluster, 'a0').at(-1)).toBe('Node a0 event: Removing Node a0 from Controller');
  await cluster.create(new Node({ metadata: { name: 'a0' } }));
  await cluster.advance('10s');
  expect(reasons(cluster, 'a0').at(-1)).toBe('Node a0 event: Registered Node a0 in Controller');
});

it('does the same on both sides of a fork', async () => {
  const cluster = await zoned({ a: 4 });
  setDown(cluster, true, 'a0', 'a1');
  await cluster.advance('66s');
  const fork = await cluster.fork();
  for (const side of [cluster, fork]) await side.advance('2m');
  expect(evicting(fork)).toEqual(['a0', 'a1']);
  expect(fork.journalHash).toBe(cluster.journalHash);
});

it('costs no reconcile a lease: a day of idle nodes is a look every few seconds', async () => {
  const cluster = await zoned({ a: 20 });
  const count = (): number =>
    cluster.cluster.journal.latest(
      100_000,
      (record) => record.type === 'reconcile' && record.component === 'nodelifecycle',
    ).length;
  const before = count();
  await cluster.advance('10m');
  expect(count() - before).toBeLessThanOrEqual(120);
});
