/** What only code can say about particular kinds. A kind without an entry is served by its schema alone. */
import { configMaps } from './config-maps.ts';
import { endpointSlices } from './endpoint-slices.ts';
import { events } from './events.ts';
import { namespaces } from './namespaces.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods/index.ts';
import { secrets } from './secrets.ts';
import { services } from './services/index.ts';
import type { Strategy } from './strategy.ts';
import { deployments, replicaSets } from './workloads.ts';

const STRATEGIES: Readonly<Record<string, unknown>> = {
  configmaps: configMaps,
  'deployments.apps': deployments,
  'endpointslices.discovery.k8s.io': endpointSlices,
  events,
  'leases.coordination.k8s.io': { needsVersion: true },
  namespaces,
  nodes,
  pods,
  'replicasets.apps': replicaSets,
  secrets,
  serviceaccounts: { returnsDeleted: true },
  services,
};

const PLAIN: Strategy = {};

export function strategyOf(resource: string): Strategy {
  return (STRATEGIES[resource] as Strategy | undefined) ?? PLAIN;
}
