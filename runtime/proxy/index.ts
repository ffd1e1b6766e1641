/**
 * The node's proxy (kube-proxy): Services and EndpointSlices in, the rules that carry their traffic out.
 *
 * `model/` says what a node sees; each emitter (`iptables/` and its neighbours, listed in `modes.ts`) turns a model into the text
 * that one mode of kube-proxy loads into the kernel.
 */
export { PROXY_NEEDS, PROXY_READS, proxyConfig } from './configuration.ts';
export type { Emitter } from './emitter.ts';
export { HealthServer, Liveness } from './health/index.ts';
export { restoreText } from './iptables/index.ts';
export * from './model/index.ts';
export { EMITTERS } from './modes.ts';
export { type NodeProxy, Proxies } from './proxies.ts';
export { RuleFeed, type RuleFeedOptions, type RuleText } from './rule-feed.ts';
export {
  endpointLocator,
  type Forward,
  UserspaceProxy,
  type UserspaceProxyOptions,
} from './userspace/index.ts';
