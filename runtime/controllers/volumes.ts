import type { PersistentVolume, PersistentVolumeClaim } from '../../generated/core/v1/types.ts';
import { baseUnits } from '../meta/index.ts';

export const annotations = {
  /** Of a claim: it was bound once. */
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  /** Of a claim or volume: the binder chose the other one, nobody asked for it. */
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  /** Of a volume: who made it. */
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  /** Of a claim or volume: which driver has taken over from the plugin that is named. */
  migratedTo: 'pv.kubernetes.io/migrated-to',
  /** Of a claim: who shall make its volume. */
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  provisionerBeta: 'volume.beta.kubernetes.io/storage-provisioner',
  /** Of a claim: the node that the scheduler wants the volume for. */
  selectedNode: 'volume.kubernetes.io/selected-node',
} as const;

/** Bytes that a claim asks for. */
export function requestedBytes({ spec }: PersistentVolumeClaim): number {
  return baseUnits('storage', spec?.resources?.requests?.storage ?? 0);
}

/** Bytes that a volume or a bound claim has. */
export function bytesOf(capacity: { readonly storage?: string | number } | undefined): number {
  return baseUnits('storage', capacity?.storage ?? 0);
}

/** Whether a volume names this claim; one that names no uid is kept for whoever comes by that name. */
export function isKeptFor({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const reference = spec?.claimRef;
  const { name, namespace, uid } = claim.metadata;
  if (!reference || reference.name !== name || reference.namespace !== namespace) return false;
  return !reference.uid || reference.uid === uid;
}
