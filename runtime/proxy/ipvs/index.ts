/**
 * kube-proxy's ipvs mode: virtual servers that the kernel balances, sets of addresses and ports, and a handful of iptables rules
 * that match the sets and do not grow with the services. Names of sets and chains, comments and the order of rules are upstream's.
 *
 * What four programs load is one script for `sh`: `ip` (a dummy interface that has the services' addresses), `ipset restore`,
 * `iptables-restore` and `ipvsadm --restore`, each with its lines in a here-document.
 *
 * Invariant: a kernel that ran any full text and then the updates is as after the full text of the last model; a property
 * test holds it with an interpreter of the four languages.
 *
 * For runtime/proxy only; pure. Left out: kernel parameters, and waiting for connections of endpoints that go (they get
 * weight 0 with one update and are deleted with the next).
 */
export { ipvsEmitter } from './emitter.ts';
export { IpvsRules } from './ruleset.ts';
