/**
 * Gives every node the range that its pods' addresses come from (`spec.podCIDR`, `spec.podCIDRs`).
 *
 * The ranges are the blocks of the Cluster's `network.podCIDR`, `network.nodeCIDRMaskSize` bits long, dealt out in turn: the
 * search goes on where the last one ended and comes back to blocks whose node has gone. When none is left the node stays
 * without, an event says CIDRNotAvailable, and the next block that becomes free is its.
 *
 * Invariant: no two nodes have one block; which are taken is read from an index over the nodes.
 *
 * Where we deviate: a cluster that leaves the network at its default has no end of ranges. Real ones stop at the 256th node
 * of a /16; here the blocks go on after 10.244.0.0/16 in the order in which simulated kubelets number their pods, so that
 * 5,000 nodes need no configuration.
 *
 * `controllerManager.allocateNodeCIDRs: false` switches this off, as leaving out `--allocate-node-cidrs` does upstream: nodes then
 * stay as they were made.
 *
 * For runtime/cluster. Left out: IPv6 ranges, and cloud providers' allocators.
 */
export { createNodeIpamController } from './controller.ts';
