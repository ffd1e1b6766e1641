import { describe, expect, it } from 'vitest';
import { customresourcedefinitions } from '../../../generated/apiextensions/v1/resources.ts';
import { BOATS, boat, boatDefinition, GROUP } from '../../testing/custom-resources.fakes.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const NAME = `boats.${GROUP}`;

function conditionsOf(cluster: TestCluster, name = NAME): Record<string, string> {
  const definition = cluster.cluster.transport.lister(customresourcedefinitions).byKey(name);
  return Object.fromEntries(
    (definition?.status?.conditions ?? []).map(({ type, status, reason }) => [
      type,
      `${status} ${reason}`,
    ]),
  );
}

async function withBoats(): Promise<TestCluster> {
  const cluster = await createCluster();
  await cluster.client.create(customresourcedefinitions, boatDefinition());
  await cluster.settle();
  return cluster;
}

describe('a definition', () => {
  it('gets its names, is established, and then serves objects', async () => {
    const cluster = await createCluster();
    await cluster.client.create(customresourcedefinitions, boatDefinition());
    await expect(cluster.client.create(BOATS, boat('early'))).rejects.toMatchObject({ code: 404 });
    expect(await cluster.settle()).toMatchObject({ converged: true });
    expect(conditionsOf(cluster)).toEqual({
      NamesAccepted: 'True NoConflicts',
      Established: 'True InitialNamesAccepted',
    });
    const made = await cluster.client.create(BOATS, boat('a', { crew: 2, sail: 'lug' }));
    expect(made).toMatchObject({ metadata: { generation: 1 }, spec: { crew: 2 } });
    expect(made.spec).not.toHaveProperty('sail');
  });

  it('does not get names that another kind of its group has, until that one is gone', async () => {
    const cluster = await withBoats();
    const ships = boatDefinition(undefined, {
      names: { plural: 'ships', kind: 'Boat', shortNames: ['bt'] },
    });
    await cluster.client.create(customresourcedefinitions, {
      ...ships,
      metadata: { name: `ships.${GROUP}` },
    });
    await cluster.cluster.drain();
    expect(conditionsOf(cluster, `ships.${GROUP}`)).toEqual({
      NamesAccepted: 'False ListKindConflict',
      Established: 'False NotAccepted',
    });
    await cluster.client.delete(customresourcedefinitions, { name: NAME });
    await cluster.settle();
    expect(conditionsOf(cluster, `ships.${GROUP}`)).toMatchObject({
      Established: 'True InitialNamesAccepted',
    });
  });

  it('waits for all its objects to go', async () => {
    const cluster = await withBoats();
    await cluster.client.create(BOATS, boat('a'));
    await cluster.client.create(BOATS, boat('held', {}, { finalizers: ['example.com/hold'] }));
    await cluster.client.delete(customresourcedefinitions, { name: NAME });
    await cluster.cluster.drain();
    expect(conditionsOf(cluster)).toMatchObject({ Terminating: 'True InstanceDeletionInProgress' });
    await expect(cluster.client.create(BOATS, boat('late'))).rejects.toMatchObject({
      code: 403,
      message: expect.stringContaining(
        'create not allowed while custom resource definition is terminating',
      ),
    });
    const { items } = await cluster.client.list(BOATS);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['held']);
    await cluster.client.patch(
      BOATS,
      { name: 'held', namespace: 'default' },
      { metadata: { finalizers: null } },
      { type: 'application/merge-patch+json' },
    );
    await cluster.settle();
    expect(conditionsOf(cluster)).toEqual({});
    await expect(cluster.client.list(BOATS)).rejects.toMatchObject({ code: 404 });
  });
});

describe('the status of a definition', () => {
  it('takes conditions that say nothing yet', async () => {
    const cluster = await withBoats();
    const conditions = [{ message: 'looked at' }];
    const patched = await cluster.client.patch(
      customresourcedefinitions,
      { name: NAME },
      { status: { conditions } },
      { type: 'application/merge-patch+json', subresource: 'status' },
    );
    expect(patched.status?.conditions).toMatchObject([
      { type: '', status: '', message: 'looked at' },
    ]);
  });
});

describe('a fork', () => {
  it('has the kinds of its parent, and then its own', async () => {
    const cluster = await withBoats();
    await cluster.client.create(BOATS, boat('a'));
    const fork = await cluster.cluster.fork();
    await fork.client.create(BOATS, boat('b'));
    await fork.client.delete(customresourcedefinitions, { name: NAME });
    await fork.settle();
    await expect(fork.client.list(BOATS)).rejects.toMatchObject({ code: 404 });
    const { items } = await cluster.client.list(BOATS);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a']);
  });
});
