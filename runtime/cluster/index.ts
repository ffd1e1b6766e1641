/**
 * The composition root: a whole cluster in one process.
 *
 * `createCluster` wires storage, API server, journal, controllers, scheduler, nodes and proxies to one event loop in virtual time.
 * `Cluster` is driven by `settle`, `advance` and `drain` (run, tests) or by a `Pacer` while somebody watches; `fork` gives an
 * independent copy at the cost of copying what is named, not what is stored.
 *
 * Invariant: nothing outside this folder knows two rooms of the control plane at once. Components are made in a fixed order
 * and get their loop, time, randomness and transport from here, so that the same seed and inputs give the same journal.
 *
 * Left out: manifests (authoring feeds a cluster through its client) and screens (tui looks through `Control`).
 */

export { type AuthorizationMode, undisableable } from '../apiserver/index.ts';
export { Cluster, type ClusterOptions, SETTLE_LIMIT_MS, type Settled } from './cluster.ts';
export { createControl, type ManifestSource } from './control.ts';
export { type ControlPlaneOptions, explainPod } from './control-plane.ts';
export { createCluster } from './create.ts';
export { FAULT_KINDS, FaultError, faultText, parseFault } from './faults/index.ts';
export { type Forwarding, type ForwardingOptions, forwardServices } from './forwarding.ts';
export { Pacer } from './pacer.ts';
export {
  lookAtProxy,
  PROXY_NEEDS,
  PROXY_READS,
  RULE_MODES,
  RuleFeed,
  type RuleText,
} from './proxies.ts';
export { type Rehearsed, rehearse } from './rehearsal.ts';
export { type ServedKind, servedKinds } from './served.ts';
export { type Serving, type ServingOptions, serveApi, servingCertificates } from './serving.ts';
export { explainUnscheduled } from './unscheduled.ts';
