import type { Pod, Taint } from '../../generated/core/v1/types.ts';
import type { SchedulingExplanation } from '../client/index.ts';
import { formatAmount } from './amounts.ts';
import type { ClusterState } from './cluster-state.ts';
import type { SlotFilter } from './framework.ts';
import { filterOf, runnerFor } from './inspection.ts';
import { NO_NODES } from './messages.ts';
import type { NodeInfo } from './node-info.ts';
import { type Shortage, shortages } from './plugins/node-resources-fit.ts';
import { spreadNumbers } from './plugins/spread-numbers.ts';
import { shapeOf } from './pod-shape.ts';
import type { Profile } from './profile.ts';
import { firstUntolerated } from './tolerations.ts';
import type { SchedulingView } from './view.ts';

type ExplainedNode = SchedulingExplanation['nodes'][number];

interface Asked {
  readonly slot: number;
  readonly explained: ExplainedNode;
  /** All plugins that refuse the node, not only the first. */
  readonly refusals: readonly string[];
}

const COUNTERFACTUALS_MAX = 5;

/**
 * Why a pod is where it is, or nowhere: every node with the first plugin that refuses it and the numbers, scores of
 * those that fit, and what would have to change. Pure; computed on demand. A pod that is on a node is judged as if it
 * were not, by the snapshot as it is now.
 */
export function explain(pod: Pod, view: SchedulingView): SchedulingExplanation {
  const state = view.state.fork();
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  const key = `${namespace}/${name}`;
  const current = pod.spec?.nodeName;
  if (current) state.removePod(current, uid, key);
  const runner = runnerFor(pod, view);
  if (!runner) return unknownScheduler(key, pod);
  const judged: SchedulingView = { ...view, state };
  const filters = filterNames(runner.profile);
  const table = runner.scores(shapeOf(pod), state).find(({ plugin }) => plugin === 'total');
  const named = filters.map((plugin) => ({ plugin, filter: filterOf(pod, plugin, judged) }));
  const asked = [...state.order()].map((slot) => ask(pod, slot, named, state));
  return {
    pod: key,
    summary: summarize(pod, asked, state),
    ...(current ? { node: current } : {}),
    plugins: filters,
    nodes: asked.map(({ explained }) => {
      const score = table?.scores.get(explained.name);
      return score === undefined ? explained : { ...explained, score };
    }),
    counterfactual: asked.some(({ refusals }) => refusals.length === 0)
      ? []
      : counterfactuals(pod, asked, state),
  };
}

function filterNames({ localFilters, clusterFilters }: Profile): string[] {
  return [...localFilters, ...clusterFilters].map(({ name }) => name);
}

function unknownScheduler(pod: string, { spec }: Pod): SchedulingExplanation {
  const summary = `no scheduler is named ${spec?.schedulerName}: the pod waits for one`;
  return { pod, summary, plugins: [], nodes: [], counterfactual: [] };
}

function ask(
  pod: Pod,
  slot: number,
  filters: readonly { readonly plugin: string; readonly filter: SlotFilter }[],
  state: ClusterState,
): Asked {
  const node = state.at(slot)!;
  const refusals: string[] = [];
  let reason: string | undefined;
  for (const { plugin, filter } of filters) {
    const rejection = filter(slot);
    if (!rejection) continue;
    reason ??= numbers(pod, plugin, node, state) ?? rejection.reasons.join(', ');
    refusals.push(plugin);
  }
  const refused = reason === undefined ? {} : { refusedBy: refusals[0]!, reason };
  return { slot, refusals, explained: { name: node.name, ...refused } };
}

/** The refusal in numbers or names; undefined when the plugin's own words say all. */
function numbers(
  pod: Pod,
  plugin: string,
  node: NodeInfo,
  state: ClusterState,
): string | undefined {
  const shape = shapeOf(pod);
  switch (plugin) {
    case 'NodeResourcesFit':
      return shortages(shape.requirements, node).map(describeShortage).join(', ');
    case 'TaintToleration': {
      const taint = firstUntolerated(node.facts!.hardTaints, shape.requirements.tolerations);
      return taint && `taint ${formatTaint(taint)} is not tolerated`;
    }
    case 'PodTopologySpread':
      return spreadNumbers(shape, node, state);
    default:
      return undefined;
  }
}

function describeShortage({ resource, asks, used, allocatable }: Shortage): string {
  if (resource === 'pods') return `pods: ${used} of ${allocatable} places taken`;
  const amount = (value: number): string => formatAmount(resource, value);
  return `${resource}: asks ${amount(asks)}, free ${amount(allocatable - used)} of ${amount(allocatable)}`;
}

function formatTaint({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ''}:${effect}`;
}

function summarize(pod: Pod, asked: readonly Asked[], state: ClusterState): string {
  const current = pod.spec?.nodeName;
  if (current) return `is on ${current}`;
  const gates = pod.spec?.schedulingGates ?? [];
  if (gates.length > 0)
    return `waits for its scheduling gates: ${gates.map(({ name }) => name).join(', ')}`;
  if (state.nodeCount === 0) return NO_NODES;
  const fitting = asked.filter(({ refusals }) => refusals.length === 0).length;
  if (fitting > 0) return `fits ${fitting} of ${state.nodeCount} nodes`;
  return `fits none of ${state.nodeCount} nodes`;
}

/** For nodes that one plugin alone refuses: what would have to be different. The smallest changes first. */
function counterfactuals(pod: Pod, asked: readonly Asked[], state: ClusterState): string[] {
  const found: { readonly text: string; readonly cost: number }[] = [];
  for (const { slot, refusals } of asked) {
    if (refusals.length !== 1) continue;
    const change = changeFor(pod, refusals[0]!, state.at(slot)!);
    if (change)
      found.push({ text: `fits ${state.at(slot)!.name} ${change.text}`, cost: change.cost });
  }
  return found
    .sort((a, b) => a.cost - b.cost)
    .slice(0, COUNTERFACTUALS_MAX)
    .map(({ text }) => text);
}

function changeFor(
  pod: Pod,
  plugin: string,
  node: NodeInfo,
): { readonly text: string; readonly cost: number } | undefined {
  const { requirements } = shapeOf(pod);
  switch (plugin) {
    case 'NodeResourcesFit': {
      const short = shortages(requirements, node);
      if (
        short.some(({ resource, used, allocatable }) => resource === 'pods' || used > allocatable)
      )
        return undefined;
      const limits = short.map(
        ({ resource, used, allocatable }) =>
          `${resource} request ≤ ${formatAmount(resource, allocatable - used)}`,
      );
      const cost = Math.max(...short.map((each) => 1 - (each.allocatable - each.used) / each.asks));
      return { text: `if ${limits.join(' and ')}`, cost };
    }
    case 'TaintToleration': {
      const untolerated = node.facts!.hardTaints.filter((taint) =>
        firstUntolerated([taint], requirements.tolerations),
      );
      return { text: `if it tolerated ${untolerated.map(formatTaint).join(' and ')}`, cost: 2 };
    }
    case 'NodeUnschedulable':
      return { text: 'if the node were uncordoned', cost: 2 };
    case 'NodeAffinity':
      return { text: 'without its node affinity and selector', cost: 3 };
    default:
      return undefined;
  }
}
