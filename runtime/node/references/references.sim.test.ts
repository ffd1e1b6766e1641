import { describe, expect, it } from 'vitest';
import { ConfigMap, PersistentVolumeClaim, Pod, Secret } from '../../../generated/core/v1/index.ts';
import { StorageClass } from '../../../generated/storage/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const labels = { app: 'web' };

function pod(container: object, spec: object = {}): Pod {
  return new Pod({
    metadata: { name: 'web', labels },
    spec: { containers: [{ name: 'c', image: 'x', ...container }], ...spec },
  } as never);
}

const statusOf = (cluster: TestCluster) => cluster.get(Pod, 'web').status;
const waitingOf = (cluster: TestCluster) => statusOf(cluster)?.containerStatuses?.[0]?.state;
const said = (cluster: TestCluster, reason: string) =>
  cluster.events('web').flatMap((each) => (each.reason === reason ? [each.message] : []));
const conditionOf = (cluster: TestCluster, type: string) =>
  statusOf(cluster)?.conditions?.find((each) => each.type === type)?.status;

describe('the environment of a container', () => {
  const cases: readonly [string, object, string][] = [
    [
      'a secret that is not there',
      { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'none', key: 'k' } } }] },
      'secret "none" not found',
    ],
    [
      'a config map that is not there',
      { envFrom: [{ configMapRef: { name: 'none' } }] },
      'configmap "none" not found',
    ],
    [
      'a key that a secret does not have',
      { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'some', key: 'k' } } }] },
      "couldn't find key k in Secret default/some",
    ],
    [
      'a key that a config map does not have',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'some', key: 'k' } } }] },
      "couldn't find key k in ConfigMap default/some",
    ],
  ];

  it.each(cases)('cannot be made of %s', async (_, container, message) => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(
      new Secret({ metadata: { name: 'some' }, stringData: { other: 'v' } }),
      new ConfigMap({ metadata: { name: 'some' }, data: { other: 'v' } }),
      pod(container),
    );
    await cluster.advance('20s');
    expect(waitingOf(cluster)).toEqual({
      waiting: { reason: 'CreateContainerConfigError', message },
    });
    expect(said(cluster, 'Failed')).toEqual([`Error: ${message}`]);
    // The sandbox is there, and so is the image.
    expect(conditionOf(cluster, 'PodReadyToStartContainers')).toBe('True');
    expect(said(cluster, 'Pulled')[0]).toContain('image "x"');
  });

  it('is made once what was missing is there', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(pod({ envFrom: [{ secretRef: { name: 'late' } }] }));
    await cluster.advance('20s');
    expect(conditionOf(cluster, 'Ready')).toBe('False');
    await cluster.create(new Secret({ metadata: { name: 'late' } }));
    await cluster.advance('15s');
    expect(conditionOf(cluster, 'Ready')).toBe('True');
  });

  it('does without what is optional', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const optional = true;
    await cluster.create(
      pod({
        env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'none', key: 'k', optional } } }],
        envFrom: [{ configMapRef: { name: 'none', optional } }],
      }),
    );
    await cluster.settle();
    expect(conditionOf(cluster, 'Ready')).toBe('True');
  });
});

