import { describe, expect, it } from 'vitest';
import { ReplicaSet } from '../../../generated/apps/v1/index.ts';
import { Behaviour } from '../../../generated/cluster/v1/index.ts';
import { Namespace, Pod, ServiceAccount } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const containers = [{ name: 'c', image: 'app:1' }];

function web(
  replicas: number,
  more: { namespace?: string; serviceAccountName?: string; labels?: Record<string, string> } = {},
): ReplicaSet {
  const { namespace, serviceAccountName, labels } = more;
  return new ReplicaSet({
    metadata: { name: 'web', ...(namespace ? { namespace } : {}) },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web', ...labels } },
        spec: { containers, ...(serviceAccountName ? { serviceAccountName } : {}) },
      },
    },
  });
}

function bare(
  name: string,
  more: { labels?: Record<string, string>; cost?: string; zone?: string } = {},
): Pod {
  const { labels = { app: 'web' }, cost, zone } = more;
  return new Pod({
    metadata: {
      name,
      labels,
      ...(cost ? { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } } : {}),
    },
    spec: { containers, ...(zone ? { nodeSelector: { zone } } : {}) },
  });
}

const names = (cluster: TestCluster): (string | undefined)[] =>
  cluster.list(Pod).map(({ metadata }) => metadata.name);
const reasons = (cluster: TestCluster, reason: string): (string | undefined)[] =>
  cluster
    .events('web')
    .filter((each) => each.reason === reason)
    .map(({ message }) => message);

describe('a ReplicaSet', () => {
  it('makes its pods and counts them', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(web(3));
    expect((await cluster.settle()).converged).toBe(true);
    expect(cluster.get(ReplicaSet, 'web').status).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
    expect(reasons(cluster, 'SuccessfulCreate').sort()).toEqual(
      names(cluster).map((name) => `Created pod: ${name}`),
    );
  });

  it('makes more than a burst', async () => {
    const cluster = await createCluster();
    await cluster.create(web(1100));
    await cluster.settle();
    expect(cluster.list(Pod)).toHaveLength(1100);
    expect(cluster.get(ReplicaSet, 'web').status?.replicas).toBe(1100);
  });

  it('adopts matching orphans and releases what matches no more', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(bare('solo'), bare('other', { labels: { app: 'else' } }));
    await cluster.settle();
    await cluster.create(web(2));
    await cluster.settle();
    const owners = (name: string) => cluster.get(Pod, name).metadata.ownerReferences;
    expect(owners('solo')).toMatchObject([{ kind: 'ReplicaSet', name: 'web', controller: true }]);
    expect(owners('other')).toBeUndefined();
    expect(names(cluster)).toHaveLength(3);

    await cluster.update(Pod, 'solo', (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, labels: { app: 'debug' } },
    }));
    await cluster.settle();
    expect(owners('solo') ?? []).toEqual([]);
    expect(names(cluster)).toHaveLength(4);

    await cluster.update(Pod, 'other', (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, labels: { app: 'web' } },
    }));
    await cluster.settle();
    await cluster.advance('1m');
    expect(names(cluster)).toHaveLength(3);
    expect(cluster.get(ReplicaSet, 'web').status?.replicas).toBe(2);
  });

  it('looks again only at labels that it selects or gives', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(web(2, { labels: { tier: 'front' } }));
    await cluster.settle();
    const looks = (): number =>
      [...cluster.cluster.journal.records()].filter(
        ({ type, component }) => type === 'reconcile' && component === 'replicaset',
      ).length;
    const relabel = async (more: Record<string, string>): Promise<void> => {
      await cluster.update(Pod, names(cluster)[0]!, (pod) => ({
        ...pod,
        metadata: { ...pod.metadata, labels: { app: 'web', ...more } },
      }));
      await cluster.settle();
    };
    const before = looks();
    await relabel({ tier: 'front', seen: 'yes' });
    expect(looks()).toBe(before);
    await relabel({ seen: 'yes' });
    expect(cluster.get(ReplicaSet, 'web').status).toMatchObject({
      replicas: 2,
      fullyLabeledReplicas: 1,
    });
    await relabel({ tier: 'front' });
    expect(cluster.get(ReplicaSet, 'web').status).toMatchObject({ fullyLabeledReplicas: 2 });
  });

  it('removes the cheap pod first', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(bare('a', { cost: '100' }), bare('b', { cost: '-5' }), bare('c'), web(3));
    await cluster.settle();
    for (const replicas of [2, 1]) {
      await cluster.apply(web(replicas));
      await cluster.settle();
    }
    expect(reasons(cluster, 'SuccessfulDelete')).toEqual(['Deleted pod: b', 'Deleted pod: c']);
  });

  it('removes the pod that has no node first, then the one whose image is missing', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const broken = { ...bare('image').spec, containers: [{ name: 'c', image: 'bad:1' }] };
    await cluster.create(
      new Behaviour({ metadata: { name: 'no' }, spec: { image: 'bad:*', pull: { error: {} } } }),
      bare('runs'),
      new Pod({ metadata: { name: 'image', labels: { app: 'web' } }, spec: broken }),
      bare('unassigned', { zone: 'none' }),
      web(3),
    );
    await cluster.advance('30s');
    for (const replicas of [2, 1]) {
      await cluster.apply(web(replicas));
      await cluster.advance('1m');
    }
    expect(names(cluster)).toEqual(['runs']);
    expect(reasons(cluster, 'SuccessfulDelete')).toEqual([
      'Deleted pod: unassigned',
      'Deleted pod: image',
    ]);
  });

  it('scales to zero, counting pods that still end', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(web(10));
    await cluster.settle();
    await cluster.apply(web(0));
    await cluster.cluster.drain();
    expect(cluster.get(ReplicaSet, 'web').status).toMatchObject({
      replicas: 0,
      terminatingReplicas: 10,
    });
    await cluster.settle();
    await cluster.advance('1m');
    expect(cluster.list(Pod)).toEqual([]);
    expect(cluster.get(ReplicaSet, 'web').status).toEqual({
      replicas: 0,
      terminatingReplicas: 0,
      observedGeneration: 2,
    });
  });

  it('says why it cannot make pods, and makes them when it can', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(web(8, { serviceAccountName: 'nobody' }));
    await cluster.cluster.drain();
    const [failure] = cluster.get(ReplicaSet, 'web').status?.conditions ?? [];
    expect(failure).toMatchObject({
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
    });
    const events = reasons(cluster, 'FailedCreate');
    expect(events.length).toBeLessThan(3);
    expect(events[0]).toMatch(
      /^Error creating: pods "web-.* is forbidden: error looking up service/,
    );
    await cluster.create(new ServiceAccount({ metadata: { name: 'nobody' } }));
    expect((await cluster.settle()).converged).toBe(true);
    expect(cluster.get(ReplicaSet, 'web').status).not.toHaveProperty('conditions');
  });

  it('makes nothing in a namespace that goes away', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(new Namespace({ metadata: { name: 'going' } }));
    await cluster.create(new ServiceAccount({ metadata: { name: 'default', namespace: 'going' } }));
    await cluster.create(web(2, { namespace: 'going' }));
    await cluster.settle();
    await cluster.client.patch(
      Pod.resource,
      { name: names(cluster)[0] ?? '', namespace: 'going' },
      { metadata: { finalizers: ['example.com/hold'] } },
    );
    await cluster.delete(Namespace, 'going');
    await cluster.advance('2m');
    expect(reasons(cluster, 'FailedCreate')).toEqual([]);
    expect(cluster.cluster.retrying).toBe(0);
  });
});
