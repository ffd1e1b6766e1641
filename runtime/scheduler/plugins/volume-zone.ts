import { type ClusterPlugin, clusterEvents, type Rejection } from '../framework.ts';
import type { Labels } from '../selectors.ts';
import { classOf, type StorageObjects } from '../volumes/index.ts';

const NAME = 'VolumeZone';
const CONFLICT: Rejection = {
  plugin: NAME,
  code: 'UnschedulableAndUnresolvable',
  reasons: ['node(s) had no available volume zone'],
};

/** Topology labels, with today's name of those that had another before. */
const TODAY: ReadonlyMap<string, string> = new Map([
  ['topology.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['topology.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
]);
const NAMES = [...TODAY.keys()];

interface Topology {
  /** As the volume has it; a node may also say it by today's name, but not by a former one. */
  readonly label: string;
  readonly values: readonly string[];
}

/** Keeps pods in the zones and regions that the labels of their bound volumes name. Nodes without such labels take all. */
export function volumeZone(storage: StorageObjects): ClusterPlugin {
  return {
    kind: 'cluster',
    name: NAME,
    events:
      clusterEvents.nodeAdded |
      clusterEvents.nodeLabels |
      clusterEvents.claims |
      clusterEvents.volumes |
      clusterEvents.storageClasses,
    preFilter({ namespace, volumes }) {
      if (!volumes || volumes.claims.length === 0) return undefined;
      const topologies: Topology[] = [];
      for (const { name } of volumes.claims) {
        const found = topologiesOf(namespace, name, storage);
        if (typeof found === 'string')
          return { plugin: NAME, code: 'UnschedulableAndUnresolvable', reasons: [found] };
        topologies.push(...found);
      }
      if (topologies.length === 0) return undefined;
      return (_, { facts }) => {
        const { labels } = facts!;
        if (!NAMES.some((label) => label in labels)) return undefined;
        return topologies.every((topology) => holds(topology, labels)) ? undefined : CONFLICT;
      };
    },
  };
}

/** What the volume of a claim asks for, or why that cannot be said. */
function topologiesOf(
  namespace: string,
  name: string,
  storage: StorageObjects,
): readonly Topology[] | string {
  const claim = storage.claim(namespace, name);
  if (!claim) return `persistentvolumeclaim "${name}" not found`;
  const { volumeName } = claim.spec ?? {};
  if (!volumeName) {
    const className = classOf(claim);
    if (className === '') return 'PersistentVolumeClaim had no pv name and storageClass name';
    const found = storage.storageClass(className);
    if (!found) return `storageclass.storage.k8s.io "${className}" not found`;
    return found.volumeBindingMode === 'WaitForFirstConsumer' ? [] : 'PersistentVolume had no name';
  }
  const volume = storage.volume(volumeName);
  if (!volume) return `persistentvolume "${volumeName}" not found`;
  const labels = (volume.metadata.labels ?? {}) as Labels;
  return NAMES.filter((label) => label in labels).map((label) => ({
    label,
    values: labels[label]!.split('__').map((value) => value.trim()),
  }));
}

function holds({ label, values }: Topology, labels: Labels): boolean {
  const said = labels[label] ?? labels[TODAY.get(label)!];
  return said !== undefined && values.includes(said);
}
