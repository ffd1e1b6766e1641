import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimStatus,
} from '../../../generated/core/v1/types.ts';
import { jsonEqual } from '../../meta/index.ts';
import { annotations, isKeptFor } from '../volumes.ts';

const YES = 'yes';

/** The volume with its claim in it; the same one when it has it. */
export function volumeFor(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
): PersistentVolume {
  const { metadata, spec = {} } = volume;
  const { name = '', namespace = '', uid = '', resourceVersion } = claim.metadata;
  if (isKeptFor(volume, claim) && spec.claimRef?.uid) return volume;
  const claimRef = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    name,
    namespace,
    uid,
    ...(resourceVersion ? { resourceVersion } : {}),
  };
  return {
    ...volume,
    metadata: isKeptFor(volume, claim)
      ? metadata
      : annotated(metadata, [annotations.boundByController]),
    spec: { ...spec, claimRef },
  };
}

/** The claim with its volume in it; the same one when it has it. */
export function claimFor(
  claim: PersistentVolumeClaim,
  { metadata: { name = '' } }: PersistentVolume,
): PersistentVolumeClaim {
  const isNamed = claim.spec?.volumeName === name;
  const metadata = annotated(claim.metadata, [
    annotations.bindCompleted,
    ...(isNamed ? [] : [annotations.boundByController]),
  ]);
  if (isNamed && metadata === claim.metadata) return claim;
  return { ...claim, metadata, spec: { ...claim.spec, volumeName: name } };
}

function annotated<M extends PersistentVolume['metadata']>(
  metadata: M,
  keys: readonly string[],
): M {
  const missing = keys.filter((key) => metadata.annotations?.[key] === undefined);
  if (missing.length === 0) return metadata;
  const added = Object.fromEntries(missing.map((key) => [key, YES]));
  return { ...metadata, annotations: { ...metadata.annotations, ...added } };
}

/**
 * The status of a claim in `phase`; the same one when nothing differs. Bound, it has what the volume has, but for the size of one that
 * is bound already, which may differ on purpose.
 */
export function claimStatus(
  { status = {} }: PersistentVolumeClaim,
  phase: 'Pending' | 'Bound' | 'Lost',
  volume?: PersistentVolume,
): PersistentVolumeClaimStatus {
  const { accessModes: _, capacity, currentVolumeAttributesClassName, ...rest } = status;
  const { spec } = volume ?? {};
  const attributes = volume
    ? spec?.volumeAttributesClassName || currentVolumeAttributesClassName
    : undefined;
  const size = status.phase === phase ? capacity : spec?.capacity;
  const next = {
    ...rest,
    phase,
    ...(spec?.accessModes ? { accessModes: spec.accessModes } : {}),
    ...(volume && size ? { capacity: size } : {}),
    ...(attributes ? { currentVolumeAttributesClassName: attributes } : {}),
  };
  return jsonEqual(next, status) ? status : next;
}

/** The volume without its claim: free again if the binder chose it, else kept for whoever comes by that name. */
export function unbound(volume: PersistentVolume): PersistentVolume {
  const { metadata, spec = {} } = volume;
  const { claimRef, ...free } = spec;
  const { [annotations.boundByController]: chosen, ...others } = metadata.annotations ?? {};
  if (chosen === undefined) {
    const { uid: _, resourceVersion: __, ...kept } = claimRef ?? {};
    return { ...volume, spec: { ...free, claimRef: kept } };
  }
  const { annotations: _, ...rest } = metadata;
  const isBare = Object.keys(others).length === 0;
  return {
    ...volume,
    metadata: isBare ? rest : { ...rest, annotations: others },
    spec: free,
  };
}
