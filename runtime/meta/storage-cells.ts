import type { PersistentVolume, PersistentVolumeClaim } from '../../generated/core/v1/types.ts';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
} from '../../generated/storage/v1/types.ts';
import { type Cell, joined, cellOf as of } from './cell.ts';
import { isDeleting, type KubeObject } from './object.ts';

const UNSET = '<unset>';
/** Where older objects name their class. */
export const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
/** What makes a class the default one. */
export const DEFAULT_STORAGE_CLASS = 'storageclass.kubernetes.io/is-default-class';
const DEFAULT_STORAGE_CLASS_BETA = 'storageclass.beta.kubernetes.io/is-default-class';
const DEFAULT_ATTRIBUTES_CLASS = 'volumeattributesclass.alpha.kubernetes.io/is-default-class';

/** Whether claims that name no class get this one. */
export function isDefaultStorageClass({ metadata: { annotations } }: KubeObject): boolean {
  return [DEFAULT_STORAGE_CLASS, DEFAULT_STORAGE_CLASS_BETA].some(
    (key) => annotations?.[key] === 'true',
  );
}

/** The class of a volume or claim, which older ones name in an annotation; '' for none. */
export function storageClassOf(object: {
  readonly metadata?: KubeObject['metadata'];
  readonly spec?: { readonly storageClassName?: string };
}): string {
  return object.metadata?.annotations?.[CLASS_ANNOTATION] ?? object.spec?.storageClassName ?? '';
}

const MODES: readonly (readonly [name: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** Access modes in short, each once, in one order. */
function accessModes(modes: readonly string[] = []): string {
  return MODES.flatMap(([name, short]) => (modes.includes(name) ? [short] : [])).join(',');
}

interface Phased extends KubeObject {
  readonly status?: { readonly phase?: string };
}

const phase = of<Phased>((object) =>
  isDeleting(object) ? 'Terminating' : (object.status?.phase ?? ''),
);

const ofVolume = (cell: (volume: PersistentVolume) => string): Cell => of(cell);
const ofClaim = (cell: (claim: PersistentVolumeClaim) => string): Cell => of(cell);

function storageClassName(object: KubeObject): string {
  const { name = '' } = object.metadata;
  return isDefaultStorageClass(object) ? `${name} (default)` : name;
}

function volumeAttributesClassName({ metadata: { name = '', annotations } }: KubeObject): string {
  return annotations?.[DEFAULT_ATTRIBUTES_CLASS] === 'true' ? `${name} (default)` : name;
}

function csiDriverTokens({ spec }: CSIDriver): string {
  return spec?.tokenRequests?.map(({ audience }) => audience).join(',') ?? UNSET;
}

/** Cells of volumes, claims and the kinds of storage.k8s.io. */
export const STORAGE_CELLS: Readonly<Record<string, Cell>> = {
  volumeCapacity: ofVolume(({ spec }) => String(spec?.capacity?.storage ?? '0')),
  volumeAccessModes: ofVolume(({ spec }) => accessModes(spec?.accessModes)),
  volumeStatus: phase,
  volumeClaim: ofVolume(({ spec }) =>
    spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
  ),
  volumeStorageClass: ofVolume(storageClassOf),
  volumeAttributes: ofVolume(({ spec }) => spec?.volumeAttributesClassName ?? UNSET),
  volumeMode: ofVolume(({ spec }) => spec?.volumeMode ?? UNSET),
  claimStatus: phase,
  claimCapacity: ofClaim(({ spec, status }) =>
    spec?.volumeName ? String(status?.capacity?.storage ?? '0') : '',
  ),
  claimAccessModes: ofClaim(({ spec, status }) =>
    spec?.volumeName ? accessModes(status?.accessModes) : '',
  ),
  claimStorageClass: ofClaim(storageClassOf),
  storageClassName,
  storageClassReclaimPolicy: of<StorageClass>(({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
  storageClassBindingMode: of<StorageClass>((each) => each.volumeBindingMode ?? 'Immediate'),
  storageClassExpansion: of<StorageClass>((each) => String(each.allowVolumeExpansion ?? false)),
  csiNodeDrivers: of<CSINode>(({ spec }) => String(spec?.drivers?.length ?? 0)),
  csiDriverAttachRequired: of<CSIDriver>(({ spec }) => String(spec?.attachRequired ?? true)),
  csiDriverPodInfo: of<CSIDriver>(({ spec }) => String(spec?.podInfoOnMount ?? false)),
  csiDriverCapacity: of<CSIDriver>(({ spec }) => String(spec?.storageCapacity ?? false)),
  csiDriverTokens: of<CSIDriver>(csiDriverTokens),
  csiDriverRepublish: of<CSIDriver>(({ spec }) => String(spec?.requiresRepublish ?? false)),
  csiDriverModes: of<CSIDriver>(({ spec }) => joined(spec?.volumeLifecycleModes)),
  attachmentVolume: of<VolumeAttachment>(({ spec }) => spec?.source?.persistentVolumeName ?? ''),
  attachmentAttached: of<VolumeAttachment>(({ status }) => String(status?.attached ?? false)),
  storageCapacity: of<CSIStorageCapacity>(({ capacity }) => String(capacity ?? UNSET)),
  volumeAttributesClassName,
};
