/**
 * What a storage driver's own controllers do, for every driver that a cluster names: they make volumes for claims, delete those that
 * were let go, make them larger, and attach them to nodes. A real cluster runs them beside each driver (external-provisioner,
 * external-resizer, external-attacher); here one of each stands for all, and the storage behind them is without end and takes a moment for everything.
 *
 * A claim is served once the binder has written its provisioner into it, and the scheduler a node where the class waits for one. The
 * volume is called `pvc-<uid>` and is reachable where the node's driver says (CSINode), or where the class allows.
 *
 * Invariant: what is remembered is only when each wait ends (`Waits`); a restart begins the wait anew, and a volume is never made twice,
 * since its name follows from the claim.
 *
 * For runtime/cluster. Left out: snapshots, clones, changes of attributes, the attacher's finalizer on volumes, and drivers that
 * fail.
 */
export { createAttacher } from './attacher.ts';
export { createVolumeDeleter } from './deleter.ts';
export { createProvisioner } from './provisioner.ts';
export { createResizer } from './resizer.ts';
