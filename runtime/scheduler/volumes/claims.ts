import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { baseUnits } from '../../meta/index.ts';
import { compileNodeSelector, type NodeFields, type NodeMatcher } from '../selectors.ts';

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';

/** Name of the storage class of a claim or volume; '' for none. */
export function classOf({ metadata, spec }: PersistentVolume | PersistentVolumeClaim): string {
  return metadata.annotations?.[CLASS_ANNOTATION] ?? spec?.storageClassName ?? '';
}

/** Bound on both sides, as the volume controller has noted. */
export function isFullyBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return Boolean(spec?.volumeName) && metadata.annotations?.[BIND_COMPLETED] !== undefined;
}

export function requestOf({ spec }: PersistentVolumeClaim): number {
  return baseUnits('storage', spec?.resources?.requests?.['storage'] ?? 0);
}

export function capacityOf({ spec }: PersistentVolume): number {
  return baseUnits('storage', spec?.capacity?.['storage'] ?? 0);
}

const matchers = new WeakMap<PersistentVolume, NodeMatcher>();

/** Whether the volume can be used on the node. */
export function isReachable(volume: PersistentVolume, node: NodeFields): boolean {
  const required = volume.spec?.nodeAffinity?.required;
  if (!required) return true;
  let matches = matchers.get(volume);
  if (!matches) {
    matches = compileNodeSelector(required);
    matchers.set(volume, matches);
  }
  return matches(node);
}

/** Whether the volume is reserved for just this claim. */
export function isReservedFor({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const reserved = spec?.claimRef;
  const { name, namespace, uid } = claim.metadata;
  if (!reserved || reserved.name !== name || reserved.namespace !== namespace) return false;
  return !reserved.uid || reserved.uid === uid;
}

export function claimKey({ metadata }: PersistentVolumeClaim): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
}
