import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { compileLabelSelector, type Labels, type NodeFields } from '../selectors.ts';
import { capacityOf, isReachable, isReservedFor, requestOf } from './claims.ts';

/**
 * The volume for a claim on a node: one that is reserved for it, else the smallest free one that is large enough and of the
 * right kind. `isTaken` says which are spoken for.
 */
export function matchingVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  node: NodeFields,
  isTaken: (volume: PersistentVolume) => boolean,
): PersistentVolume | undefined {
  const wanted = requestOf(claim);
  const selector = claim.spec?.selector && compileLabelSelector(claim.spec.selector);
  let smallest: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (isTaken(volume) || volume.metadata.deletionTimestamp !== undefined) continue;
    const reserved = isReservedFor(volume, claim);
    if ((volume.spec?.claimRef && !reserved) || capacityOf(volume) < wanted) continue;
    if (!isSameMode(volume, claim)) continue;
    if (reserved) return isReachable(volume, node) ? volume : undefined;
    if (volume.status?.phase !== 'Available') continue;
    if (selector && !selector.matches((volume.metadata.labels ?? {}) as Labels)) continue;
    if (!isReachable(volume, node) || !offersAccess(volume, claim)) continue;
    if (!smallest || capacityOf(volume) < capacityOf(smallest)) smallest = volume;
  }
  return smallest;
}

function isSameMode({ spec: ours }: PersistentVolume, { spec: asked }: PersistentVolumeClaim) {
  const mode = (spec: { readonly volumeMode?: string } | undefined): string =>
    spec?.volumeMode ?? 'Filesystem';
  return (
    mode(ours) === mode(asked) &&
    (ours?.volumeAttributesClassName ?? '') === (asked?.volumeAttributesClassName ?? '')
  );
}

function offersAccess({ spec: ours }: PersistentVolume, { spec: asked }: PersistentVolumeClaim) {
  const offered: readonly string[] = ours?.accessModes ?? [];
  return ((asked?.accessModes ?? []) as readonly string[]).every((mode) => offered.includes(mode));
}
