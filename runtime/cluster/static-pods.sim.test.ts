import { expect, it } from 'vitest';
import { Cluster } from '../../generated/cluster/v1/index.ts';
import { Pod } from '../../generated/core/v1/index.ts';
import type { Pod as PodObject } from '../../generated/core/v1/types.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

const pod = (name: string): PodObject =>
  ({
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'a:1' }] },
  }) as unknown as PodObject;
const names = (cluster: TestCluster): (string | undefined)[] =>
  cluster.list(Pod).map(({ metadata }) => metadata.name);

async function start(): Promise<TestCluster> {
  const cluster = await createCluster();
  const nodePools = [
    { name: 'a' },
    { name: 'b', staticPodPath: 'pods/b', staticPods: [{ ...pod('own') }] },
  ];
  await cluster.create(
    new Cluster({ metadata: { name: 'default' }, spec: { nodePools } } as never),
  );
  await cluster.settle();
  return cluster;
}

it('nodes run what their folder says, beside what their pool does', async () => {
  const cluster = await start();
  cluster.cluster.writeStaticPods(undefined, [pod('all')]);
  cluster.cluster.writeStaticPods('pods/b', [pod('one'), pod('two')]);
  await cluster.settle();
  expect(names(cluster)).toEqual(['all-a-0', 'one-b-0', 'own-b-0', 'two-b-0']);
  cluster.cluster.writeStaticPods('pods/b', [pod('two')]);
  await cluster.settle();
  expect(names(cluster)).toEqual(['all-a-0', 'own-b-0', 'two-b-0']);
});

it('a kubelet that starts anew reads its folder again, and a copy has its own', async () => {
  const cluster = await start();
  cluster.cluster.writeStaticPods(undefined, [pod('all')]);
  await cluster.settle();
  const { uid, annotations } = cluster.get(Pod, 'all-a-0').metadata;
  cluster.cluster.restart('nodes');
  await cluster.settle();
  const after = cluster.get(Pod, 'all-a-0').metadata;
  expect([after.uid, after.annotations?.['kubernetes.io/config.hash']]).toEqual([
    uid,
    annotations?.['kubernetes.io/config.hash'],
  ]);
  const fork = await cluster.cluster.fork();
  cluster.cluster.writeStaticPods(undefined, []);
  await cluster.settle();
  await fork.settle();
  expect(names(cluster)).toEqual(['own-b-0']);
  expect(fork.staticPodsIn(undefined)).toHaveLength(1);
  expect(fork.transport.lister(Pod.resource).list()).toHaveLength(2);
});

it('a run with the same files repeats, and one with others does not', async () => {
  const run = async (name: string): Promise<string> => {
    const cluster = await start();
    cluster.cluster.writeStaticPods(undefined, [pod(name)]);
    await cluster.settle();
    return cluster.journalHash;
  };
  expect(await run('x')).toBe(await run('x'));
  expect(await run('x')).not.toBe(await run('y'));
});
