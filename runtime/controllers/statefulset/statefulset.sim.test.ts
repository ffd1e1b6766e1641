import { describe, expect, it } from 'vitest';
import { ControllerRevision, StatefulSet } from '../../../generated/apps/v1/index.ts';
import { Behaviour } from '../../../generated/cluster/v1/index.ts';
import { PersistentVolumeClaim, Pod } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

type Spec = NonNullable<StatefulSet['spec']>;

function db(replicas: number, image = 'app:1', more: Partial<Spec> = {}): StatefulSet {
  return new StatefulSet({
    metadata: { name: 'db' },
    spec: {
      serviceName: 'db',
      replicas,
      selector: { matchLabels: { app: 'db' } },
      template: {
        metadata: { labels: { app: 'db' } },
        spec: { containers: [{ name: 'c', image }] },
      },
      ...more,
    },
  });
}

const volumeClaimTemplates = [
  {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
] as unknown as NonNullable<Spec['volumeClaimTemplates']>;

const badImages = new Behaviour({
  metadata: { name: 'no' },
  spec: { image: 'bad:*', pull: { error: {} } },
});

const status = (cluster: TestCluster) => cluster.get(StatefulSet, 'db').status;
const pods = (cluster: TestCluster): string[] =>
  cluster.list(Pod).map(({ metadata, spec }) => `${metadata.name} ${spec?.containers[0]?.image}`);
const claims = (cluster: TestCluster): (string | undefined)[] =>
  cluster.list(PersistentVolumeClaim).map(({ metadata }) => metadata.name);
const done = (cluster: TestCluster, reason: string): (string | undefined)[] =>
  cluster
    .events('db')
    .filter((each) => each.reason === reason)
    .map(({ message }) => message);
const created = (pod: string): string => `create Pod ${pod} in StatefulSet db successful`;
const deleted = (pod: string): string => `delete Pod ${pod} in StatefulSet db successful`;

describe('a StatefulSet', () => {
  it('makes its pods one after the other, each when the one before is ready', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(db(3));
    await cluster.cluster.drain();
    expect(pods(cluster)).toEqual(['db-0 app:1']);
    expect((await cluster.settle()).converged).toBe(true);
    expect(done(cluster, 'SuccessfulCreate')).toEqual(['db-0', 'db-1', 'db-2'].map(created));
    const [revision] = cluster.list(ControllerRevision);
    const name = revision?.metadata.name;
    expect(status(cluster)).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: name,
      updateRevision: name,
      collisionCount: 0,
      availableReplicas: 3,
    });
    const { metadata, spec } = cluster.get(Pod, 'db-1');
    expect(spec).toMatchObject({ hostname: 'db-1', subdomain: 'db' });
    expect(metadata).toMatchObject({
      generateName: 'db-',
      labels: {
        app: 'db',
        'statefulset.kubernetes.io/pod-name': 'db-1',
        'apps.kubernetes.io/pod-index': '1',
        'controller-revision-hash': name,
      },
      ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }],
    });
  });

  it('counts from its start, and scales from the end', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(db(3, 'app:1', { ordinals: { start: 5 } }));
    await cluster.settle();
    expect(pods(cluster)).toEqual(['db-5 app:1', 'db-6 app:1', 'db-7 app:1']);
    await cluster.apply(db(1, 'app:1', { ordinals: { start: 5 } }));
    await cluster.settle();
    await cluster.advance('1m');
    expect(pods(cluster)).toEqual(['db-5 app:1']);
    expect(done(cluster, 'SuccessfulDelete')).toEqual(['db-7', 'db-6'].map(deleted));
  });

  it('makes and removes all at once when it is parallel', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const parallel = { podManagementPolicy: 'Parallel' } as const;
    await cluster.create(db(4, 'app:1', parallel));
    await cluster.cluster.drain();
    expect(cluster.list(Pod)).toHaveLength(4);
    await cluster.settle();
    await cluster.apply(db(0, 'app:1', parallel));
    await cluster.cluster.drain();
    expect(cluster.list(Pod).every(({ metadata }) => metadata.deletionTimestamp)).toBe(true);
    await cluster.settle();
    await cluster.advance('1m');
    expect(cluster.list(Pod)).toEqual([]);
  });

  it('waits for minReadySeconds before the next', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(db(2, 'app:1', { minReadySeconds: 60 }));
    await cluster.advance('50s');
    expect(pods(cluster)).toEqual(['db-0 app:1']);
    expect(status(cluster)).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
    expect((await cluster.settle()).converged).toBe(true);
    expect(status(cluster)).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
  });

  it('makes a pod that ended or was deleted again, under its name', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(db(2));
    await cluster.settle();
    const uid = (): string | undefined => cluster.get(Pod, 'db-0').metadata.uid;
    const first = uid();
    await cluster.delete(Pod, 'db-0');
    await cluster.settle();
    await cluster.advance('1m');
    const second = uid();
    expect(second).not.toBe(first);
    const pod = cluster.get(Pod, 'db-0');
    await cluster.client.updateStatus(Pod.resource, {
      ...pod,
      status: { ...pod.status, phase: 'Succeeded' },
    });
    await cluster.advance('1m');
    expect(uid()).not.toBe(second);
    expect((await cluster.settle()).converged).toBe(true);
  });

  it('adopts orphans with its names, and releases what it selects no more', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const bare = (name: string): Pod =>
      new Pod({
        metadata: { name, labels: { app: 'db' } },
        spec: { containers: [{ name: 'c', image: 'app:0' }] },
      });
    await cluster.create(bare('db-0'), bare('other'));
    await cluster.settle();
    await cluster.create(db(1, 'app:1', { updateStrategy: { type: 'OnDelete' } }));
    await cluster.settle();
    const owners = (name: string) => cluster.get(Pod, name).metadata.ownerReferences;
    expect(owners('db-0')).toMatchObject([{ kind: 'StatefulSet', name: 'db' }]);
    expect(cluster.get(Pod, 'db-0').metadata.labels).toMatchObject({
      'statefulset.kubernetes.io/pod-name': 'db-0',
    });
    expect(owners('other')).toBeUndefined();
    await cluster.patch(Pod, 'db-0', { metadata: { labels: { app: 'debug' } } });
    await cluster.advance('1m');
    expect(owners('db-0') ?? []).toEqual([]);
    expect(cluster.cluster.retrying).toBe(1);
    await cluster.delete(Pod, 'db-0');
    expect((await cluster.settle()).converged).toBe(true);
    expect(owners('db-0')).toMatchObject([{ kind: 'StatefulSet', name: 'db' }]);
  });
});

