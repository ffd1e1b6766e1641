import { describe, expect, it } from 'vitest';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import type { Taint, Toleration } from '../../../generated/core/v1/types.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const tolerate = (key: string, tolerationSeconds?: number): Toleration => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});

async function start(tolerations: readonly Toleration[] = []): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: 2 });
  await createPod(cluster, tolerations);
  return cluster;
}

async function createPod(cluster: TestCluster, tolerations: readonly Toleration[]): Promise<void> {
  const containers = [{ name: 'main', image: 'web:1' }];
  const spec = { nodeName: 'node-0', terminationGracePeriodSeconds: 5, containers, tolerations };
  await cluster.create(new Pod({ metadata: { name: 'p' }, spec }));
  await cluster.settle();
}

async function taint(cluster: TestCluster, ...keys: string[]): Promise<void> {
  const taints = keys.map((key): Taint => ({ key, effect: 'NoExecute' }));
  await cluster.update(Node, 'node-0', (node) => ({ ...node, spec: { ...node.spec, taints } }));
}

const isGoing = (cluster: TestCluster): boolean => {
  const pod = cluster.find(Pod, 'p');
  return !pod || pod.metadata.deletionTimestamp !== undefined;
};
const messages = (cluster: TestCluster) =>
  cluster
    .events('p')
    .filter(({ reason }) => reason === 'TaintManagerEviction')
    .map(({ message, source }) => `${source?.component}: ${message}`);
const MARKED = 'taint-eviction-controller: Marking for deletion Pod default/p';
const CANCELLED = 'taint-eviction-controller: Cancelling deletion of Pod default/p';

describe('a pod on a node with a NoExecute taint', () => {
  it('goes at once when it does not tolerate it, and says why', async () => {
    const cluster = await start();
    await taint(cluster, 'drain');
    await cluster.cluster.drain();
    const { metadata, status } = cluster.get(Pod, 'p');
    expect(metadata.deletionTimestamp).toBeDefined();
    expect(status?.conditions).toContainEqual({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastTransitionTime: expect.anything(),
    });
    await cluster.settle();
    await cluster.advance('1m');
    expect(cluster.find(Pod, 'p')).toBeUndefined();
    expect(messages(cluster)).toEqual([MARKED]);
  });

  it('goes when the time for which it tolerates it is over', async () => {
    const cluster = await start([tolerate('drain', 10)]);
    await taint(cluster, 'drain');
    await cluster.advance('9s');
    expect(isGoing(cluster)).toBe(false);
    await cluster.advance('1s');
    expect(isGoing(cluster)).toBe(true);
  });

  it('goes at the earliest of several times', async () => {
    const cluster = await start([tolerate('one'), tolerate('two', 2)]);
    await taint(cluster, 'one', 'two');
    await cluster.advance('2s');
    expect(isGoing(cluster)).toBe(true);
  });

  it('stays when the taint goes before its time is over', async () => {
    const cluster = await start([tolerate('drain', 4)]);
    await taint(cluster, 'drain');
    await cluster.advance('1s');
    await taint(cluster);
    await cluster.advance('1m');
    expect(isGoing(cluster)).toBe(false);
    expect(messages(cluster)).toEqual([CANCELLED]);
  });

  it('stays when it tolerates it for ever', async () => {
    const cluster = await start([tolerate('drain')]);
    await taint(cluster, 'drain');
    await cluster.advance('1h');
    expect(isGoing(cluster)).toBe(false);
    expect(messages(cluster)).toEqual([]);
  });

  it('goes when a second taint comes that it does not tolerate', async () => {
    const cluster = await start([tolerate('drain', 60)]);
    await taint(cluster, 'drain');
    await cluster.advance('1s');
    await taint(cluster, 'drain', 'more');
    await cluster.cluster.drain();
    expect(isGoing(cluster)).toBe(true);
    expect(messages(cluster)).toEqual([CANCELLED, MARKED]);
  });

  it('goes at its time even where the node is gone before, whatever happens to the pod', async () => {
    const cluster = await start([tolerate('drain', 10)]);
    await taint(cluster, 'drain');
    await cluster.advance('2s');
    await cluster.delete(Node, 'node-0');
    await cluster.update(Pod, 'p', (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, labels: { touched: 'yes' } },
    }));
    await cluster.advance('7s');
    expect([isGoing(cluster), messages(cluster)]).toEqual([false, []]);
    await cluster.advance('1s');
    expect([isGoing(cluster), messages(cluster)]).toEqual([true, [MARKED]]);
  });

  it('goes when it comes after the taint', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await taint(cluster, 'drain');
    await createPod(cluster, []);
    expect(isGoing(cluster)).toBe(true);
  });

  it('is not mistaken for one of its name that came after it', async () => {
    const cluster = await start([tolerate('drain', 60)]);
    await taint(cluster, 'drain');
    await cluster.advance('30s');
    await cluster.delete(Pod, 'p');
    await cluster.settle();
    await createPod(cluster, [tolerate('drain', 60)]);
    await cluster.advance('45s');
    expect(isGoing(cluster)).toBe(false);
    await cluster.advance('20s');
    expect(isGoing(cluster)).toBe(true);
  });
});

it('goes on counting in a fork', async () => {
  const cluster = await start([tolerate('drain', 10)]);
  await taint(cluster, 'drain');
  await cluster.advance('6s');
  const fork = await cluster.fork();
  await fork.advance('3s');
  expect(isGoing(fork)).toBe(false);
  await fork.advance('1s');
  expect([isGoing(fork), isGoing(cluster)]).toEqual([true, false]);
});
