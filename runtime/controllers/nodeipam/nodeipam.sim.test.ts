import { expect, it } from 'vitest';
import { Cluster } from '../../../generated/cluster/v1/index.ts';
import { Node } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const blocks = (cluster: TestCluster) =>
  cluster.list(Node).map(({ spec }) => spec?.podCIDRs?.join() ?? null);

async function withBlocks(podCIDR: string): Promise<TestCluster> {
  const cluster = await createCluster();
  const network = { podCIDR, nodeCIDRMaskSize: 24 };
  await cluster.create(new Cluster({ metadata: { name: 'default' }, spec: { network } }));
  return cluster;
}

async function addNodes(cluster: TestCluster, ...names: string[]): Promise<void> {
  for (const name of names) await cluster.create(new Node({ metadata: { name } }));
  await cluster.cluster.drain();
}

it('deals out blocks in turn', async () => {
  const cluster = await createCluster({ nodes: 3 });
  expect(blocks(cluster)).toEqual(['10.244.0.0/24', '10.244.1.0/24', '10.244.2.0/24']);
  expect(cluster.get(Node, 'node-0').spec?.podCIDR).toBe('10.244.0.0/24');
});

it('leaves a block alone that somebody has given already', async () => {
  const cluster = await withBlocks('10.0.0.0/22');
  const spec = { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24'] };
  await cluster.create(new Node({ metadata: { name: 'own' }, spec }));
  await addNodes(cluster, 'a', 'b');
  expect(blocks(cluster)).toEqual(['10.0.1.0/24', '10.0.2.0/24', '10.0.0.0/24']);
});

it('says when there are no more, and gives the next that is free to who waits', async () => {
  const cluster = await withBlocks('10.0.0.0/23');
  await addNodes(cluster, 'a', 'b', 'c');
  expect(blocks(cluster)).toEqual(['10.0.0.0/24', '10.0.1.0/24', null]);
  expect(cluster.events('c').filter(({ reason }) => reason === 'CIDRNotAvailable')).toMatchObject([
    {
      type: 'Normal',
      message: 'Node c status is now: CIDRNotAvailable',
      source: { component: 'cidrAllocator' },
    },
  ]);
  await cluster.delete(Node, 'a');
  await cluster.cluster.drain();
  expect(blocks(cluster)).toEqual(['10.0.1.0/24', '10.0.0.0/24']);
});

it('leaves nodes alone while it is switched off', async () => {
  const cluster = await createCluster();
  const spec = (allocateNodeCIDRs: boolean) => ({ controllerManager: { allocateNodeCIDRs } });
  await cluster.create(new Cluster({ metadata: { name: 'default' }, spec: spec(false) }));
  await addNodes(cluster, 'a');
  expect(blocks(cluster)).toEqual([null]);
  await cluster.apply(new Cluster({ metadata: { name: 'default' }, spec: spec(true) }));
  await cluster.cluster.drain();
  expect(blocks(cluster)).toEqual(['10.244.0.0/24']);
});
