import { namespaces, nodes } from '../../../../generated/core/v1/resources.ts';
import type { Quantity, Taint } from '../../../../generated/core/v1/types.ts';
import { type Cluster, createCluster } from '../../../cluster/index.ts';
import { addNodes } from '../fixtures.ts';

/** Namespaces of pods that are there before, of those that are measured, and of teams. */
export const OLD = ['sched-0'];
export const NEW = ['sched-1'];
export const BOTH = [...OLD, ...NEW];
export const TEAMS = Array.from({ length: 100 }, (_, at) => `team-${at}`);

/** The nodes of a workload. Those with the same fleet begin on forks of one cluster. */
export interface Fleet {
  readonly count: number;
  make(cluster: Cluster): Promise<void>;
}

export function plain(count: number): Fleet {
  return { count, make: (cluster) => addNodes(cluster, count) };
}

export const FIVE_THOUSAND = plain(5000);

interface NodeShape {
  readonly name: string;
  readonly size?: Readonly<Record<string, Quantity>>;
  readonly taints?: readonly Taint[];
}

/** One node of the usual size, with what else it has. */
export async function addNode(
  cluster: Cluster,
  { name, size: extra, taints }: NodeShape,
): Promise<void> {
  const size: Record<string, Quantity> = { cpu: '4', memory: '32Gi', pods: '110', ...extra };
  const created = await cluster.client.create(nodes, {
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    ...(taints ? { spec: { taints: [...taints] } } : {}),
  });
  const status = { ...created.status, capacity: size, allocatable: size };
  await cluster.client.updateStatus(nodes, { ...created, status });
}

const made = new Map<Fleet, Promise<Cluster>>();

/** A cluster with nodes and namespaces, in which nobody runs pods. Made once. */
export function emptyCluster(fleet: Fleet): Promise<Cluster> {
  const cluster = made.get(fleet) ?? makeCluster(fleet);
  made.set(fleet, cluster);
  return cluster;
}

async function makeCluster(fleet: Fleet): Promise<Cluster> {
  const cluster = await createCluster({
    without: ['nodes', 'nodelifecycle', 'nodeipam'],
    admission: { disable: ['TaintNodesByCondition', 'Priority'] },
  });
  await fleet.make(cluster);
  for (const name of [...BOTH, ...TEAMS])
    await cluster.client.create(namespaces, {
      metadata: { name, labels: TEAMS.includes(name) ? { team: 'devops' } : {} },
    });
  await cluster.drain();
  return cluster;
}
