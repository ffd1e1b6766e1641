import { beforeEach, describe, expect, it } from 'vitest';
import { pods, serviceaccounts } from '../../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../../generated/core/v1/types.ts';
import { poddisruptionbudgets } from '../../../../generated/policy/v1/resources.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';

const IN = { namespace: 'default' };
let bench: Bench;

beforeEach(async () => {
  bench = await serverForTests();
  await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
});

async function createPod(status: object = running(), finalizers: string[] = []): Promise<Pod> {
  const { client } = bench;
  await client.create(pods, {
    metadata: { name: 'p', ...IN, labels: { app: 'web' }, finalizers },
    spec: { nodeName: 'node-0', containers: [{ name: 'main', image: 'web:1' }] },
  } as never);
  const target = { name: 'p', ...IN };
  return client.patch(pods, target, { status }, { subresource: 'status' });
}

const running = (ready = true) => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
});

async function createBudget(name: string, status: object): Promise<void> {
  const { client } = bench;
  const selector = { matchLabels: { app: 'web' } };
  const metadata = { name, ...IN };
  await client.create(poddisruptionbudgets, { metadata, spec: { minAvailable: 1, selector } });
  const counted = { observedGeneration: 1, expectedPods: 1, currentHealthy: 1, desiredHealthy: 1 };
  await client.patch(
    poddisruptionbudgets,
    metadata,
    { status: { ...counted, disruptionsAllowed: 0, ...status } },
    { subresource: 'status' },
  );
}

const evict = (more: object = {}) =>
  bench.client.createSubresource(pods, { name: 'p', ...IN }, 'eviction', {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'p', ...IN },
    ...more,
  });
const pod = () => bench.client.get(pods, 'p', 'default');
const budget = () => bench.client.get(poddisruptionbudgets, 'b', 'default');
const isGoing = async () => (await pod()).metadata.deletionTimestamp !== undefined;

describe('an eviction', () => {
  it('deletes a pod without a budget and says why in its status', async () => {
    await createPod();
    expect(await evict()).toMatchObject({ kind: 'Status', status: 'Success', code: 201 });
    const { metadata, status } = await pod();
    expect(metadata.deletionTimestamp).toBeDefined();
    expect(status?.conditions).toContainEqual({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
      lastTransitionTime: expect.any(String),
    });
  });

  it('takes the grace period that it asks for', async () => {
    await createPod();
    await evict({ deleteOptions: { gracePeriodSeconds: 3 } });
    expect((await pod()).metadata.deletionGracePeriodSeconds).toBe(3);
  });

  it('spends what its budget allows, and is refused when it allows nothing', async () => {
    await createPod();
    await createBudget('b', { disruptionsAllowed: 1 });
    await evict();
    expect((await budget()).status).toMatchObject({
      disruptionsAllowed: 0,
      disruptedPods: { p: expect.any(String) },
      conditions: [{ reason: 'InsufficientPods' }],
    });
    await bench.client.delete(pods, { name: 'p', ...IN }, { gracePeriodSeconds: 0 });
    await createPod();
    expect(await refusal(evict())).toEqual({
      code: 429,
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
    });
    expect(await isGoing()).toBe(false);
  });

  it('lets an unready pod go while enough others are healthy', async () => {
    await createPod(running(false));
    await createBudget('b', {});
    await evict();
    expect(await isGoing()).toBe(true);
    expect((await budget()).status?.disruptedPods).toBeUndefined();
  });

  it.each(['Pending', 'Succeeded', 'Failed'])(
    'asks no budget for a pod that is %s',
    async (phase) => {
      await createPod({ phase }, ['test/held']);
      await createBudget('b', {});
      await evict();
      expect(await isGoing()).toBe(true);
    },
  );

  it('does nothing as a dry run, by query or by body', async () => {
    await createPod();
    await createBudget('b', { disruptionsAllowed: 1 });
    await evict({ deleteOptions: { dryRun: ['All'] } });
    expect(await isGoing()).toBe(false);
    expect((await budget()).status).toMatchObject({ disruptionsAllowed: 1 });
  });

  it('refuses a pod of several budgets', async () => {
    await createPod();
    await createBudget('b', { disruptionsAllowed: 1 });
    await createBudget('c', { disruptionsAllowed: 1 });
    expect(await refusal(evict())).toMatchObject({ code: 500, reason: '' });
  });

  it('is for the pod that it was meant for', async () => {
    const { metadata } = await createPod();
    const preconditions = (uid = '') => ({ deleteOptions: { preconditions: { uid } } });
    const other = 'a0000000-0000-4000-8000-000000000001';
    expect(await refusal(evict(preconditions(other)))).toMatchObject({
      code: 409,
      message: expect.stringContaining(
        `the UID in the precondition (${other}) does not match the UID in record (${metadata.uid})`,
      ),
    });
    await evict(preconditions(metadata.uid));
    expect(await isGoing()).toBe(true);
  });

  it('holds a version that it insists on against the pod as it was, not as it made it', async () => {
    const { metadata } = await createPod();
    const { resourceVersion } = metadata;
    await evict({ deleteOptions: { preconditions: { resourceVersion } } });
    expect(await isGoing()).toBe(true);
  });

  it.each<[object, number, string]>([
    [{ metadata: { name: 'q' } }, 400, 'name in URL does not match name in Eviction object'],
    [{ apiVersion: 'v1' }, 400, 'Eviction in version "v1" cannot be handled as a Eviction'],
    [{ deleteOptions: { gracePeriodSeconds: 'x' } }, 400, 'gracePeriodSeconds'],
  ])('refuses a body with %j', async (more, code, message) => {
    await createPod();
    expect(await refusal(evict(more))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('finds no pod that is not there', async () => {
    expect(await refusal(evict())).toMatchObject({ code: 404, message: 'pods "p" not found' });
  });
});
