import { describe, expect, it } from 'vitest';
import { ControllerRevision, DaemonSet } from '../../../generated/apps/v1/index.ts';
import { Behaviour } from '../../../generated/cluster/v1/index.ts';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

type Spec = NonNullable<DaemonSet['spec']>;

function logger(image = 'log:1', more: Partial<Spec> = {}, pod: object = {}): DaemonSet {
  return new DaemonSet({
    metadata: { name: 'log' },
    spec: {
      selector: { matchLabels: { app: 'log' } },
      template: {
        metadata: { labels: { app: 'log' } },
        spec: { containers: [{ name: 'c', image }], ...pod },
      },
      ...more,
    },
  });
}

const status = (cluster: TestCluster) => cluster.get(DaemonSet, 'log').status;
const places = (cluster: TestCluster): (string | undefined)[] =>
  cluster
    .list(Pod)
    .map(({ spec }) => spec?.nodeName)
    .sort();
const images = (cluster: TestCluster): (string | undefined)[] =>
  cluster.list(Pod).map(({ spec }) => spec?.containers[0]?.image);

async function taint(cluster: TestCluster, node: string, effect: 'NoSchedule' | 'NoExecute') {
  await cluster.patch(Node, node, { spec: { taints: [{ key: 'own', effect }] } });
  await cluster.settle();
}

describe('a DaemonSet', () => {
  it('puts a pod on every node, also on one that comes later or is cordoned', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.patch(Node, 'node-1', { spec: { unschedulable: true } });
    await cluster.create(logger());
    expect((await cluster.settle()).converged).toBe(true);
    expect(places(cluster)).toEqual(['node-0', 'node-1']);
    expect(status(cluster)).toEqual({
      currentNumberScheduled: 2,
      numberMisscheduled: 0,
      desiredNumberScheduled: 2,
      numberReady: 2,
      observedGeneration: 1,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
    });
    await cluster.create(new Node({ metadata: { name: 'node-2' } }));
    await cluster.settle();
    expect(places(cluster)).toEqual(['node-0', 'node-1', 'node-2']);
    await cluster.delete(Node, 'node-2');
    await cluster.settle();
    await cluster.advance('2m');
    expect(places(cluster)).toEqual(['node-0', 'node-1']);
    expect(status(cluster)).toMatchObject({ desiredNumberScheduled: 2, numberAvailable: 2 });
  });

  it('takes the nodes that its selector and tolerations take', async () => {
    const cluster = await createCluster({
      nodes: { a: { labels: { disk: 'ssd' } }, b: { labels: { disk: 'ssd' } }, c: {} },
    });
    await taint(cluster, 'b', 'NoSchedule');
    await cluster.create(logger('log:1', {}, { nodeSelector: { disk: 'ssd' } }));
    await cluster.settle();
    expect(places(cluster)).toEqual(['a']);
    await cluster.patch(Node, 'c', { metadata: { labels: { disk: 'ssd' } } });
    await cluster.settle();
    expect(places(cluster)).toEqual(['a', 'c']);
    await cluster.patch(Node, 'a', { metadata: { labels: { disk: null } } });
    await cluster.settle();
    await cluster.advance('1m');
    expect(places(cluster)).toEqual(['c']);
  });

  it('leaves a pod where a NoSchedule taint comes later, and takes it away for NoExecute', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(logger());
    await cluster.settle();
    await taint(cluster, 'node-0', 'NoSchedule');
    expect(places(cluster)).toEqual(['node-0', 'node-1']);
    expect(status(cluster)).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 1 });
    await taint(cluster, 'node-0', 'NoExecute');
    await cluster.advance('1m');
    expect(places(cluster)).toEqual(['node-1']);
    expect(status(cluster)).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 0 });
  });

  it('adopts pods that it selects, and removes what is too much on a node', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const bare = (name: string): Pod =>
      new Pod({
        metadata: { name, labels: { app: 'log' } },
        spec: { nodeName: 'node-0', containers: [{ name: 'c', image: 'log:1' }] },
      });
    await cluster.create(bare('one'));
    await cluster.advance('5s');
    await cluster.create(bare('two'));
    await cluster.settle();
    await cluster.create(logger('log:1', { updateStrategy: { type: 'OnDelete' } }));
    await cluster.settle();
    await cluster.advance('1m');
    const [pod, ...others] = cluster.list(Pod);
    expect(others).toEqual([]);
    expect(pod?.metadata).toMatchObject({
      name: 'one',
      ownerReferences: [{ kind: 'DaemonSet', name: 'log', controller: true }],
    });
  });

  it('removes failed pods at once, then after ever longer waits', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const containers = [{ name: 'c', image: 'log:1', resources: { requests: { cpu: '100' } } }];
    await cluster.create(logger('log:1', {}, { nodeName: 'node-0', containers }));
    const removed = (of: TestCluster): number =>
      of
        .events('log')
        .filter(({ reason }) => reason === 'FailedDaemonPod')
        .reduce((sum, { count = 1 }) => sum + count, 0);
    await cluster.advance('500ms');
    expect(removed(cluster)).toBe(1);
    await cluster.advance('1s');
    expect(removed(cluster)).toBe(2);
    for (const each of [await cluster.fork(), cluster]) {
      await each.advance('1s');
      expect(removed(each)).toBe(2);
      await each.advance('1s');
      expect(removed(each)).toBe(3);
      await each.advance('1m');
      expect(removed(each)).toBeLessThan(8);
    }
    const event = cluster.events('log').find(({ reason }) => reason === 'FailedDaemonPod');
    expect(event?.message).toMatch(
      /^Found failed daemon pod default\/log-\w+ on node node-0, will try to kill it$/,
    );
  });
});

