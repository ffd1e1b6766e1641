import { describe, expect, it } from 'vitest';
import { customresourcedefinitions } from '../../generated/apiextensions/v1/resources.ts';
import { namespaces, resourcequotas } from '../../generated/core/v1/resources.ts';
import type { OwnerReference } from '../../generated/meta/v1/types.ts';
import { BOATS, type Boat, boat, boatDefinition, GROUP } from './custom-resources.fakes.ts';
import { createCluster, type TestCluster } from './index.ts';

async function withBoats(): Promise<TestCluster> {
  const cluster = await createCluster();
  await cluster.client.create(customresourcedefinitions, boatDefinition());
  await cluster.settle();
  return cluster;
}

const ownedBy = ({ kind, apiVersion, metadata }: Boat): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

const names = async (cluster: TestCluster): Promise<string[]> =>
  (await cluster.client.list(BOATS)).items.map(({ metadata }) => metadata.name ?? '');

describe('custom resources among the others', () => {
  it('go with their owners, which are custom resources too', async () => {
    const cluster = await withBoats();
    const owner = await cluster.client.create(BOATS, boat('mother'));
    await cluster.client.create(BOATS, boat('tender', {}, { ownerReferences: [ownedBy(owner)] }));
    await cluster.client.create(BOATS, boat('free'));
    await cluster.settle();
    await cluster.client.delete(BOATS, { name: 'mother', namespace: 'default' });
    await cluster.settle();
    expect(await names(cluster)).toEqual(['free']);
  });

  it('are collected in a fork that has never seen their definition made', async () => {
    const cluster = await withBoats();
    const owner = await cluster.client.create(BOATS, boat('mother'));
    await cluster.client.create(BOATS, boat('tender', {}, { ownerReferences: [ownedBy(owner)] }));
    await cluster.settle();
    const fork = await cluster.fork();
    await fork.client.delete(BOATS, { name: 'mother', namespace: 'default' });
    await fork.settle();
    expect(await names(fork)).toEqual([]);
    expect(await names(cluster)).toEqual(['mother', 'tender']);
  });

  it('go with their namespace', async () => {
    const cluster = await withBoats();
    await cluster.client.create(namespaces, { metadata: { name: 'harbour' } });
    await cluster.settle();
    await cluster.client.create(BOATS, boat('a', {}, { namespace: 'harbour' }));
    await cluster.client.delete(namespaces, { name: 'harbour' });
    expect(await cluster.settle()).toMatchObject({ converged: true });
    expect(await names(cluster)).toEqual([]);
  });

  it('count against a quota, and stop counting when they are gone', async () => {
    const cluster = await withBoats();
    const hard = { [`count/boats.${GROUP}`]: '1' } as const;
    await cluster.client.create(resourcequotas, {
      metadata: { name: 'few', namespace: 'default' },
      spec: { hard },
    });
    await cluster.settle();
    await cluster.client.create(BOATS, boat('a'));
    await expect(cluster.client.create(BOATS, boat('b'))).rejects.toMatchObject({
      code: 403,
      message: expect.stringContaining('exceeded quota: few'),
    });
    await cluster.client.delete(BOATS, { name: 'a', namespace: 'default' });
    await cluster.settle();
    await cluster.client.create(BOATS, boat('b'));
    expect(await names(cluster)).toEqual(['b']);
  });
});
