/**
 * kube-proxy's iptables mode: a rule model as text for iptables-restore (ip6tables-restore for IPv6).
 *
 * `kernelText` is everything, for an empty kernel; `restoreText` is what kube-proxy itself feeds on a full sync, without what
 * it does by separate commands; `Follower` gives the partial text after each change. Chains, comments and the order within a
 * chain are kube-proxy's to the letter, names included (a hash of service, port and protocol).
 *
 * Invariant: playing all updates of a follower leaves the kernel as the full text of the last model would.
 *
 * For runtime/proxy only; pure. Left out: packet counters (nfacct), which kube-proxy uses where the kernel has them.
 */
export { iptablesEmitter } from './emitter.ts';
export { Follower } from './follow.ts';
export { kernelText, restoreText } from './text.ts';
