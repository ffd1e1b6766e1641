/**
 * attachdetach-controller: asks drivers to attach the volumes of scheduled pods to their nodes, and to detach what no pod there needs.
 *
 * For each node, the volumes of the claims of its pods that have not ended are compared with the VolumeAttachments that name the node
 * (`decide.ts`); the driver's own attacher (csi) carries them out. What is attached is written into the node's status. A volume that
 * only one node may have waits until it is detached from another, and the pod is told (Multi-Attach error).
 *
 * Invariant: an attachment's name follows from volume, driver and node, so that none is made twice; others' attachments are left alone.
 * Work per change of a pod with claims: the pods with claims on its node.
 *
 * For runtime/cluster. Left out: volumes that pods name themselves, the node's word on what it still has mounted (simulated nodes mount
 * nothing), and detaching by force after six minutes.
 */
export { createAttachDetachController } from './controller.ts';
