import type { Taint } from '../../generated/core/v1/types.ts';
import { formatAmount } from './amounts.ts';
import type { ClusterState } from './cluster-state.ts';
import type { NodeInfo } from './node-info.ts';
import { affinityCulprit } from './plugins/inter-pod-affinity.ts';
import { clash } from './plugins/node-ports.ts';
import { type Shortage, shortages } from './plugins/node-resources-fit.ts';
import { spreadNumbers } from './plugins/spread-numbers.ts';
import type { HostPort, PodShape } from './pod-shape.ts';
import { firstUntolerated } from './tolerations.ts';

/** A plugin's refusal of a node in numbers or names; undefined when the plugin's own words say all. */
export function inNumbers(
  shape: PodShape,
  plugin: string,
  node: NodeInfo,
  state: ClusterState,
): string | undefined {
  switch (plugin) {
    case 'NodeResourcesFit':
      return shortages(shape.requirements, node).map(describeShortage).join(', ');
    case 'TaintToleration': {
      const taint = firstUntolerated(node.facts!.hardTaints, shape.requirements.tolerations);
      return taint && `taint ${formatTaint(taint)} is not tolerated`;
    }
    case 'NodePorts': {
      const taken = takenPort(shape, node);
      return taken && `host port ${formatPort(taken.port)} belongs to ${taken.by}`;
    }
    case 'PodTopologySpread':
      return spreadNumbers(shape, node, state);
    case 'InterPodAffinity': {
      const culprit = affinityCulprit(shape, node, state);
      return culprit && `anti-affinity with ${culprit}`;
    }
    default:
      return undefined;
  }
}

/** The first port that a pod on the node has already. */
export function takenPort(
  { requirements }: PodShape,
  { pods }: NodeInfo,
): { readonly port: HostPort; readonly by: string } | undefined {
  for (const port of requirements.hostPorts)
    for (const { key, shape } of pods)
      if (shape.requirements.hostPorts.some((used) => clash(port, used))) return { port, by: key };
  return undefined;
}

function describeShortage({ resource, asks, used, allocatable }: Shortage): string {
  if (resource === 'pods') return `pods: ${used} of ${allocatable} places taken`;
  const amount = (value: number): string => formatAmount(resource, value);
  return `${resource}: asks ${amount(asks)}, free ${amount(allocatable - used)} of ${amount(allocatable)}`;
}

export function formatTaint({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ''}:${effect}`;
}

export function formatPort({ port, protocol }: HostPort): string {
  return `${port}/${protocol}`;
}
