import type { Cluster, NodeDriver, NodePool } from '../../generated/cluster/v1/types.ts';
import type { Pod, Taint } from '../../generated/core/v1/types.ts';
import type { OwnerReference } from '../../generated/meta/v1/types.ts';
import type { Quantity, ResourceList } from './amounts.ts';
import { sameJson } from './pod-status.ts';

export const POOL_LABEL = 'cluster.slipway.dev/pool';

/** A node that a pool asks for, but for its name. One value for all nodes of a pool and zone. */
export interface FleetMember {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly ownerReferences: readonly OwnerReference[];
  readonly capacity?: ResourceList;
  readonly reserved?: ResourceList;
  /** Size of a disk of its own for images and writable layers. */
  readonly imageFilesystem?: Quantity;
  readonly inodes?: number;
  readonly processes?: number;
  /** What the node's own daemons use. */
  readonly systemUsage?: ResourceList;
  /** On the node from the start. */
  readonly images: readonly string[];
  readonly drivers: readonly NodeDriver[];
  /** What every node runs by itself, and the folder that says what else. */
  readonly staticPods: readonly Pod[];
  readonly staticPodPath?: string;
}

/**
 * The nodes that the Cluster resources ask for, by name: `<prefix>-<index>`, zones in turn. Where two pools ask for one name,
 * the first in order of cluster and pool has it.
 */
export function desiredFleet(clusters: readonly Cluster[]): Map<string, FleetMember> {
  const fleet = new Map<string, FleetMember>();
  for (const cluster of clusters) {
    if (cluster.metadata.deletionTimestamp !== undefined) continue;
    for (const pool of cluster.spec?.nodePools ?? []) {
      const zones: readonly (string | undefined)[] = pool.zones?.length ? pool.zones : [undefined];
      const members = zones.map((zone) => memberOf(cluster, pool, zone));
      for (let i = 0; i < (pool.count ?? 1); i++) {
        const name = `${pool.namePrefix ?? pool.name}-${i}`;
        if (!fleet.has(name)) fleet.set(name, members[i % members.length]!);
      }
    }
  }
  return fleet;
}

function memberOf(cluster: Cluster, pool: NodePool, zone: string | undefined): FleetMember {
  const { name = '', uid = '' } = cluster.metadata;
  return {
    labels: labelsOf(pool, zone),
    annotations: {
      'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      ...pool.annotations,
    },
    taints: pool.taints ?? [],
    ownerReferences: [
      { apiVersion: 'cluster.slipway.dev/v1', controller: true, kind: 'Cluster', name, uid },
    ],
    ...(pool.capacity ? { capacity: pool.capacity } : {}),
    ...(pool.reserved ? { reserved: pool.reserved } : {}),
    ...(pool.imageFilesystem ? { imageFilesystem: pool.imageFilesystem } : {}),
    ...(pool.inodes ? { inodes: pool.inodes } : {}),
    ...(pool.processes ? { processes: pool.processes } : {}),
    ...(pool.systemUsage ? { systemUsage: pool.systemUsage } : {}),
    images: pool.images ?? [],
    drivers: pool.drivers ?? [],
    staticPods: (pool.staticPods ?? []) as readonly Pod[],
    ...(pool.staticPodPath ? { staticPodPath: pool.staticPodPath } : {}),
  };
}

function labelsOf(pool: NodePool, zone: string | undefined): Readonly<Record<string, string>> {
  const { architecture = 'amd64', operatingSystem = 'linux' } = pool;
  const region = pool.region ?? (zone === undefined ? undefined : regionOf(zone));
  return {
    'beta.kubernetes.io/arch': architecture,
    'beta.kubernetes.io/os': operatingSystem,
    [POOL_LABEL]: pool.name,
    'kubernetes.io/arch': architecture,
    'kubernetes.io/os': operatingSystem,
    'node.kubernetes.io/instance-type': pool.name,
    ...(region === undefined ? {} : { 'topology.kubernetes.io/region': region }),
    ...(zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone }),
    ...pool.labels,
  };
}

/** `eu-west-1a` and `eu-west-1-b` lie in `eu-west-1`; a zone named otherwise is a region of its own. */
function regionOf(zone: string): string {
  return /^(.*\d)-?[a-z]$/.exec(zone)?.[1] ?? zone;
}

/** Compares each pair of pool values once, however many nodes share them. */
export function sameMember(
  verdicts: Map<FleetMember, Map<FleetMember, boolean>>,
  before: FleetMember,
  after: FleetMember,
): boolean {
  const row = verdicts.get(before) ?? new Map<FleetMember, boolean>();
  verdicts.set(before, row);
  const known = row.get(after) ?? sameJson(before, after);
  row.set(after, known);
  return known;
}
