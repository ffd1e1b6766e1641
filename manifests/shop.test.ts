import { Deployment } from 'slipway/apps/v1';
import { Node, Pod } from 'slipway/core/v1';
import { createCluster } from 'slipway/testing';
import { expect, test } from 'vitest';
import * as apiPart from './api.ts';
import * as cachePart from './cache.ts';
import { cluster as nodes } from './cluster.ts';
import * as shopPart from './shop.ts';
import * as webPart from './web.ts';
import * as workerPart from './worker.ts';

const { shop, settings, credentials } = shopPart;
const parts = [cachePart, apiPart, webPart, workerPart].flatMap((part) => Object.values(part));

async function openShop() {
  const cluster = await createCluster();
  await cluster.apply(nodes, shop, settings, credentials, ...parts);
  return cluster;
}

test('the whole shop comes up', async () => {
  const cluster = await openShop();
  const { converged } = await cluster.settle();
  expect(converged).toBe(true);
  expect(cluster.list(Node)).toHaveLength(9);
  const available = cluster
    .list(Deployment)
    .map(({ metadata, status }) => [metadata.name, status?.availableReplicas]);
  expect(Object.fromEntries(available)).toEqual({ api: 4, cache: 1, web: 3, worker: 2 });
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
