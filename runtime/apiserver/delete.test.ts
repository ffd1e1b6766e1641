import { describe, expect, it } from 'vitest';
import { configmaps, pods, serviceaccounts } from '../../generated/core/v1/resources.ts';
import { formatTime } from '../meta/index.ts';
import { type Bench, refusal, serverForTests } from './server.fakes.ts';

const AT = { name: 'web', namespace: 'default' };

async function runningPod({ client }: Bench, graceSeconds = 30) {
  await client.create(serviceaccounts, { metadata: { name: 'default', namespace: 'default' } });
  await client.create(pods, {
    metadata: AT,
    spec: {
      containers: [{ name: 'main', image: 'web:1' }],
      terminationGracePeriodSeconds: graceSeconds,
    },
  });
  await client.createSubresource(pods, AT, 'binding', { target: { kind: 'Node', name: 'n1' } });
}

describe('deletion', () => {
  it('of a pod on a node waits for its grace period, which can only get shorter', async () => {
    const bench = await serverForTests();
    const { client, clock } = bench;
    await runningPod(bench);
    await client.delete(pods, AT);
    const deleting = await client.get(pods, 'web', 'default');
    expect(deleting.metadata).toMatchObject({
      deletionTimestamp: formatTime(clock.now() + 30_000),
      deletionGracePeriodSeconds: 30,
    });
    await client.delete(pods, AT, { gracePeriodSeconds: 60 });
    expect(await client.get(pods, 'web', 'default')).toBe(deleting);
    await client.delete(pods, AT, { gracePeriodSeconds: 10 });
    expect((await client.get(pods, 'web', 'default')).metadata.deletionTimestamp).toBe(
      formatTime(clock.now() + 10_000),
    );
    await client.delete(pods, AT, { gracePeriodSeconds: 0 });
    expect(await refusal(client.get(pods, 'web', 'default'))).toMatchObject({ code: 404 });
  });

  it('of a pod that no node has is immediate', async () => {
    const { client } = await serverForTests();
    await client.create(serviceaccounts, { metadata: { name: 'default', namespace: 'default' } });
    await client.create(pods, { metadata: AT, spec: { containers: [{ name: 'a', image: 'x' }] } });
    await client.delete(pods, AT);
    expect(await refusal(client.get(pods, 'web', 'default'))).toMatchObject({ code: 404 });
  });

  it('waits for finalizers, and takes no new ones', async () => {
    const { client } = await serverForTests();
    await client.create(configmaps, { metadata: { ...AT, finalizers: ['example.com/hold'] } });
    await client.delete(configmaps, AT);
    const held = await client.get(configmaps, 'web', 'default');
    expect(held.metadata.deletionTimestamp).toBeDefined();
    const more = {
      ...held,
      metadata: { ...held.metadata, finalizers: ['example.com/hold', 'example.com/more'] },
    };
    expect(await refusal(client.update(configmaps, more))).toMatchObject({
      code: 422,
      fields: ['metadata.finalizers'],
    });
    await client.update(configmaps, { ...held, metadata: { ...held.metadata, finalizers: [] } });
    expect(await refusal(client.get(configmaps, 'web', 'default'))).toMatchObject({ code: 404 });
  });

  it('says by finalizers what becomes of dependents', async () => {
    const { client } = await serverForTests();
    for (const [policy, finalizer] of [
      ['Foreground', 'foregroundDeletion'],
      ['Orphan', 'orphan'],
    ] as const) {
      await client.create(configmaps, { metadata: { ...AT, name: finalizer.toLowerCase() } });
      const target = { ...AT, name: finalizer.toLowerCase() };
      await client.delete(configmaps, target, { propagationPolicy: policy });
      const { metadata } = await client.get(configmaps, target.name, 'default');
      expect(metadata.finalizers).toEqual([finalizer]);
    }
  });

  it('holds only for the object that was meant', async () => {
    const { client } = await serverForTests();
    await client.create(configmaps, { metadata: AT });
    const other = client.delete(configmaps, AT, { preconditions: { uid: 'another' } });
    expect(await refusal(other)).toMatchObject({ code: 409, reason: 'Conflict' });
  });
});

describe('binding', () => {
  it('assigns a pod once, and says that it is scheduled', async () => {
    const bench = await serverForTests();
    await runningPod(bench);
    const { client } = bench;
    const pod = await client.get(pods, 'web', 'default');
    expect([pod.spec?.nodeName, pod.status?.conditions?.[0]]).toMatchObject([
      'n1',
      { type: 'PodScheduled', status: 'True' },
    ]);
    const again = client.createSubresource(pods, AT, 'binding', { target: { name: 'n2' } });
    expect(await refusal(again)).toMatchObject({
      code: 409,
      message: expect.stringContaining('pod web is already assigned to node "n1"'),
    });
  });
});

describe('the dependents of what is deleted', () => {
  const HELD = { name: 'held', namespace: 'default' };
  const finalizersOf = async ({ client }: Bench) =>
    (await client.get(configmaps, 'held', 'default')).metadata.finalizers;

  it('are treated by the policy of the last deletion', async () => {
    const bench = await serverForTests();
    const { client } = bench;
    const finalizers = ['x.test/hold'];
    await client.create(configmaps, { metadata: { ...HELD, finalizers } });
    await client.delete(configmaps, HELD, { propagationPolicy: 'Foreground' });
    expect(await finalizersOf(bench)).toEqual(['x.test/hold', 'foregroundDeletion']);
    await client.delete(configmaps, HELD);
    expect(await finalizersOf(bench)).toEqual(['x.test/hold', 'foregroundDeletion']);
    await client.delete(configmaps, HELD, { propagationPolicy: 'Orphan' });
    expect(await finalizersOf(bench)).toEqual(['x.test/hold', 'orphan']);
  });

  it('are not waited for any more by an object that is deleted again in the background', async () => {
    const bench = await serverForTests();
    const { client } = bench;
    await client.create(configmaps, { metadata: HELD });
    await client.delete(configmaps, HELD, { propagationPolicy: 'Foreground' });
    expect(await finalizersOf(bench)).toEqual(['foregroundDeletion']);
    await client.delete(configmaps, HELD, { propagationPolicy: 'Background' });
    expect(await refusal(client.get(configmaps, 'held', 'default'))).toMatchObject({ code: 404 });
  });

  it('go as a finalizer of the object says that was there before', async () => {
    const bench = await serverForTests();
    const { client } = bench;
    await client.create(configmaps, { metadata: { ...HELD, finalizers: ['orphan'] } });
    await client.delete(configmaps, HELD);
    expect(await finalizersOf(bench)).toEqual(['orphan']);
  });
});
