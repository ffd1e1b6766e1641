/**
 * What a node's proxy makes rules from: Services and EndpointSlices as the node sees them, under a KubeProxyConfiguration.
 *
 * A `RuleModel` is one IP family of one node (dual stack = two models): every service port with its addresses, policies and
 * affinity, and its endpoints sorted by traffic policy, topology hints and the fallback to terminating ones already applied.
 * Emitters turn it into text; they decide nothing that all of them must agree on.
 *
 * Invariant: a model is immutable, and the next one shares by reference every service and port that did not change. So an
 * emitter can remember its text by identity (`WeakMap`), and `ModelChange` says where to look. The same objects give the same
 * model, whatever the order in which they came (`RuleTracker` = `ruleModel`, which a property test holds).
 *
 * For runtime/proxy only. Left out: where the objects come from, and which text a mode wants.
 */
export {
  canonicalIP,
  canonicalRange,
  familyOf,
  isZeroRange,
  rangeContains,
  rangeFamily,
} from './addresses.ts';
export {
  answerOf,
  type HealthCheckAnswer,
  healthChecks,
  type ProxyHealth,
  proxyHealth,
} from './health.ts';
export { MODES, type ProxyConfig, proxyNode, proxySettings } from './settings.ts';
export { type StaleFlows, staleFlows } from './stale-flows.ts';
export { type ModelSource, RuleTracker, ruleModel, type TrackerOptions } from './tracker.ts';
export type * from './types.ts';
