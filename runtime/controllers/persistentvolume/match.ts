import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { isDeleting, labelMatcher, storageClassOf } from '../../meta/index.ts';
import { bytesOf, isKeptFor, requestedBytes } from '../volumes.ts';

/**
 * The volume for a claim: of those that offer its access modes, the ones with the fewest modes first, one that is kept for it, else
 * the smallest one that is free and satisfies it. `keptOnly` where the scheduler chooses among the free ones.
 */
export function bestMatch(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  keptOnly: boolean,
): PersistentVolume | undefined {
  for (const group of byModes(volumes.filter((each) => offersModes(each, claim)))) {
    const found = smallest(claim, group, keptOnly);
    if (found) return found;
  }
  return undefined;
}

function byModes(volumes: readonly PersistentVolume[]): readonly (readonly PersistentVolume[])[] {
  const groups = new Map<string, PersistentVolume[]>();
  for (const volume of volumes) {
    const modes = [...(volume.spec?.accessModes ?? [])].sort();
    const key = `${modes.length} ${modes.join()}`;
    const group = groups.get(key);
    if (group) group.push(volume);
    else groups.set(key, [volume]);
  }
  if (groups.size === 1) return [...groups.values()];
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function smallest(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  keptOnly: boolean,
): PersistentVolume | undefined {
  const wanted = requestedBytes(claim);
  const { selector } = claim.spec ?? {};
  const isChosen = selector ? labelMatcher(selector) : () => true;
  const className = storageClassOf(claim);
  let found: PersistentVolume | undefined;
  for (const volume of volumes) {
    const isKept = isKeptFor(volume, claim);
    if ((volume.spec?.claimRef && !isKept) || isDeleting(volume)) continue;
    if (bytesOf(volume.spec?.capacity) < wanted || !isAlike(volume, claim)) continue;
    if (isKept) return volume;
    if (keptOnly || volume.status?.phase !== 'Available') continue;
    if (storageClassOf(volume) !== className || !isChosen(volume.metadata.labels ?? {})) continue;
    if (!found || bytesOf(volume.spec?.capacity) < bytesOf(found.spec?.capacity)) found = volume;
  }
  return found;
}

function isAlike(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return isSameMode(volume, claim) && isSameAttributes(volume, claim);
}

/** Whether both are file systems or both are blocks. */
export function isSameMode({ spec: ours }: PersistentVolume, { spec }: PersistentVolumeClaim) {
  return (ours?.volumeMode ?? 'Filesystem') === (spec?.volumeMode ?? 'Filesystem');
}

function isSameAttributes({ spec: ours }: PersistentVolume, { spec }: PersistentVolumeClaim) {
  return (ours?.volumeAttributesClassName ?? '') === (spec?.volumeAttributesClassName ?? '');
}

function offersModes({ spec: ours }: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  return (spec?.accessModes ?? []).every((mode) => ours?.accessModes?.includes(mode));
}

/** Why a volume that a claim names cannot be its; undefined when it can. */
export function mismatch(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
): string | undefined {
  if (bytesOf(volume.spec?.capacity) < requestedBytes(claim)) return 'requested PV is too small';
  if (storageClassOf(volume) !== storageClassOf(claim)) return 'storageClassName does not match';
  if (!isSameAttributes(volume, claim)) return 'VolumeAttributesClassName does not match';
  if (!isSameMode(volume, claim)) return 'incompatible volumeMode';
  return offersModes(volume, claim) ? undefined : 'incompatible accessMode';
}
