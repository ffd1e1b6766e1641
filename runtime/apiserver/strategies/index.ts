/** What only code can say about particular kinds. A kind without an entry is served by its schema alone. */
import { namespaces } from './namespaces.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods.ts';
import { secrets } from './secrets.ts';
import { services } from './services.ts';
import type { Strategy } from './strategy.ts';
import { deployments, replicaSets } from './workloads.ts';

const STRATEGIES: Readonly<Record<string, unknown>> = {
  'deployments.apps': deployments,
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
