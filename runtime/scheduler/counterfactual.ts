import { formatAmount } from './amounts.ts';
import type { ClusterState } from './cluster-state.ts';
import type { NodeInfo } from './node-info.ts';
import { affinityCulprit } from './plugins/inter-pod-affinity.ts';
import { shortages } from './plugins/node-resources-fit.ts';
import type { PodShape } from './pod-shape.ts';
import { formatPort, formatTaint, takenPort } from './refusal-numbers.ts';
import { firstUntolerated } from './tolerations.ts';

/** A change after which the pod would fit a node; the smaller costs less. */
interface Change {
  readonly text: string;
  readonly cost: number;
}

const SHOWN_MAX = 5;

/** For nodes that one plugin alone refuses: what would have to be different. The smallest changes first. */
export function counterfactuals(
  shape: PodShape,
  asked: readonly { readonly slot: number; readonly refusals: readonly string[] }[],
  state: ClusterState,
): string[] {
  const found: Change[] = [];
  for (const { slot, refusals } of asked) {
    if (refusals.length !== 1) continue;
    const node = state.at(slot)!;
    const change = changeFor(shape, refusals[0]!, node, state);
    if (change) found.push({ text: `fits ${node.name} ${change.text}`, cost: change.cost });
  }
  return found
    .sort((a, b) => a.cost - b.cost)
    .slice(0, SHOWN_MAX)
    .map(({ text }) => text);
}

function changeFor(
  shape: PodShape,
  plugin: string,
  node: NodeInfo,
  state: ClusterState,
): Change | undefined {
  switch (plugin) {
    case 'NodeResourcesFit':
      return smallerRequests(shape, node);
    case 'TaintToleration': {
      const { tolerations } = shape.requirements;
      const untolerated = node.facts!.hardTaints.filter((taint) =>
        firstUntolerated([taint], tolerations),
      );
      return { text: `if it tolerated ${untolerated.map(formatTaint).join(' and ')}`, cost: 2 };
    }
    case 'NodeUnschedulable':
      return { text: 'if the node were uncordoned', cost: 2 };
    case 'NodePorts': {
      const taken = takenPort(shape, node);
      return (
        taken && { text: `if ${taken.by} gave up host port ${formatPort(taken.port)}`, cost: 2 }
      );
    }
    case 'InterPodAffinity': {
      const culprit = affinityCulprit(shape, node, state);
      if (culprit) return { text: `if ${culprit} were elsewhere`, cost: 3 };
      return { text: 'if a pod that its affinity asks for were there', cost: 3 };
    }
    case 'PodTopologySpread':
      return { text: 'if its spread constraint were ScheduleAnyway', cost: 3 };
    case 'NodeAffinity':
      return { text: 'without its node affinity and selector', cost: 3 };
    case 'NodeVolumeLimits':
      return { text: 'if one more volume could be attached', cost: 4 };
    case 'VolumeBinding':
    case 'VolumeZone':
      return { text: 'if its volumes could be reached from there', cost: 4 };
    default:
      return undefined;
  }
}

function smallerRequests({ requirements }: PodShape, node: NodeInfo): Change | undefined {
  const short = shortages(requirements, node);
  if (short.some(({ resource, used, allocatable }) => resource === 'pods' || used > allocatable))
    return undefined;
  const limits = short.map(
    ({ resource, used, allocatable }) =>
      `${resource} request ≤ ${formatAmount(resource, allocatable - used)}`,
  );
  const cost = Math.max(...short.map((each) => 1 - (each.allocatable - each.used) / each.asks));
  return { text: `if ${limits.join(' and ')}`, cost };
}
