import type { Cluster, ClusterSpec, NodePool } from '../../generated/cluster/v1/types.ts';
import type { OwnerReference } from '../../generated/meta/v1/types.ts';
import type { Taint } from '../../generated/core/v1/types.ts';
import type { ResourceList } from './amounts.ts';
import type { ImageRecord } from './state.ts';

export const CLUSTER_LABEL = 'cluster.slipway.dev/cluster';
export const POOL_LABEL = 'cluster.slipway.dev/pool';

/** What all nodes of a pool and zone share of their Node object. One value for all of them. */
export interface NodeTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly ownerReferences: readonly OwnerReference[];
}

export interface NodeSettings {
  readonly capacity?: ResourceList;
  readonly reserved?: ResourceList;
  readonly leaseSeconds?: number;
  /** On the node from the start. */
  readonly images: readonly ImageRecord[];
}

/** A node that a pool asks for. */
export interface FleetMember {
  readonly template: NodeTemplate;
  readonly settings: NodeSettings;
}

/**
 * The nodes that the Cluster resources ask for, by name: `<pool>-<index>`, zones in turn. Where two pools ask for one name,
 * the first in order of cluster and pool has it.
 */
export function desiredFleet(clusters: readonly Cluster[]): Map<string, FleetMember> {
  const fleet = new Map<string, FleetMember>();
  for (const cluster of clusters) {
    if (cluster.metadata?.deletionTimestamp !== undefined) continue;
    for (const pool of cluster.spec?.nodePools ?? []) {
      const settings = settingsOf(cluster.spec ?? {}, pool);
      const zones: readonly (string | undefined)[] = pool.zones?.length ? pool.zones : [undefined];
      const members = zones.map((zone) => ({
        template: templateOf(cluster, pool, zone),
        settings,
      }));
      for (let i = 0; i < (pool.count ?? 1); i++) {
        const name = `${pool.name}-${i}`;
        if (!fleet.has(name)) fleet.set(name, members[i % members.length]!);
      }
    }
  }
  return fleet;
}

function templateOf(cluster: Cluster, pool: NodePool, zone: string | undefined): NodeTemplate {
  const { name = '', uid = '' } = cluster.metadata ?? {};
  return {
    labels: {
      'beta.kubernetes.io/arch': 'amd64',
      'beta.kubernetes.io/os': 'linux',
      [CLUSTER_LABEL]: name,
      [POOL_LABEL]: pool.name,
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'linux',
      'node.kubernetes.io/instance-type': pool.name,
      ...(zone === undefined
        ? {}
        : {
            'topology.kubernetes.io/region': regionOf(zone),
            'topology.kubernetes.io/zone': zone,
          }),
      ...pool.labels,
    },
    annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    taints: [],
    ownerReferences: [
      { apiVersion: 'cluster.slipway.dev/v1', kind: 'Cluster', name, uid, controller: true },
    ],
  };
}

/** `eu-west-1a` and `eu-west-1-b` lie in `eu-west-1`; a zone named otherwise is a region of its own. */
function regionOf(zone: string): string {
  const [, region] = /^(.*\d)-?[a-z]$/.exec(zone) ?? [];
  return region ?? zone;
}

function settingsOf(spec: ClusterSpec, pool: NodePool): NodeSettings {
  return {
    ...(pool.capacity ? { capacity: pool.capacity } : {}),
    images: [],
  };
}
