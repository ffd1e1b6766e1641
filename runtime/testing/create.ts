import { nodes } from '../../generated/core/v1/resources.ts';
import { type Cluster, type ClusterOptions, createCluster as create } from '../cluster/index.ts';
import { TestCluster } from './test-cluster.ts';

export interface TestClusterOptions extends ClusterOptions {
  /** Ready nodes to begin with: a number of equal ones, or their capacities by name. None by default. */
  readonly nodes?: number | Readonly<Record<string, NodeShape>>;
}

interface NodeShape {
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: string;
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A new cluster at the start of virtual time, its nodes ready. The times of its faults count from then. */
export async function createCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const { nodes: wanted = 0, faults = [], ...rest } = options;
  const cluster = await create({ freeze: true, ...rest });
  const shapes =
    typeof wanted === 'number'
      ? Array.from({ length: wanted }, (_, at) => [`node-${at}`, {} as NodeShape] as const)
      : Object.entries(wanted);
  for (const [name, shape] of shapes) await addNode(cluster, name, shape);
  if (shapes.length > 0) await cluster.settle();
  for (const fault of faults) cluster.inject(fault);
  return new TestCluster(cluster);
}

async function addNode(cluster: Cluster, name: string, shape: NodeShape): Promise<void> {
  const { cpu = '4', memory = '16Gi', pods = '110', zone, labels = {} } = shape;
  const created = await cluster.client.create(nodes, {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}),
        ...labels,
      },
    },
  });
  const capacity = { cpu, memory, pods, 'ephemeral-storage': '100Gi' } as never;
  await cluster.client.updateStatus(nodes, { ...created, status: { ...created.status, capacity } });
}
