import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { annotations } from '../volumes.ts';
import { isSameMode } from './match.ts';

export type VolumeAction =
  | { readonly kind: 'phase'; readonly phase: 'Available' | 'Bound' }
  /** Its claim is gone, or has another volume. */
  | { readonly kind: 'release' }
  /** Its claim has another volume, and it was not made for it. */
  | { readonly kind: 'unbind' }
  /** Its claim can never have it. */
  | { readonly kind: 'mismatch' }
  /** The claim's side goes on with the binding. */
  | { readonly kind: 'wait' };

/** `claim` is what the volume's claimRef names, whatever its uid. */
export function decideVolume(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim | undefined,
): VolumeAction {
  const { claimRef, persistentVolumeReclaimPolicy } = volume.spec ?? {};
  if (!claimRef?.uid) return { kind: 'phase', phase: 'Available' };
  if (!claim || claim.metadata.uid !== claimRef.uid) return { kind: 'release' };
  const chosen = claim.spec?.volumeName;
  if (!chosen) return isSameMode(volume, claim) ? { kind: 'wait' } : { kind: 'mismatch' };
  if (chosen === volume.metadata.name) return { kind: 'phase', phase: 'Bound' };
  const isMade = volume.metadata.annotations?.[annotations.provisionedBy] !== undefined;
  return isMade && persistentVolumeReclaimPolicy === 'Delete'
    ? { kind: 'release' }
    : { kind: 'unbind' };
}
