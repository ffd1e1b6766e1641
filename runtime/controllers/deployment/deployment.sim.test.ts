import { describe, expect, it } from 'vitest';
import { Deployment, ReplicaSet } from '../../../generated/apps/v1/index.ts';
import { replicasets } from '../../../generated/apps/v1/resources.ts';
import { Behaviour } from '../../../generated/cluster/v1/index.ts';
import { Pod } from '../../../generated/core/v1/index.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { ResourceRef } from '../../meta/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';
import { isPodReady } from '../pods.ts';
import { REVISION, REVISION_HISTORY } from './revision.ts';

type Spec = Deployment['spec'];

function web(replicas: number, image = 'app:1', spec: Partial<Spec> = {}): Deployment {
  return new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image }], terminationGracePeriodSeconds: 5 },
      },
      ...spec,
    },
  });
}

const rolling = (maxSurge: number, maxUnavailable: number): Partial<Spec> => ({
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
});

async function running(deployment: Deployment): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: 3 });
  await cluster.apply(deployment);
  expect((await cluster.settle()).converged).toBe(true);
  return cluster;
}

const progressing = (cluster: TestCluster) =>
  cluster.get(Deployment, 'web').status?.conditions?.find(({ type }) => type === 'Progressing');

/** What a ReplicaSet of an image wants and has. */
function sizes(cluster: TestCluster): Record<string, number> {
  const sets = cluster.list(ReplicaSet);
  return Object.fromEntries(
    sets.map(({ spec }) => [spec?.template?.spec?.containers[0]?.image, spec?.replicas ?? 0]),
  );
}

function scalings(cluster: TestCluster): (string | undefined)[] {
  return cluster
    .events('web')
    .filter(({ reason }) => reason === 'ScalingReplicaSet')
    .map(({ message }) => message?.replace(/web-[a-z0-9]+/, 'set'));
}

/** Everything that a resource goes through from now on, as one list of all objects for each change. */
function recorded<T extends { metadata: { name?: string } }>(
  cluster: TestCluster,
  ref: ResourceRef<T>,
): () => Generator<readonly T[]> {
  const events = cluster.cluster.transport.subscribe(ref, { notify: () => {}, initial: true });
  return function* () {
    const live = new Map<string, T>();
    for (let event = events.next(); event; event = events.next()) {
      const { name = '' } = event.object.metadata;
      if (event.type === 'DELETED') live.delete(name);
      else live.set(name, event.object);
      yield [...live.values()];
    }
  };
}

describe('a Deployment', () => {
  it('becomes available and says so', async () => {
    const cluster = await running(web(3));
    const { status, metadata } = cluster.get(Deployment, 'web');
    expect(metadata.generation).toBe(1);
    expect(metadata.annotations?.[REVISION]).toBe('1');
    expect(status).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
      ],
    });
    expect(scalings(cluster)).toEqual(['Scaled up replica set set from 0 to 3']);
    const [first, ...others] = cluster.list(Pod);
    for (const each of others) expect(each.spec?.containers).toBe(first?.spec?.containers);
  });

  it('replaces a pod that is deleted, and waits for nothing afterwards', async () => {
    const cluster = await running(web(2));
    await cluster.delete(Pod, cluster.list(Pod)[0]?.metadata.name ?? '');
    await cluster.settle();
    await cluster.advance('10s');
    expect(cluster.list(Pod)).toHaveLength(2);
    expect(progressing(cluster)?.reason).toBe('NewReplicaSetAvailable');
    expect(cluster.cluster.loop.workTimerCount).toBe(0);
  });

  it('counts pods as available only after minReadySeconds', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.apply(web(2, 'app:1', { minReadySeconds: 30 }));
    await cluster.advance('20s');
    expect(cluster.get(Deployment, 'web').status).toMatchObject({
      readyReplicas: 2,
      unavailableReplicas: 2,
    });
    expect(progressing(cluster)?.reason).toBe('ReplicaSetUpdated');
    const { converged, virtualMs } = await cluster.settle();
    expect(converged).toBe(true);
    expect(virtualMs).toBeLessThan(13_000);
    expect(cluster.get(Deployment, 'web').status?.availableReplicas).toBe(2);
  });

  it('scales to zero and back', async () => {
    const cluster = await running(web(3));
    await cluster.apply(web(0));
    expect((await cluster.settle()).converged).toBe(true);
    expect(cluster.list(ReplicaSet)[0]?.status?.replicas).toBe(0);
    expect(progressing(cluster)?.reason).toBe('NewReplicaSetAvailable');
    await cluster.apply(web(2));
    await cluster.settle();
    expect(cluster.get(Deployment, 'web').status?.availableReplicas).toBe(2);
    expect(scalings(cluster).slice(1)).toEqual([
      'Scaled down replica set set from 3 to 0',
      'Scaled up replica set set from 0 to 2',
    ]);
  });

  it('counts revisions on from one that is larger than a float can tell', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const before = new ReplicaSet({
      metadata: {
        name: 'before',
        labels: { app: 'web' },
        annotations: { [REVISION]: '9007199254740993' },
      },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'before:1' }] },
        },
      },
    });
    await cluster.create(before);
    await cluster.create(web(1));
    await cluster.settle();
    expect(cluster.get(Deployment, 'web').metadata.annotations?.[REVISION]).toBe(
      '9007199254740994',
    );
  });

  it('takes over a ReplicaSet that has its template', async () => {
    const cluster = await createCluster({ nodes: 3 });
    const { selector, template } = web(2).spec;
    const labels = { app: 'web', 'pod-template-hash': 'abc' };
    await cluster.create(
      new ReplicaSet({
        metadata: { name: 'web-abc', labels },
        spec: {
          replicas: 2,
          selector: { matchLabels: { ...selector.matchLabels, 'pod-template-hash': 'abc' } },
          template: { ...template, metadata: { labels } },
        },
      }),
    );
    await cluster.settle();
    const before = cluster.list(Pod).map(({ metadata }) => metadata.uid);
    await cluster.apply(web(3));
    await cluster.settle();
    const [set, ...others] = cluster.list(ReplicaSet);
    expect(others).toEqual([]);
    expect(set?.metadata.ownerReferences).toMatchObject([{ kind: 'Deployment', name: 'web' }]);
    expect(set?.metadata.annotations?.[REVISION]).toBe('1');
    const after = cluster.list(Pod).map(({ metadata }) => metadata.uid);
    expect(after).toHaveLength(3);
    expect(after).toEqual(expect.arrayContaining(before));
  });
});

