import { expect, it } from 'vitest';
import { Cluster } from '../../generated/cluster/v1/index.ts';
import {
  Endpoints,
  Node,
  Pod,
  ReplicationController,
  Service,
} from '../../generated/core/v1/index.ts';
import { type CrashScenario, crashAfterEveryWrite } from '../testing/crash.ts';
import type { TestCluster } from '../testing/index.ts';

const ports = [{ port: 80 }];
const web = (replicas: number) =>
  new ReplicationController({
    metadata: { name: 'web' },
    spec: {
      replicas,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'web:1' }] },
      },
    },
  });

async function serve(cluster: TestCluster): Promise<void> {
  const selector = { app: 'web' };
  await cluster.create(
    web(2),
    new Service({ metadata: { name: 'web' }, spec: { selector, ports } }),
    new Service({ metadata: { name: 'old' }, spec: { selector, ports } }),
  );
  await cluster.advance('20s');
  await cluster.patch(ReplicationController, 'web', { spec: { replicas: 1 } });
  await cluster.delete(Service, 'old');
  await cluster.advance('20s');
}

async function mirror(cluster: TestCluster): Promise<void> {
  const endpoints = (...ips: string[]) =>
    new Endpoints({
      metadata: { name: 'db' },
      subsets: [{ addresses: ips.map((ip) => ({ ip })), ports }],
    });
  await cluster.create(new Service({ metadata: { name: 'db' }, spec: { ports } }));
  await cluster.create(endpoints('192.0.2.1', '2001:db8::1'));
  await cluster.advance('1s');
  await cluster.apply(endpoints('192.0.2.2', '2001:db8::2'));
  await cluster.advance('1s');
  await cluster.apply(endpoints('192.0.2.2'));
}

async function balance(cluster: TestCluster): Promise<void> {
  const service = (name: string) =>
    new Service({ metadata: { name }, spec: { type: 'LoadBalancer', ports } });
  await cluster.create(service('a'), service('b'), service('c'));
  await cluster.advance('1s');
  await cluster.delete(Service, 'a');
  await cluster.patch(Service, 'b', { spec: { type: 'ClusterIP' } });
}

async function collect(cluster: TestCluster): Promise<void> {
  const controllerManager = { terminatedPodGCThreshold: 1 };
  await cluster.create(
    new Cluster({ metadata: { name: 'default' }, spec: { controllerManager } }),
    new Node({
      metadata: { name: 'bare', annotations: { 'cluster.slipway.dev/kubelet': 'none' } },
    }),
  );
  const containers = [{ name: 'main', image: 'web:1' }];
  for (const name of ['p', 'q', 'r'])
    await cluster.create(new Pod({ metadata: { name }, spec: { nodeName: 'bare', containers } }));
  const ended = { status: { phase: 'Succeeded' } };
  for (const name of ['p', 'q'])
    await cluster.client.patch(Pod.resource, { name, namespace: 'default' }, ended, {
      subresource: 'status',
    });
  await cluster.advance('30s');
  await cluster.delete(Node, 'bare');
  await cluster.advance('2m');
}

it.each<[component: string, play: CrashScenario['play'], least: number]>([
  ['endpoint', serve, 4],
  ['replicationcontroller', serve, 4],
  ['endpointslicemirroring', mirror, 5],
  ['service', balance, 8],
  ['podgc', collect, 4],
])(
  '%s ends in the same place when it crashes after any of its writes',
  async (component, play, least) => {
    const scenario = { component, options: { nodes: 1 }, play };
    const { writes, differing } = await crashAfterEveryWrite(scenario);
    expect(writes).toBeGreaterThanOrEqual(least);
    expect(differing).toEqual([]);
  },
);