describe('a rollout of a StatefulSet', () => {
  it('replaces pods from the last to the first', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(db(3));
    await cluster.settle();
    const before = status(cluster)?.currentRevision;
    await cluster.apply(db(3, 'app:2'));
    await cluster.cluster.drain();
    expect(status(cluster)).toMatchObject({ currentRevision: before, currentReplicas: 2 });
    expect((await cluster.settle()).converged).toBe(true);
    expect(pods(cluster)).toEqual(['db-0 app:2', 'db-1 app:2', 'db-2 app:2']);
    expect(done(cluster, 'SuccessfulDelete')).toEqual(['db-2', 'db-1', 'db-0'].map(deleted));
    expect(status(cluster)?.currentRevision).not.toBe(before);
    expect(status(cluster)?.updateRevision).toBe(status(cluster)?.currentRevision);
    await cluster.apply(db(3));
    await cluster.settle();
    await cluster.advance('2m');
    expect(status(cluster)?.currentRevision).toBe(before);
    const revisions = cluster.list(ControllerRevision).map(({ revision }) => revision);
    expect(revisions.sort()).toEqual([2, 3]);
  });

  it('leaves pods below the partition as they are, also when they are made again', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } as const;
    await cluster.create(db(3, 'app:1', { updateStrategy }));
    await cluster.settle();
    await cluster.apply(db(3, 'app:2', { updateStrategy }));
    await cluster.settle();
    await cluster.advance('1m');
    const expected = ['db-0 app:1', 'db-1 app:2', 'db-2 app:2'];
    expect(pods(cluster)).toEqual(expected);
    await cluster.delete(Pod, 'db-0');
    await cluster.settle();
    await cluster.advance('1m');
    expect(pods(cluster)).toEqual(expected);
    expect(status(cluster)).toMatchObject({ currentReplicas: 1, updatedReplicas: 2 });
  });

  it('does not replace a broken pod when the template is corrected', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(badImages, db(2));
    await cluster.settle();
    await cluster.apply(db(2, 'bad:2'));
    await cluster.advance('2m');
    expect(pods(cluster)).toEqual(['db-0 app:1', 'db-1 bad:2']);
    await cluster.apply(db(2, 'app:3'));
    await cluster.advance('10m');
    expect(pods(cluster)).toEqual(['db-0 app:1', 'db-1 bad:2']);
    await cluster.delete(Pod, 'db-1');
    expect((await cluster.settle()).converged).toBe(true);
    await cluster.advance('1m');
    expect(pods(cluster)).toEqual(['db-0 app:3', 'db-1 app:3']);
  });

  it('replaces broken pods of a parallel set', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const parallel = { podManagementPolicy: 'Parallel' } as const;
    await cluster.create(badImages, db(2, 'bad:1', parallel));
    await cluster.advance('1m');
    await cluster.apply(db(2, 'app:2', parallel));
    expect((await cluster.settle()).converged).toBe(true);
    await cluster.advance('1m');
    expect(pods(cluster)).toEqual(['db-0 app:2', 'db-1 app:2']);
  });

  it('waits for its pods to be deleted with OnDelete', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const updateStrategy = { type: 'OnDelete' } as const;
    await cluster.create(db(2, 'app:1', { updateStrategy }));
    await cluster.settle();
    await cluster.apply(db(2, 'app:2', { updateStrategy }));
    await cluster.advance('1m');
    expect(pods(cluster)).toEqual(['db-0 app:1', 'db-1 app:1']);
    await cluster.delete(Pod, 'db-0');
    await cluster.advance('1m');
    expect(pods(cluster)).toEqual(['db-0 app:2', 'db-1 app:1']);
  });

  it('keeps as many revisions as it is told, beside those in use', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(db(1, 'app:1', { revisionHistoryLimit: 1 }));
    await cluster.settle();
    for (const image of ['app:2', 'app:3', 'app:4']) {
      await cluster.apply(db(1, image, { revisionHistoryLimit: 1 }));
      await cluster.settle();
      await cluster.advance('1m');
    }
    const revisions = cluster.list(ControllerRevision).map(({ revision }) => revision);
    expect(revisions.sort()).toEqual([3, 4]);
  });
});

