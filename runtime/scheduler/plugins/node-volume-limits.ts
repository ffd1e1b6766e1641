import type { CSINode } from '../../../generated/storage/v1/types.ts';
import { type ClusterPlugin, clusterEvents, type Rejection } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodShape } from '../pod-shape.ts';
import { classOf, type StorageObjects } from '../volumes/index.ts';

const NAME = 'NodeVolumeLimits';
const EXCEEDED: Rejection = {
  plugin: NAME,
  code: 'Unschedulable',
  reasons: ['node(s) exceed max volume count'],
};

/** Keeps the volumes of each CSI driver on a node within the number that the driver can attach there. */
export function nodeVolumeLimits(storage: StorageObjects): ClusterPlugin {
  return {
    kind: 'cluster',
    name: NAME,
    events:
      clusterEvents.nodeAdded |
      clusterEvents.podDeleted |
      clusterEvents.csiNodes |
      clusterEvents.claims |
      clusterEvents.volumes,
    isWorthRetry: (_, { pod }) => !pod || (pod.volumes?.claims.length ?? 0) > 0,
    preFilter(shape) {
      const wanted = csiVolumes(shape, storage);
      if (wanted.size === 0) return undefined;
      const asked = countByDriver(wanted);
      return (_, node) => {
        const limits = limitsOf(node.name, storage);
        if (!limits || isRoomy(node, asked, limits, storage)) return undefined;
        const attached = attachedVolumes(node, storage);
        const counts = countByDriver(attached);
        const added = countByDriver(new Map([...wanted].filter(([id]) => !attached.has(id))));
        for (const [driver, more] of added)
          if ((counts.get(driver) ?? 0) + more > limitOf(driver, limits)) return EXCEEDED;
        return undefined;
      };
    },
  };
}

type Limits = ReadonlyMap<string, number>;

const limitsByNode = new WeakMap<CSINode, Limits>();

/** How many volumes of each driver the node takes; undefined when nothing is said. */
function limitsOf(nodeName: string, storage: StorageObjects): Limits | undefined {
  const csiNode = storage.csiNode(nodeName);
  if (!csiNode) return undefined;
  let limits = limitsByNode.get(csiNode);
  if (!limits) {
    const drivers = csiNode.spec?.drivers ?? [];
    limits = new Map(
      drivers.flatMap(({ name, allocatable }) =>
        allocatable?.count === undefined ? [] : [[name, allocatable.count] as const],
      ),
    );
    limitsByNode.set(csiNode, limits);
  }
  return limits;
}

function limitOf(driver: string, limits: Limits): number {
  return limits.get(driver) ?? Number.MAX_SAFE_INTEGER;
}

/** Whether the limits hold even if all claims and attachments of the node are volumes of each driver: most nodes. */
function isRoomy(
  { name, claims }: NodeInfo,
  asked: ReadonlyMap<string, number>,
  limits: Limits,
  storage: StorageObjects,
): boolean {
  const most = claims + storage.attachmentCount(name);
  for (const [driver, more] of asked) if (most + more > limitOf(driver, limits)) return false;
  return true;
}

/** Volume to driver: of the pods on the node, and what is attached to it besides. */
function attachedVolumes(node: NodeInfo, storage: StorageObjects): Map<string, string> {
  const attached = new Map<string, string>();
  for (const { shape } of node.pods)
    for (const [id, driver] of csiVolumes(shape, storage)) attached.set(id, driver);
  for (const { spec } of storage.attachments(node.name)) {
    const csi = storage.volume(spec?.source?.persistentVolumeName ?? '')?.spec?.csi;
    if (csi) attached.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver);
  }
  return attached;
}

/** The pod's volumes of CSI drivers. One that is not provisioned yet counts for the driver of its class. */
function csiVolumes(
  { namespace, volumes }: PodShape,
  storage: StorageObjects,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name } of volumes?.claims ?? []) {
    const claim = storage.claim(namespace, name);
    if (!claim) continue;
    const volume = storage.volume(claim.spec?.volumeName ?? '');
    if (volume) {
      const { csi } = volume.spec ?? {};
      if (csi) found.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver);
      continue;
    }
    const driver = storage.storageClass(classOf(claim))?.provisioner;
    if (driver) found.set(`${driver}/${namespace}/${name}`, driver);
  }
  return found;
}

function countByDriver(volumes: ReadonlyMap<string, string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const driver of volumes.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  return counts;
}
