import { posix } from 'node:path';
import type {
  CSIPersistentVolumeSource,
  PersistentVolumeSpec,
  SecretReference,
} from '../../../../generated/core/v1/types.ts';
import { forbidden, invalid, notSupported, type Problem, required } from '../problem.ts';
import { positiveProblems } from './amounts.ts';
import { driverNameProblems } from './names.ts';

/** Fields of a spec that say where a volume's contents lie, in the order in which they are looked at. */
const SOURCES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const satisfies readonly (keyof PersistentVolumeSpec)[];

/** Where the contents lie, alone. */
export function sourceOf(spec: PersistentVolumeSpec): Partial<PersistentVolumeSpec> {
  const present = SOURCES.flatMap((name) => (spec[name] ? [[name, spec[name]]] : []));
  return Object.fromEntries(present);
}

/** Of a volume's spec, at `path`. */
export function volumeSpecProblems(spec: PersistentVolumeSpec, path: string): Problem[] {
  return [
    ...accessModeProblems(spec, path),
    ...capacityProblems(spec, path),
    ...sourceProblems(spec, path),
    ...recyclingProblems(spec, path),
  ];
}

/** Of the spec of a volume that has no object of its own: it says where the contents lie, and hardly anything else. */
export function inlineSpecProblems(spec: PersistentVolumeSpec, path: string): Problem[] {
  const kept = [
    'capacity',
    'claimRef',
    'persistentVolumeReclaimPolicy',
    'storageClassName',
  ] as const;
  const isDefault = (field: string): boolean =>
    field === 'persistentVolumeReclaimPolicy' && spec[field] === 'Retain';
  return [
    ...accessModeProblems(spec, path),
    ...kept
      .filter((field) => spec[field] !== undefined && !isDefault(field))
      .map((field) =>
        forbidden(`${path}.${field}`, 'may not be specified in the context of inline volumes'),
      ),
    ...(spec.csi ? [] : [required(`${path}.csi`, 'may not be left out of an inline volume')]),
    ...sourceProblems(spec, path),
    ...(spec.volumeMode && spec.volumeMode !== 'Filesystem'
      ? [
          forbidden(
            `${path}.volumeMode`,
            'may not specify volumeMode other than Filesystem in the context of inline volumes',
          ),
        ]
      : []),
  ];
}

function accessModeProblems({ accessModes = [] }: PersistentVolumeSpec, path: string): Problem[] {
  const field = `${path}.accessModes`;
  if (accessModes.length === 0) return [required(field)];
  const isMixed = accessModes.includes('ReadWriteOncePod') && accessModes.length > 1;
  return isMixed ? [forbidden(field, 'may not use ReadWriteOncePod with other access modes')] : [];
}

function capacityProblems({ capacity = {} }: PersistentVolumeSpec, path: string): Problem[] {
  const field = `${path}.capacity`;
  const names = Object.keys(capacity);
  const isStorage = names.length === 1 && names[0] === 'storage';
  return [
    ...(names.length === 0 ? [required(field)] : []),
    ...(isStorage ? [] : [notSupported(field, capacity, ['storage'])]),
    ...Object.entries(capacity).flatMap(([name, quantity]) =>
      positiveProblems(quantity, `${field}[${name}]`),
    ),
  ];
}

function sourceProblems(spec: PersistentVolumeSpec, path: string): Problem[] {
  const first = SOURCES.find((name) => spec[name]);
  if (!first) return [required(path, 'must specify a volume type')];
  return [
    ...(first === 'csi' && spec.csi ? csiProblems(spec.csi, `${path}.csi`) : []),
    ...(first === 'local' && !spec.nodeAffinity
      ? [required(`${path}.nodeAffinity`, 'Local volume requires node affinity')]
      : []),
  ];
}

const SECRETS = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const satisfies readonly (keyof CSIPersistentVolumeSource)[];

function csiProblems(csi: CSIPersistentVolumeSource, path: string): Problem[] {
  return [
    ...driverNameProblems(csi.driver, `${path}.driver`),
    ...SECRETS.flatMap((name) => {
      const secret = csi[name];
      return secret ? secretProblems(secret, `${path}.${name}`) : [];
    }),
  ];
}

function secretProblems({ name, namespace }: SecretReference, path: string): Problem[] {
  return [
    ...(name ? [] : [required(`${path}.name`)]),
    ...(namespace ? [] : [required(`${path}.namespace`)]),
  ];
}

/** Nobody empties the root of a node. */
function recyclingProblems(
  { hostPath, persistentVolumeReclaimPolicy: policy }: PersistentVolumeSpec,
  path: string,
): Problem[] {
  if (policy !== 'Recycle' || !hostPath || posix.normalize(hostPath.path) !== '/') return [];
  const field = `${path}.persistentVolumeReclaimPolicy`;
  return [forbidden(field, "may not be 'recycle' for a hostPath mount of '/'")];
}

/** What of a spec stays: where the contents lie, what form they have, and from where they can be reached. */
export function volumeChangeProblems(
  spec: PersistentVolumeSpec,
  old: PersistentVolumeSpec,
  isSame: (a: unknown, b: unknown) => boolean,
): Problem[] {
  const isImmutable = 'field is immutable';
  const { nodeAffinity, volumeMode, volumeAttributesClassName: attributes } = spec;
  return [
    ...(isSame(sourceOf(withSecretOf(spec, old)), sourceOf(old))
      ? []
      : [
          forbidden(
            'spec.persistentvolumesource',
            'spec.persistentvolumesource is immutable after creation',
          ),
        ]),
    ...(volumeMode === old.volumeMode ? [] : [invalid('volumeMode', volumeMode, isImmutable)]),
    ...(old.nodeAffinity && !isSame(nodeAffinity, old.nodeAffinity)
      ? [
          invalid(
            'nodeAffinity',
            nodeAffinity ?? null,
            'field is immutable, except for updating from beta label to GA',
          ),
        ]
      : []),
    ...(old.volumeAttributesClassName !== undefined && attributes === undefined
      ? [
          forbidden(
            'spec.volumeAttributesClassName',
            'update from non-nil value to nil is forbidden',
          ),
        ]
      : []),
  ];
}

/** A volume that had no secret to be made larger may be given one. */
function withSecretOf(spec: PersistentVolumeSpec, old: PersistentVolumeSpec): PersistentVolumeSpec {
  if (!spec.csi?.controllerExpandSecretRef || old.csi?.controllerExpandSecretRef) return spec;
  const { controllerExpandSecretRef: _, ...csi } = spec.csi;
  return { ...spec, csi };
}