describe('the claims of a StatefulSet', () => {
  const parallel = { podManagementPolicy: 'Parallel', volumeClaimTemplates } as const;

  it('outlive pods and the set by default', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(db(2, 'app:1', parallel));
    await cluster.advance('10s');
    expect(claims(cluster)).toEqual(['data-db-0', 'data-db-1']);
    const claim = cluster.get(PersistentVolumeClaim, 'data-db-0');
    expect(claim.metadata.labels).toEqual({ app: 'db' });
    expect(claim.metadata.ownerReferences).toBeUndefined();
    expect(cluster.get(Pod, 'db-1').spec?.volumes?.[0]).toEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: 'data-db-1' },
    });
    expect(done(cluster, 'SuccessfulCreate').sort()).toEqual([
      'create Claim data-db-0 Pod db-0 in StatefulSet db success',
      'create Claim data-db-1 Pod db-1 in StatefulSet db success',
      created('db-0'),
      created('db-1'),
    ]);
    await cluster.apply(db(1, 'app:1', parallel));
    await cluster.advance('1m');
    await cluster.delete(StatefulSet, 'db');
    await cluster.advance('1m');
    expect(cluster.list(Pod)).toEqual([]);
    expect(claims(cluster)).toEqual(['data-db-0', 'data-db-1']);
  });

  it('go with the set when the policy says so, also when it says so later', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(db(1, 'app:1', parallel));
    await cluster.advance('10s');
    const persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete' } as const;
    await cluster.apply(db(2, 'app:1', { ...parallel, persistentVolumeClaimRetentionPolicy }));
    await cluster.advance('10s');
    for (const name of ['data-db-0', 'data-db-1'])
      expect(cluster.get(PersistentVolumeClaim, name).metadata.ownerReferences).toMatchObject([
        { kind: 'StatefulSet', name: 'db', controller: true },
      ]);
    await cluster.delete(StatefulSet, 'db');
    await cluster.advance('2m');
    expect(claims(cluster)).toEqual([]);
  });

  it('go with the pod that is scaled away when the policy says so, and come anew', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const persistentVolumeClaimRetentionPolicy = { whenScaled: 'Delete' } as const;
    const more = { ...parallel, persistentVolumeClaimRetentionPolicy };
    await cluster.create(db(2, 'app:1', more));
    await cluster.advance('10s');
    const uid = cluster.get(PersistentVolumeClaim, 'data-db-1').metadata.uid;
    await cluster.apply(db(1, 'app:1', more));
    await cluster.cluster.drain();
    await cluster.apply(db(2, 'app:1', more));
    await cluster.advance('2m');
    expect(claims(cluster)).toEqual(['data-db-0', 'data-db-1']);
    expect(cluster.get(PersistentVolumeClaim, 'data-db-1').metadata.uid).not.toBe(uid);
    expect(cluster.cluster.retrying).toBe(0);
    expect(cluster.list(Pod)).toHaveLength(2);
  });
});
