import { DaemonSet, Deployment, StatefulSet } from 'slipway/apps/v1';
import { Job } from 'slipway/batch/v1';
import { Node, PersistentVolume, PersistentVolumeClaim, Pod, ResourceQuota } from 'slipway/core/v1';
import { createCluster } from 'slipway/testing';
import { expect, test } from 'vitest';
import * as apiPart from './api.ts';
import * as cachePart from './cache.ts';
import * as clusterPart from './cluster.ts';
import * as databasePart from './database.ts';
import * as limitsPart from './limits.ts';
import * as logAgentPart from './log-agent.ts';
import * as networkPart from './network.ts';
import * as nightlyPart from './nightly.ts';
import * as shopPart from './shop.ts';
import * as webPart from './web.ts';
import * as workerPart from './worker.ts';

const { shop, settings, credentials } = shopPart;
const { edge, door, closed, toWeb, toApi, toCache, toDatabase } = networkPart;
const parts = [
  ...Object.values(limitsPart),
  ...Object.values(databasePart),
  ...Object.values(cachePart),
  ...Object.values(apiPart),
  ...Object.values(webPart),
  ...Object.values(workerPart),
  ...Object.values(nightlyPart),
  ...Object.values(logAgentPart),
];
const doors = [edge, door, closed, toWeb, toApi, toCache, toDatabase];

async function openShop() {
  const cluster = await createCluster();
  await cluster.apply(...Object.values(clusterPart), shop, settings, credentials);
  await cluster.apply(...parts, ...doors);
  return cluster;
}

const ZONE = 'topology.kubernetes.io/zone';

test('the whole shop comes up', async () => {
  const cluster = await openShop();
  const { converged } = await cluster.settle();
  expect(converged).toBe(true);
  expect(cluster.list(Node)).toHaveLength(9);
  const available = cluster
    .list(Deployment)
    .map(({ metadata, status }) => [metadata.name, status?.availableReplicas]);
  expect(Object.fromEntries(available)).toEqual({ api: 4, cache: 1, web: 3, worker: 2 });
  expect(cluster.get(StatefulSet, 'database', shop.name).status?.availableReplicas).toBe(3);
  expect(cluster.get(DaemonSet, 'log-agent', 'operations').status?.numberAvailable).toBe(9);
  expect(cluster.get(ResourceQuota, 'shop', shop.name).status?.used).toMatchObject({
    pods: '13',
    'requests.storage': '60Gi',
  });
});

test('the api grows for the rush, and shrinks one by one after it', async () => {
  const cluster = await openShop();
  await cluster.settle();
  const replicas = () => cluster.get(Deployment, 'api', shop.name).status?.availableReplicas;
  await cluster.advance('55m');
  expect(replicas()).toBe(4);
  await cluster.advance('10m');
  expect(replicas()).toBe(8);
  await cluster.advance('50m');
  expect(replicas()).toBe(8);
  await cluster.advance('20m');
  expect(replicas()).toBe(4);
});

test('each replica of the database has a disk in its own zone', async () => {
  const cluster = await openShop();
  await cluster.settle();
  const zones = [0, 1, 2].map((ordinal) => {
    const pod = cluster.get(Pod, `database-${ordinal}`, shop.name);
    const claim = cluster.get(PersistentVolumeClaim, `data-database-${ordinal}`, shop.name);
    const volume = cluster.get(PersistentVolume, claim.spec?.volumeName ?? '');
    const zone = cluster.get(Node, pod.spec?.nodeName ?? '').metadata.labels?.[ZONE] ?? '';
    expect(JSON.stringify(volume.spec?.nodeAffinity)).toContain(zone);
    return zone;
  });
  expect(new Set(zones).size).toBe(3);
});

test('a drain may take one replica of the database, and waits with the second', async () => {
  const cluster = await openShop();
  await cluster.settle();
  await cluster.evict('database-0', shop.name);
  await expect(cluster.evict('database-1', shop.name)).rejects.toThrow(/disruption budget/);
  await cluster.settle();
  await cluster.evict('database-1', shop.name);
});

test('the report is made in the night, on the nodes that are kept for it', async () => {
  const cluster = await openShop();
  await cluster.settle();
  await cluster.advance('2h');
  expect(cluster.list(Job)).toEqual([]);
  await cluster.advance('1h');
  const [job] = cluster.list(Job);
  expect(job?.status).toMatchObject({
    succeeded: 1,
    startTime: '2026-01-01T02:30:00Z',
    conditions: expect.arrayContaining([
      expect.objectContaining({ type: 'Complete', status: 'True' }),
    ]),
  });
});

test('the api is spread over the zones, and workers keep to their nodes', async () => {
  const cluster = await openShop();
  await cluster.settle();
  const nodeOf = (pod: { spec?: { nodeName?: string } }) =>
    cluster.get(Node, pod.spec?.nodeName ?? '').metadata.labels ?? {};
  const podsOf = (name: string) =>
    cluster.list(Pod, { namespace: shop.name, labels: { 'app.kubernetes.io/name': name } });
  const zones = podsOf('api').map((pod) => nodeOf(pod)['topology.kubernetes.io/zone']);
  expect(new Set(zones).size).toBe(3);
  expect(podsOf('worker')).toHaveLength(2);
  for (const pod of podsOf('worker')) expect(nodeOf(pod)['shop.example/work']).toBe('batch');
});

test('a new version of the api never serves with less than all replicas', async () => {
  const cluster = await openShop();
  await cluster.settle();
  const [container] = apiPart.api.spec.template.spec?.containers ?? [];
  await cluster.update(
    Deployment,
    'api',
    (live) => ({
      ...live,
      spec: {
        ...live.spec!,
        template: {
          ...live.spec!.template,
          spec: {
            ...live.spec!.template.spec,
            containers: [{ ...container!, image: 'registry.example/shop/api:2.5.0' }],
          },
        },
      },
    }),
    shop.name,
  );
  for (let second = 0; second < 60 && !cluster.converged; second++) {
    await cluster.advance('1s');
    const { status } = cluster.get(Deployment, 'api', shop.name);
    expect(status?.availableReplicas).toBeGreaterThanOrEqual(4);
  }
  await cluster.settle();
  expect(cluster.get(Deployment, 'api', shop.name).status?.updatedReplicas).toBe(4);
});