describe('a rollout of a DaemonSet', () => {
  it('takes one node after the other', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.create(logger());
    await cluster.settle();
    await cluster.apply(logger('log:2'));
    await cluster.cluster.drain();
    expect(images(cluster).filter((image) => image === 'log:1')).toHaveLength(3);
    expect(cluster.list(Pod).filter((pod) => pod.metadata.deletionTimestamp)).toHaveLength(1);
    expect((await cluster.settle()).converged).toBe(true);
    expect(images(cluster)).toEqual(['log:2', 'log:2', 'log:2']);
    const revisions = cluster.list(ControllerRevision);
    expect(revisions.map(({ revision }) => revision).sort()).toEqual([1, 2]);
    const hashes = revisions.map(({ metadata }) => metadata.labels?.['controller-revision-hash']);
    const [pod] = cluster.list(Pod);
    expect(hashes).toContain(pod?.metadata.labels?.['controller-revision-hash']);
    expect(pod?.metadata.labels?.['pod-template-generation']).toBe('2');
    await cluster.apply(logger('log:1'));
    await cluster.settle();
    expect(images(cluster)).toEqual(['log:1', 'log:1', 'log:1']);
    expect(
      cluster
        .list(ControllerRevision)
        .map(({ revision }) => revision)
        .sort(),
    ).toEqual([2, 3]);
  });

  it('with surge never leaves a node without a pod', async () => {
    const cluster = await createCluster({ nodes: 3 });
    const updateStrategy = {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    } as const;
    await cluster.create(logger('log:1', { updateStrategy }));
    await cluster.settle();
    await cluster.apply(logger('log:2', { updateStrategy }));
    let most = 0;
    for (let step = 0; step < 200; step++) {
      await cluster.advance('100ms');
      const live = cluster.list(Pod).filter((pod) => !pod.metadata.deletionTimestamp);
      most = Math.max(most, live.length);
      const ready = live.filter((pod) =>
        pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True'),
      );
      expect(new Set(ready.map(({ spec }) => spec?.nodeName)).size).toBe(3);
    }
    await cluster.settle();
    expect(most).toBe(4);
    await cluster.advance('1m');
    expect(images(cluster)).toEqual(['log:2', 'log:2', 'log:2']);
  });

  it('waits for nobody where the old pods are broken', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.create(
      new Behaviour({ metadata: { name: 'no' }, spec: { image: 'bad:*', pull: { error: {} } } }),
      logger('bad:1'),
    );
    await cluster.advance('30s');
    await cluster.apply(logger('log:2'));
    expect((await cluster.settle()).converged).toBe(true);
    await cluster.advance('1m');
    expect(images(cluster)).toEqual(['log:2', 'log:2', 'log:2']);
  });

  it('stops at as many broken new pods as may be unavailable', async () => {
    const cluster = await createCluster({ nodes: 4 });
    await cluster.create(
      new Behaviour({ metadata: { name: 'no' }, spec: { image: 'bad:*', pull: { error: {} } } }),
      logger(),
    );
    await cluster.settle();
    const updateStrategy = {
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: '50%' },
    } as const;
    await cluster.apply(logger('bad:2', { updateStrategy }));
    await cluster.advance('5m');
    expect(images(cluster).sort()).toEqual(['bad:2', 'bad:2', 'log:1', 'log:1']);
    expect(status(cluster)).toMatchObject({ numberAvailable: 2, numberUnavailable: 2 });
  });

  it('waits for its pods to be deleted with OnDelete', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const updateStrategy = { type: 'OnDelete' } as const;
    await cluster.create(logger('log:1', { updateStrategy }));
    await cluster.settle();
    await cluster.apply(logger('log:2', { updateStrategy }));
    await cluster.settle();
    expect(images(cluster)).toEqual(['log:1', 'log:1']);
    expect(status(cluster)).not.toHaveProperty('updatedNumberScheduled');
    await cluster.delete(Pod, cluster.list(Pod)[0]?.metadata.name ?? '');
    await cluster.advance('1m');
    expect(images(cluster).sort()).toEqual(['log:1', 'log:2']);
  });

  it('counts pods as available only after minReadySeconds, and keeps a limited history', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(logger('log:1', { minReadySeconds: 30, revisionHistoryLimit: 1 }));
    await cluster.advance('10s');
    expect(status(cluster)).toMatchObject({ numberReady: 1, numberUnavailable: 1 });
    await cluster.advance('30s');
    expect(status(cluster)).toMatchObject({ numberReady: 1, numberAvailable: 1 });
    for (const image of ['log:2', 'log:3', 'log:4']) {
      await cluster.apply(logger(image, { minReadySeconds: 30, revisionHistoryLimit: 1 }));
      await cluster.settle();
    }
    const revisions = cluster.list(ControllerRevision).map(({ revision }) => revision);
    expect(revisions.sort()).toEqual([3, 4]);
  });

  it('writes revisions as its version of Kubernetes does, and knows them again', async () => {
    const cluster = await createCluster({ nodes: 1, kubernetesVersion: '1.28' });
    await cluster.create(logger());
    await cluster.settle();
    for (const image of ['log:2', 'log:1']) {
      await cluster.apply(logger(image));
      await cluster.settle();
    }
    const revisions = cluster.list(ControllerRevision);
    expect(revisions.map(({ revision }) => revision).sort()).toEqual([2, 3]);
    for (const { data } of revisions)
      expect(data).toMatchObject({ spec: { template: { metadata: { creationTimestamp: null } } } });
  });

  it('leaves a copy of its revision alone until there is something else to do', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(logger());
    await cluster.settle();
    const [first] = cluster.list(ControllerRevision);
    const { name, labels = {}, ownerReferences } = first!.metadata;
    await cluster.create(
      new ControllerRevision({
        metadata: {
          name: 'copy',
          labels: { ...labels, note: 'mine' },
          ownerReferences: ownerReferences!,
        },
        revision: 2,
        data: first!.data!,
      }),
    );
    await cluster.advance('1m');
    expect(cluster.list(ControllerRevision)).toHaveLength(2);
    await cluster.delete(ControllerRevision, name!);
    await cluster.apply(logger('log:2'));
    await cluster.settle();
    expect(cluster.list(ControllerRevision).map(({ revision }) => revision)).toEqual([2, 3]);
  });
});
