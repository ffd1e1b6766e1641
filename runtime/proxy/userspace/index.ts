/**
 * The first mode of kube-proxy (until 1.25): a process that listens on a port for each service port and forwards what comes to
 * the endpoints in turn; iptables rules lead traffic there.
 *
 * `LoadBalancer` decides who is next and who sticks to whom, purely. `UserspaceProxy` follows a rule model with real sockets
 * on one address. `userspaceEmitter` is the rules alone.
 *
 * Invariant: a connection that was made is never moved; endpoints count when one is made.
 *
 * For runtime/proxy and the command that forwards. Left out: loading the rules, and reaching pods that are only simulated
 * (who calls says where an endpoint really is).
 */
export { endpointLocator } from './endpoint-overrides.ts';
export { type Affinity, LoadBalancer, NoEndpoint } from './load-balancer.ts';
export { ProxyPorts } from './proxy-ports.ts';
export type { HostPort } from './proxy-socket.ts';
export { UserspaceRules, userspaceEmitter } from './rules.ts';
export { type Forward, UserspaceProxy, type UserspaceProxyOptions } from './userspace-proxy.ts';