describe('volumes', () => {
  const mounted = { volumeMounts: [{ name: 'v', mountPath: '/v' }] };
  const cases: readonly [string, object, string][] = [
    ['a secret', { secret: { secretName: 'none' } }, 'secret "none" not found'],
    ['a config map', { configMap: { name: 'none' } }, 'configmap "none" not found'],
    [
      'a key of a config map',
      { configMap: { name: 'some', items: [{ key: 'k', path: 'k' }] } },
      'configmap references non-existent config key: k',
    ],
    [
      'a key of a secret',
      { secret: { secretName: 'some', items: [{ key: 'k', path: 'k' }] } },
      'secret references non-existent secret key: k',
    ],
    [
      'two sources',
      {
        projected: {
          sources: [{ configMap: { name: 'a' } }, { secret: { name: 'b' } }],
        },
      },
      '[configmap "a" not found, secret "b" not found]',
    ],
  ];

  it.each(cases)('wait for %s', async (_, volume, message) => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(
      new Secret({ metadata: { name: 'some' }, stringData: { other: 'v' } }),
      new ConfigMap({ metadata: { name: 'some' }, data: { other: 'v' } }),
      pod(mounted, { volumes: [{ name: 'v', ...volume }] }),
    );
    await cluster.advance('20s');
    expect(waitingOf(cluster)).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(conditionOf(cluster, 'PodReadyToStartContainers')).toBe('False');
    expect(statusOf(cluster)?.podIP).toBeUndefined();
    expect(said(cluster, 'FailedMount')).toEqual([
      `MountVolume.SetUp failed for volume "v" : ${message}`,
    ]);
    expect(said(cluster, 'Pulling')).toEqual([]);
  });

  it('are tried again at longer and longer intervals, and every two minutes the pod says what is missing', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(
      pod(mounted, { volumes: [{ name: 'v', secret: { secretName: 'late' } }] }),
    );
    await cluster.advance('130s');
    const failures = cluster
      .events('web')
      .filter(({ message = '' }) => message.startsWith('MountVolume'));
    // At 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5 and 127.5 s.
    expect(failures.map(({ count }) => count)).toEqual([9]);
    expect(said(cluster, 'FailedMount')).toContain(
      'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
    );
    await cluster.create(new Secret({ metadata: { name: 'late' } }));
    await cluster.advance('120s');
    expect(conditionOf(cluster, 'Ready')).toBe('False');
    await cluster.advance('5s');
    expect(conditionOf(cluster, 'Ready')).toBe('True');
  });

  it('stay as they were when what they came from goes', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(
      new Secret({ metadata: { name: 's' } }),
      pod(
        { ...mounted, livenessProbe: { exec: { command: ['x'] } } },
        {
          volumes: [{ name: 'v', secret: { secretName: 's' } }],
        },
      ),
    );
    await cluster.settle();
    await cluster.delete(Secret, 's');
    await cluster.advance('10m');
    expect(conditionOf(cluster, 'Ready')).toBe('True');
  });

  it('are no matter where nobody mounts them, or they are optional', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(
      pod(mounted, {
        volumes: [
          { name: 'v', secret: { secretName: 'none', optional: true } },
          { name: 'w', configMap: { name: 'none' } },
        ],
      }),
    );
    await cluster.settle();
    expect(conditionOf(cluster, 'Ready')).toBe('True');
  });

  it('of a pod that goes to a node by name wait for their claim', async () => {
    const cluster = await createCluster({ nodes: { n0: {} } });
    await cluster.create(
      pod(mounted, {
        nodeName: 'n0',
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'none' } }],
      }),
    );
    await cluster.advance('5s');
    expect(said(cluster, 'FailedMount')).toEqual([
      'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC default/none: failed to fetch PVC from API server: persistentvolumeclaims "none" not found',
    ]);
  });

  it('of a driver wait until the disk is attached here, and no longer elsewhere', async () => {
    const cluster = await createCluster({ nodes: { n0: {}, n1: {} } });
    const on = (name: string, nodeName: string) =>
      new Pod({
        metadata: { name },
        spec: {
          nodeName,
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'c', image: 'x', ...mounted }],
          volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
        },
      });
    await cluster.create(
      new StorageClass({ metadata: { name: 'fast' }, provisioner: 'p.test' }),
      new PersistentVolumeClaim({
        metadata: { name: 'data' },
        spec: {
          storageClassName: 'fast',
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Gi' } },
        },
      }),
      on('first', 'n0'),
      on('web', 'n1'),
    );
    await cluster.advance('130s');
    expect(cluster.get(Pod, 'first').status?.phase).toBe('Running');
    expect(waitingOf(cluster)).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(said(cluster, 'FailedMount').at(-1)).toBe(
      'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[v], failed to process volumes=[]: context deadline exceeded',
    );
    await cluster.delete(Pod, 'first');
    await cluster.settle();
    expect(conditionOf(cluster, 'Ready')).toBe('True');
  });

  it('do not hold up the end of a pod', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(
      pod(mounted, { volumes: [{ name: 'v', secret: { secretName: 'none' } }] }),
    );
    await cluster.advance('5s');
    await cluster.delete(Pod, 'web');
    await cluster.advance('5s');
    expect(cluster.list(Pod)).toEqual([]);
  });
});

it('says which secrets for pulling are not there', async () => {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(pod({}, { imagePullSecrets: [{ name: 'registry' }] }));
  await cluster.settle();
  expect(said(cluster, 'FailedToRetrieveImagePullSecret')).toEqual([
    'Unable to retrieve some image pull secrets (registry); attempting to pull the image may not succeed.',
  ]);
  expect(conditionOf(cluster, 'Ready')).toBe('True');
});
