import { describe, expect, it } from 'vitest';
import { Deployment } from '../../generated/apps/v1/index.ts';
import {
  ConfigMap,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  Service,
} from '../../generated/core/v1/index.ts';
import { PodDisruptionBudget } from '../../generated/policy/v1/index.ts';
import { StorageClass } from '../../generated/storage/v1/index.ts';
import { type CrashScenario, crashAfterEveryWrite } from '../testing/crash.ts';
import type { TestCluster } from '../testing/index.ts';

const IN = { namespace: 'default' };
const labels = { app: 'web' };
const RWO = ['ReadWriteOnce'] as const;

const claim = (name: string, storage: '5Gi' | '8Gi' = '5Gi', more: object = {}) =>
  new PersistentVolumeClaim({
    metadata: { name, ...IN },
    spec: { accessModes: RWO, resources: { requests: { storage } }, ...more },
  });
const volume = (name: string, path: string, persistentVolumeReclaimPolicy: 'Delete' | 'Recycle') =>
  new PersistentVolume({
    metadata: { name },
    spec: {
      accessModes: RWO,
      capacity: { storage: '10Gi' },
      hostPath: { path },
      persistentVolumeReclaimPolicy,
    },
  });
const fast = new StorageClass({
  metadata: { name: 'fast' },
  provisioner: 'p.test',
  allowVolumeExpansion: true,
});
const ofFast = { storageClassName: 'fast' };
const web = (replicas: number, image = 'web:1') =>
  new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image }] },
      },
    },
  });

async function bindAndLetGo(cluster: TestCluster): Promise<void> {
  await cluster.create(volume('tmp', '/tmp/x', 'Delete'), claim('a'));
  await cluster.advance('2s');
  await cluster.create(volume('old', '/srv/x', 'Recycle'), volume('srv', '/srv/y', 'Delete'));
  await cluster.create(claim('b'), claim('c'), claim('d'));
  await cluster.advance('2s');
  await cluster.delete(PersistentVolumeClaim, 'a');
  await cluster.delete(PersistentVolumeClaim, 'b');
  await cluster.advance('2s');
  await cluster.delete(PersistentVolumeClaim, 'c');
}

async function provisionAndGrow(cluster: TestCluster): Promise<void> {
  await cluster.create(fast, claim('a', '5Gi', ofFast), claim('b', '5Gi', ofFast));
  await cluster.advance('10s');
  const larger = { spec: { resources: { requests: { storage: '8Gi' } } } };
  await cluster.patch(PersistentVolumeClaim, 'a', larger as never);
  await cluster.advance('10s');
  await cluster.delete(PersistentVolumeClaim, 'b');
  await cluster.advance('10s');
}

async function attachAndMove(cluster: TestCluster): Promise<void> {
  const pod = (name: string, nodeName: string) =>
    new Pod({
      metadata: { name, ...IN },
      spec: {
        nodeName,
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'main', image: 'web:1' }],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'a' } }],
      },
    });
  await cluster.create(fast, claim('a', '5Gi', ofFast), pod('p', 'node-0'));
  await cluster.advance('10s');
  await cluster.create(pod('q', 'node-1'));
  await cluster.advance('10s');
  await cluster.delete(Pod, 'p');
  await cluster.advance('10s');
}

async function rollOut(cluster: TestCluster): Promise<void> {
  await cluster.create(web(3));
  await cluster.create(
    new Service({ metadata: { name: 'web' }, spec: { selector: labels, ports: [{ port: 80 }] } }),
    new PodDisruptionBudget({
      metadata: { name: 'b', ...IN },
      spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    }),
  );
  await cluster.advance('30s');
  const [first] = cluster.list(Pod);
  const name = first?.metadata.name ?? '';
  await cluster.client.createSubresource(Pod.resource, { name, ...IN }, 'eviction', {
    metadata: { name },
  });
  await cluster.advance('30s');
  await cluster.apply(web(4, 'web:2'));
  await cluster.advance('1m');
}

async function tearDown(cluster: TestCluster): Promise<void> {
  await rollOut(cluster);
  await cluster.delete(Deployment, 'web');
  await cluster.create(new Namespace({ metadata: { name: 'shop' } }));
  await cluster.advance('1s');
  await cluster.create(
    new ConfigMap({ metadata: { name: 'm', namespace: 'shop' } }),
    new ResourceQuota({
      metadata: { name: 'q', namespace: 'shop' },
      spec: { hard: { configmaps: '5', 'count/secrets': '1' } },
    }),
  );
  await cluster.advance('10s');
  await cluster.delete(ConfigMap, 'm', 'shop');
  await cluster.advance('10s');
  await cluster.delete(Namespace, 'shop');
}

async function countQuota(cluster: TestCluster): Promise<void> {
  await cluster.create(
    new ConfigMap({ metadata: { name: 'm', ...IN } }),
    new ResourceQuota({ metadata: { name: 'q', ...IN }, spec: { hard: { configmaps: '5' } } }),
  );
  await cluster.advance('10s');
  await cluster.delete(ConfigMap, 'm');
}

describe('a controller that crashes after any of its writes ends in the same place', () => {
  it.each<[component: string, play: CrashScenario['play'], least: number]>([
    ['persistentvolume-binder', bindAndLetGo, 8],
    ['persistentvolume-reclaimer', bindAndLetGo, 6],
    ['pvc-protection', bindAndLetGo, 3],
    ['pv-protection', bindAndLetGo, 1],
    ['persistentvolume-binder', provisionAndGrow, 8],
    ['csi-provisioner', provisionAndGrow, 4],
    ['csi-deleter', provisionAndGrow, 2],
    ['csi-resizer', provisionAndGrow, 4],
    ['attachdetach', attachAndMove, 5],
    ['csi-attacher', attachAndMove, 5],
    ['disruption', rollOut, 4],
    ['replicaset', rollOut, 8],
    ['deployment', rollOut, 4],
    ['endpointslice', rollOut, 3],
    ['garbagecollector', tearDown, 2],
    ['namespace', tearDown, 3],
    ['resourcequota', countQuota, 2],
  ])('%s (%o)', async (component, play, least) => {
    const options = { nodes: play === attachAndMove ? 2 : 1 };
    const { writes, differing } = await crashAfterEveryWrite({ component, options, play });
    expect(writes).toBeGreaterThanOrEqual(least);
    expect(differing).toEqual([]);
  });
});
