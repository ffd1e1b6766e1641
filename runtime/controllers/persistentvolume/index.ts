/**
 * persistentvolume-binder: brings claims and volumes together, and deals with volumes whose claim is gone.
 *
 * A claim gets the smallest available volume that satisfies it (`match.ts`), or the one that it names or that is kept for it. Both
 * sides are written, one after the other: the volume's claimRef, the volume's phase, the claim's volumeName, the claim's status. A claim
 * without a volume waits for its first consumer, or asks its class's provisioner for one (`decide-claim.ts`); one that names no class
 * gets the default class once there is one. A volume whose claim is gone is Released and then kept, emptied or deleted, as its policy
 * says (`decide-volume.ts`, `reclaim.ts`).
 *
 * A third controller tells claims that ask to grow whom they wait for (`expand.ts`).
 *
 * Invariant: what is half bound is finished by the next look at either side: nothing is remembered. A volume that becomes free brings
 * back the unbound claims of its class; upstream looks at all of them every 15 seconds instead, and repeats its events then.
 *
 * For runtime/cluster. Left out: making and growing volumes (csi), which claims a pod's node decides for (the scheduler), the in-tree
 * provisioners that drivers have replaced, and the pods that recycle: a recycled volume is empty at once.
 */
export { createClaimBinder } from './claims.ts';
export { createExpandController } from './expand.ts';
export { createVolumeBinder } from './volumes.ts';