describe('a name that is taken', () => {
  it('by a ReplicaSet of another leads to another hash', async () => {
    const first = await running(web(1));
    const name = first.list(ReplicaSet)[0]?.metadata.name ?? '';
    const cluster = await createCluster({ nodes: 1 });
    const labels = { app: 'other' };
    await cluster.create(
      new ReplicaSet({
        metadata: { name },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: { ...web(1).spec.template, metadata: { labels } },
        },
      }),
    );
    await cluster.apply(web(1));
    expect((await cluster.settle()).converged).toBe(true);
    expect(cluster.get(Deployment, 'web').status?.collisionCount).toBe(1);
    expect(cluster.get(ReplicaSet, name).metadata.ownerReferences).toBeUndefined();
    expect(cluster.list(ReplicaSet)).toHaveLength(2);
  });
});

describe('a rolling update', () => {
  it.each([
    [1, 0],
    [0, 1],
    [2, 1],
    [4, 4],
  ])(
    'with a surge of %i and %i unavailable stays in its bounds at every moment',
    async (...bounds) => {
      const [surge, unavailable] = bounds;
      const cluster = await running(web(4, 'app:1', rolling(surge, unavailable)));
      const [setStates, podStates] = [recorded(cluster, replicasets), recorded(cluster, pods)];
      await cluster.apply(web(4, 'app:2', rolling(surge, unavailable)));
      expect((await cluster.settle()).converged).toBe(true);
      const live = (state: readonly Pod[]) =>
        state.filter((each) => !each.metadata.deletionTimestamp);
      const wanted = [...setStates()].map((sets) =>
        sets.reduce((sum, { spec }) => sum + (spec?.replicas ?? 0), 0),
      );
      const seen = [...podStates()].slice(3).map((state) => live(state as readonly Pod[]));
      expect(Math.max(...wanted.slice(1))).toBe(4 + surge);
      expect(Math.max(...seen.map((state) => state.length))).toBeLessThanOrEqual(4 + surge);
      const ready = seen.map((state) => state.filter((each) => isPodReady(each as never)).length);
      expect(Math.min(...ready)).toBeGreaterThanOrEqual(4 - unavailable);
      expect(sizes(cluster)).toEqual({ 'app:1': 0, 'app:2': 4 });
      expect(cluster.get(Deployment, 'web').metadata.annotations?.[REVISION]).toBe('2');
    },
  );

  it('with no surge goes in the order of the recording of a real cluster', async () => {
    const cluster = await running(web(4, 'app:1', rolling(0, 1)));
    await cluster.apply(web(4, 'app:2', rolling(0, 1)));
    await cluster.settle();
    expect(scalings(cluster).slice(1)).toEqual([
      'Scaled down replica set set from 4 to 3',
      'Scaled up replica set set from 0 to 1',
      'Scaled down replica set set from 3 to 2',
      'Scaled up replica set set from 1 to 2',
      'Scaled down replica set set from 2 to 1',
      'Scaled up replica set set from 2 to 3',
      'Scaled down replica set set from 1 to 0',
      'Scaled up replica set set from 3 to 4',
    ]);
  });

  it('goes back when the template does', async () => {
    const cluster = await running(web(3));
    const [original] = cluster.list(ReplicaSet);
    await cluster.apply(web(3, 'app:2'));
    await cluster.settle();
    await cluster.apply(web(3));
    await cluster.settle();
    const again = cluster.get(ReplicaSet, original?.metadata.name ?? '');
    expect(again.metadata.uid).toBe(original?.metadata.uid);
    expect(again.metadata.annotations).toMatchObject({ [REVISION]: '3', [REVISION_HISTORY]: '1' });
    expect(cluster.get(Deployment, 'web').metadata.annotations?.[REVISION]).toBe('3');
    expect(sizes(cluster)).toEqual({ 'app:1': 3, 'app:2': 0 });
  });

  it('leaves a broken template behind when the next comes', async () => {
    const cluster = await running(web(3, 'app:1', rolling(1, 1)));
    await cluster.create(
      new Behaviour({ metadata: { name: 'no' }, spec: { image: 'bad:*', pull: { error: {} } } }),
    );
    await cluster.apply(web(3, 'bad:2', rolling(1, 1)));
    await cluster.advance('5s');
    expect(sizes(cluster)).toEqual({ 'app:1': 2, 'bad:2': 2 });
    await cluster.apply(web(3, 'app:3', rolling(1, 1)));
    expect((await cluster.settle()).converged).toBe(true);
    expect(sizes(cluster)).toEqual({ 'app:1': 0, 'bad:2': 0, 'app:3': 3 });
  });

  it('keeps as much history as it is told to', async () => {
    const limit: Partial<Spec> = { revisionHistoryLimit: 1 };
    const cluster = await running(web(1, 'app:1', limit));
    for (const image of ['app:2', 'app:3', 'app:4']) {
      await cluster.apply(web(1, image, limit));
      await cluster.settle();
      await cluster.advance('10s');
    }
    expect(Object.keys(sizes(cluster)).sort()).toEqual(['app:3', 'app:4']);
  });
});

