/**
 * Lets go of storage objects that are deleted once nobody uses them: claims when no pod on a node mounts them, volumes when they are
 * not bound, classes of attributes when no claim and no volume names them.
 *
 * Three controllers in one folder, since they are the same thought: a finalizer that admission put on (StorageObjectInUseProtection)
 * is put on again where it is missing, and taken off a deleted object that is not in use. Whether it is in use is read from indexes.
 *
 * For runtime/cluster. Left out: binding, and deleting what lies behind a volume.
 */
export {
  createAttributesClassProtection,
  createClaimProtection,
  createVolumeProtection,
} from './controllers.ts';
