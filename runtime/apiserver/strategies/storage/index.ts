/**
 * What no schema can say about volumes, their claims and classes, and the drivers that make them: names that are looked at in lower
 * case, sizes above nothing, one kind of storage a volume, and what may change of a claim once it is bound.
 */
export { volumeAttachments } from './attachments.ts';
export { persistentVolumeClaims } from './claims.ts';
export { storageClasses, volumeAttributesClasses } from './classes.ts';
export { csiDrivers, csiNodes, csiStorageCapacities } from './drivers.ts';
export { persistentVolumes } from './volumes.ts';
