import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
} from '../../../generated/storage/v1/types.ts';
import { classOf } from './claims.ts';

/** Read access to what volumes depend on. */
export interface StorageObjects {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumesOfClass(className: string): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
  csiNode(nodeName: string): CSINode | undefined;
  csiDriver(name: string): CSIDriver | undefined;
  capacitiesOfClass(className: string): readonly CSIStorageCapacity[];
  attachments(nodeName: string): readonly VolumeAttachment[];
  attachmentCount(nodeName: string): number;
}

/** The same objects as lists. */
export interface StorageLists {
  readonly claims?: readonly PersistentVolumeClaim[];
  readonly volumes?: readonly PersistentVolume[];
  readonly storageClasses?: readonly StorageClass[];
  readonly csiNodes?: readonly CSINode[];
  readonly csiDrivers?: readonly CSIDriver[];
  readonly capacities?: readonly CSIStorageCapacity[];
  readonly attachments?: readonly VolumeAttachment[];
}

type Named = { readonly metadata: { readonly name?: string; readonly namespace?: string } };

/** Over lists as they are now. Work: O(objects). */
export function listedStorage(lists: StorageLists): StorageObjects {
  const claims = new Map(
    (lists.claims ?? []).map((claim) => [
      keyOf(claim.metadata.namespace, claim.metadata.name),
      claim,
    ]),
  );
  const volumes = byName(lists.volumes);
  const classes = byName(lists.storageClasses);
  const csiNodes = byName(lists.csiNodes);
  const csiDrivers = byName(lists.csiDrivers);
  const volumesByClass = grouped(lists.volumes, classOf);
  const capacities = grouped(lists.capacities, (each) => each.storageClassName);
  const attachments = grouped(lists.attachments, ({ spec }) => spec?.nodeName ?? '');
  return {
    claim: (namespace, name) => claims.get(keyOf(namespace, name)),
    volume: (name) => volumes.get(name),
    volumesOfClass: (className) => volumesByClass.get(className) ?? [],
    storageClass: (name) => classes.get(name),
    csiNode: (name) => csiNodes.get(name),
    csiDriver: (name) => csiDrivers.get(name),
    capacitiesOfClass: (className) => capacities.get(className) ?? [],
    attachments: (nodeName) => attachments.get(nodeName) ?? [],
    attachmentCount: (nodeName) => attachments.get(nodeName)?.length ?? 0,
  };
}

function keyOf(namespace: string | undefined, name: string | undefined): string {
  return `${namespace ?? ''}/${name ?? ''}`;
}

function byName<T extends Named>(list: readonly T[] = []): ReadonlyMap<string, T> {
  return new Map(list.map((each) => [each.metadata.name ?? '', each]));
}

function grouped<T>(list: readonly T[] = [], key: (each: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const group = groups.get(key(each));
    if (group) group.push(each);
    else groups.set(key(each), [each]);
  }
  return groups;
}
