import { deployments } from '../../../generated/apps/v1/resources.ts';
import { nodes, pods } from '../../../generated/core/v1/resources.ts';
import type { PodSpec, Quantity } from '../../../generated/core/v1/types.ts';
import { type Cluster, createCluster } from '../../cluster/index.ts';

const ZONES = ['a', 'b', 'c'];

/** The node of kube-scheduler's own benchmark: 4 CPU, 32 Gi, 110 pods. */
export async function addNodes(cluster: Cluster, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const name = `node-${String(at).padStart(5, '0')}`;
    const size: Record<string, Quantity> = { cpu: '4', memory: '32Gi', pods: '110' };
    const created = await cluster.client.create(nodes, {
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'topology.kubernetes.io/zone': ZONES[at % ZONES.length]!,
        },
      },
    });
    await cluster.client.updateStatus(nodes, {
      ...created,
      status: { ...created.status, capacity: size, allocatable: size },
    });
  }
}

const TEMPLATE_SPEC: PodSpec = {
  containers: [
    {
      name: 'main',
      image: 'registry.k8s.io/pause:3.10',
      resources: { requests: { cpu: '100m', memory: '500Mi' } },
    },
  ],
};

export async function addDeployment(
  cluster: Cluster,
  name: string,
  replicas: number,
): Promise<void> {
  const labels = { app: name };
  await cluster.client.create(deployments, {
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: TEMPLATE_SPEC },
    },
  });
}

/** Pods that nobody owns, as the scheduling workloads make them. */
export async function addPods(cluster: Cluster, count: number, prefix: string): Promise<void> {
  for (let at = 0; at < count; at++)
    await cluster.client.create(pods, {
      metadata: { name: `${prefix}-${at}`, namespace: 'default', labels: { app: prefix } },
      spec: TEMPLATE_SPEC,
    });
}

/** A cluster of `nodeCount` ready nodes with everything on. */
export async function readyCluster(nodeCount: number): Promise<Cluster> {
  const cluster = await createCluster();
  await addNodes(cluster, nodeCount);
  const settled = await cluster.settle();
  if (!settled.converged) throw new Error(`${nodeCount} nodes did not become ready`);
  return cluster;
}

/** `total` running pods in Deployments of `each` replicas. */
export async function fill(cluster: Cluster, total: number, each: number): Promise<void> {
  for (let made = 0; made < total; made += each)
    await addDeployment(cluster, `app-${made / each}`, Math.min(each, total - made));
  const settled = await cluster.settle();
  if (!settled.converged)
    throw new Error(`not converged: ${JSON.stringify(settled.unconverged.slice(0, 3))}`);
}