describe('a recreation', () => {
  it('never has pods of both templates', async () => {
    const recreate: Partial<Spec> = { strategy: { type: 'Recreate' } };
    const cluster = await running(web(3, 'app:1', recreate));
    const states = recorded(cluster, pods);
    await cluster.apply(web(3, 'app:2', recreate));
    expect((await cluster.settle()).converged).toBe(true);
    expect(sizes(cluster)).toEqual({ 'app:1': 0, 'app:2': 3 });
    for (const state of states()) {
      const images = new Set(state.map(({ spec }) => spec?.containers[0]?.image));
      expect(images.size).toBeLessThanOrEqual(1);
    }
  });
});

describe('a paused Deployment', () => {
  it('is scaled, not rolled, and rolls when resumed', async () => {
    const cluster = await running(web(2));
    await cluster.apply(web(4, 'app:2', { paused: true }));
    await cluster.settle();
    await cluster.advance('20m');
    expect(sizes(cluster)).toEqual({ 'app:1': 4 });
    expect(progressing(cluster)).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
    await cluster.apply(web(4, 'app:2', { paused: false }));
    expect((await cluster.settle()).converged).toBe(true);
    expect(sizes(cluster)).toEqual({ 'app:1': 0, 'app:2': 4 });
    expect(progressing(cluster)?.reason).toBe('NewReplicaSetAvailable');
  });
});

describe('the progress deadline', () => {
  it('is missed by pods that never start, and met once they do', async () => {
    const deadline: Partial<Spec> = { progressDeadlineSeconds: 60, ...rolling(1, 0) };
    const cluster = await running(web(2, 'app:1', deadline));
    await cluster.create(
      new Behaviour({ metadata: { name: 'no' }, spec: { image: 'bad:*', pull: { error: {} } } }),
    );
    await cluster.apply(web(2, 'bad:1', deadline));
    await cluster.advance('60s');
    expect(progressing(cluster)?.reason).toBe('ReplicaSetUpdated');
    await cluster.advance('2s');
    expect(progressing(cluster)).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    expect(cluster.get(Deployment, 'web').status?.availableReplicas).toBe(2);
    await cluster.apply(web(2, 'app:2', deadline));
    expect((await cluster.settle()).converged).toBe(true);
    expect(progressing(cluster)?.reason).toBe('NewReplicaSetAvailable');
  });
});
