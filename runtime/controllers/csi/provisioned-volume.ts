import type {
  NodeSelectorRequirement,
  PersistentVolume,
  PersistentVolumeClaim,
} from '../../../generated/core/v1/types.ts';
import type { StorageClass } from '../../../generated/storage/v1/types.ts';
import type { Init } from '../../client/index.ts';
import { annotations } from '../volumes.ts';

/** Keeps a volume until the driver has deleted what lies behind it. */
export const DRIVER_FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';

const PARAMETERS = 'csi.storage.k8s.io/';

/** Where a volume can be reached: labels that a node must have. */
export type Topology = Readonly<Record<string, string>>;

export const volumeNameFor = ({ metadata }: PersistentVolumeClaim): string =>
  `pvc-${metadata.uid ?? ''}`;

/** The volume that a driver makes for a claim. */
export function volumeFor(
  claim: PersistentVolumeClaim,
  driver: string,
  storageClass: StorageClass,
  topology: Topology,
): Init<PersistentVolume> {
  const { name = '', namespace = '', uid = '', resourceVersion } = claim.metadata;
  const { accessModes, resources, volumeMode, volumeAttributesClassName } = claim.spec ?? {};
  const { mountOptions, parameters, reclaimPolicy = 'Delete', metadata } = storageClass;
  const volumeName = volumeNameFor(claim);
  const fsType = parameters?.[`${PARAMETERS}fstype`];
  const matchExpressions = requirements(topology);
  return {
    metadata: {
      name: volumeName,
      annotations: {
        [annotations.provisionedBy]: driver,
        'volume.kubernetes.io/provisioner-deletion-secret-name': '',
        'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
      },
      ...(reclaimPolicy === 'Delete' ? { finalizers: [DRIVER_FINALIZER] } : {}),
    },
    spec: {
      capacity: { storage: resources?.requests?.storage ?? '0' },
      ...(accessModes ? { accessModes } : {}),
      ...(volumeMode ? { volumeMode } : {}),
      ...(mountOptions ? { mountOptions } : {}),
      ...(volumeAttributesClassName ? { volumeAttributesClassName } : {}),
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: metadata.name ?? '',
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name,
        namespace,
        uid,
        ...(resourceVersion ? { resourceVersion } : {}),
      },
      csi: {
        driver,
        volumeHandle: volumeName,
        ...(fsType && volumeMode !== 'Block' ? { fsType } : {}),
      },
      ...(matchExpressions.length > 0
        ? { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } }
        : {}),
    },
  };
}

function requirements(topology: Topology): NodeSelectorRequirement[] {
  return Object.entries(topology)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, operator: 'In', values: [value] }));
}
