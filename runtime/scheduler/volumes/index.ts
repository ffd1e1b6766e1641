/**
 * What volumes mean for scheduling: which nodes reach the volumes of a pod's claims, which volumes a node would give to
 * claims that wait for it, and what is taken by pods whose binding is under way.
 *
 * Everything is decided from `StorageObjects`, read when asked; `AssumedVolumes` is the only state, and only while the API
 * does not say it yet. The plugins over it are in `plugins/`; `bind.ts` does what was decided.
 *
 * Left out: translation of in-tree volumes to their CSI drivers.
 */
export { AssumedVolumes } from './assumed.ts';
export {
  bindVolumes,
  releaseVolumes,
  reserveVolumes,
  type VolumeBindings,
  volumesState,
} from './bind.ts';
export { ClaimUsers } from './claim-users.ts';
export { capacityOf, claimKey, classOf, isFullyBound, requestOf } from './claims.ts';
export { conflict } from './disks.ts';
export { claimsOf, type PodClaims, planVolumes, type VolumePlan } from './find.ts';
export {
  hasEphemeralClaims,
  type PodVolumes,
  podVolumes,
  volumesThatMatter,
} from './pod-volumes.ts';
export { listedStorage, type StorageLists, type StorageObjects } from './storage-objects.ts';
