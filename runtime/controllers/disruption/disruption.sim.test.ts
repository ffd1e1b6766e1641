import { describe, expect, it } from 'vitest';
import { Deployment, ReplicaSet } from '../../../generated/apps/v1/index.ts';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import { PodDisruptionBudget } from '../../../generated/policy/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const IN = { namespace: 'default' };
const labels = { app: 'web' };
const spec = { containers: [{ name: 'main', image: 'web:1' }], terminationGracePeriodSeconds: 5 };

const budget = (limit: object, name = 'b') =>
  new PodDisruptionBudget({
    metadata: { name, ...IN },
    spec: { selector: { matchLabels: labels }, ...limit },
  });
const web = (replicas: number) =>
  new Deployment({
    metadata: { name: 'web' },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
const bare = (name: string, more: object = {}) =>
  new Pod({ metadata: { name, labels, ...more }, spec });

const evict = (cluster: TestCluster, name: string) =>
  cluster.client.createSubresource(Pod.resource, { name, ...IN }, 'eviction', {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name },
  });

function numbers(cluster: TestCluster) {
  const { expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed } = cluster.get(
    PodDisruptionBudget,
    'b',
  ).status!;
  return [expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed];
}

describe('a budget', () => {
  it('counts on the scale of a Deployment and gives back what an eviction took', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(web(4), budget({ maxUnavailable: '50%' }));
    expect(await cluster.settle()).toMatchObject({ converged: true });
    expect(numbers(cluster)).toEqual([4, 4, 2, 2]);
    const goal = cluster.cluster.progress().find(({ kind }) => kind === 'PodDisruptionBudget');
    expect(goal).toMatchObject({ atGoal: true, want: 2, have: 4 });
    expect(goal?.trend.at(-1)).toBe(0);
    const [first, second, third] = cluster.list(Pod).map(({ metadata }) => metadata.name ?? '');
    await evict(cluster, first!);
    await evict(cluster, second!);
    await expect(evict(cluster, third!)).rejects.toThrow('Cannot evict pod');
    await cluster.cluster.drain();
    expect(numbers(cluster)).toEqual([4, 2, 2, 0]);
    await cluster.settle();
    await cluster.advance('1m');
    expect(numbers(cluster)).toEqual([4, 4, 2, 2]);
    expect(cluster.get(PodDisruptionBudget, 'b').status).not.toHaveProperty('disruptedPods');
  });

  it('counts on the scale of a ReplicaSet that nobody owns', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const { replicas, selector, template } = web(2).spec!;
    const set = { replicas, selector, template } as never;
    await cluster.create(new ReplicaSet({ metadata: { name: 'web' }, spec: set }));
    await cluster.create(budget({ minAvailable: '50%' }));
    await cluster.settle();
    expect(numbers(cluster)).toEqual([2, 2, 1, 1]);
  });

  it('says what it cannot do with pods of no controller, and of one without a scale', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(budget({ maxUnavailable: 1 }));
    await cluster.settle();
    await cluster.create(bare('p'));
    await cluster.settle();
    const { uid = '' } = cluster.get(Node, 'node-0').metadata;
    const owner = { apiVersion: 'v1', kind: 'Node', name: 'node-0', uid, controller: true };
    await cluster.create(bare('q', { ownerReferences: [owner] }));
    await cluster.cluster.drain();
    expect(cluster.events('b').map(({ reason }) => reason)).toEqual([
      'NoPods',
      'UnmanagedPods',
      'CalculateExpectedPodCountFailed',
    ]);
    expect(cluster.get(PodDisruptionBudget, 'b').status).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [
        { reason: 'SyncFailed', message: 'nodes does not implement the scale subresource' },
      ],
    });
  });

  it('takes back an eviction that nobody carried out', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(bare('p'), budget({ minAvailable: 0 }));
    await cluster.settle();
    await cluster.update(PodDisruptionBudget, 'b', (live) => live);
    const { status } = cluster.get(PodDisruptionBudget, 'b');
    const disruptedPods = { p: new Date(cluster.now).toISOString().replace(/\.\d+/, '') };
    await cluster.client.patch(
      PodDisruptionBudget.resource,
      { name: 'b', ...IN },
      { status: { ...status, disruptedPods } },
      { subresource: 'status' },
    );
    await cluster.advance('1m');
    expect(numbers(cluster)).toEqual([1, 0, 0, 0]);
    await cluster.advance('61s');
    expect(numbers(cluster)).toEqual([1, 1, 0, 1]);
    expect(cluster.events('p').at(-1)).toMatchObject({
      reason: 'NotDeleted',
      message: "Pod was expected by PDB default/default to be deleted but it wasn't",
    });
  });

  it('is told of with another that has the same pod', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(bare('p'), budget({ minAvailable: 0 }), budget({ minAvailable: 0 }, 'c'));
    await cluster.settle();
    const told = cluster
      .events('p')
      .find(({ reason }) => reason === 'MultiplePodDisruptionBudgets');
    expect(told?.message).toBe(
      'Pod "default"/"p" matches multiple PodDisruptionBudgets.  Chose "b" arbitrarily.',
    );
    await expect(evict(cluster, 'p')).rejects.toThrow('more than one PodDisruptionBudget');
  });

  it('follows pods whose labels change', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(bare('p'), bare('q'), budget({ minAvailable: 1 }));
    await cluster.settle();
    expect(numbers(cluster)).toEqual([2, 2, 1, 1]);
    await cluster.patch(Pod, 'q', { metadata: { labels: { app: 'other' } } });
    await cluster.settle();
    expect(numbers(cluster)).toEqual([1, 1, 1, 0]);
  });
});

describe('a pod that was to go', () => {
  it('is said to stay when it was not deleted within two minutes', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(bare('p'));
    await cluster.settle();
    const conditions = [
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'PreemptionByScheduler',
        lastTransitionTime: new Date(cluster.now).toISOString().replace(/\.\d+/, ''),
      },
    ];
    await cluster.client.patch(
      Pod.resource,
      { name: 'p', ...IN },
      { status: { conditions } },
      { subresource: 'status' },
    );
    const state = () =>
      cluster.get(Pod, 'p').status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
    await cluster.advance('119s');
    expect(state()?.status).toBe('True');
    await cluster.advance('2s');
    expect(state()).toMatchObject({ status: 'False' });
    expect(state()).not.toHaveProperty('reason');
  });
});
