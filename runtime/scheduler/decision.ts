import type { Pod } from '../../generated/core/v1/types.ts';
import { Random } from '../base/index.ts';
import type { SchedulingExplanation } from '../client/index.ts';
import type { ClusterState } from './cluster-state.ts';
import { counterfactuals } from './counterfactual.ts';
import { incomingOf } from './cycle.ts';
import { filterOf, runnerFor } from './inspection.ts';
import { NO_NODES } from './messages.ts';
import { shapeOf } from './pod-shape.ts';
import { postFilter } from './preemption/index.ts';
import type { Profile } from './profile.ts';
import type { ProfileRunner } from './profile-runner.ts';
import { inNumbers } from './refusal-numbers.ts';
import type { PluginScores } from './scoring.ts';
import type { SchedulingView } from './view.ts';

type ExplainedNode = SchedulingExplanation['nodes'][number];

/** A node with what every plugin says of it, not only the first that refuses. */
interface Asked {
  readonly slot: number;
  readonly explained: ExplainedNode;
  readonly refusals: readonly string[];
}

/**
 * Why a pod is where it is, or nowhere: every node with the plugins that refuse it and the numbers, scores of those that
 * fit, what preemption would do, and what would have to change. Pure; computed on demand. A pod that is on a node is judged
 * as if it were not, by the snapshot as it is now.
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
  const plugins = filterNames(runner.profile);
  const asked = askAll(pod, plugins, judged);
  const table = runner.scores(incomingOf(pod), state);
  const fitsSomewhere = asked.some(({ refusals }) => refusals.length === 0);
  const preemption = fitsSomewhere || current ? undefined : outlook(pod, runner, judged);
  return {
    pod: key,
    summary: summarize(pod, asked, state),
    ...(current ? { node: current } : {}),
    plugins,
    nodes: asked.map(({ explained }) => ({ ...explained, ...scoresOf(explained.name, table) })),
    ...(preemption === undefined ? {} : { preemption }),
    counterfactual: fitsSomewhere ? [] : counterfactuals(shapeOf(pod), asked, state),
  };
}

function filterNames({ localFilters, clusterFilters }: Profile): string[] {
  return [...localFilters, ...clusterFilters].map(({ name }) => name);
}

function unknownScheduler(pod: string, { spec }: Pod): SchedulingExplanation {
  const summary = `no scheduler is named ${spec?.schedulerName}: the pod waits for one`;
  return { pod, summary, plugins: [], nodes: [], counterfactual: [] };
}

function askAll(pod: Pod, plugins: readonly string[], view: SchedulingView): Asked[] {
  const { state } = view;
  const shape = shapeOf(pod);
  const filters = plugins.map((plugin) => ({ plugin, filter: filterOf(pod, plugin, view) }));
  return [...state.order()].map((slot): Asked => {
    const node = state.at(slot)!;
    const refusals: { plugin: string; reason: string }[] = [];
    for (const { plugin, filter } of filters) {
      const rejection = filter(slot, node);
      if (!rejection) continue;
      const reason = inNumbers(shape, plugin, node, state) ?? rejection.reasons.join(', ');
      refusals.push({ plugin, reason });
    }
    const [first] = refusals;
    const refused = first && { refusedBy: first.plugin, reason: first.reason, refusals };
    return {
      slot,
      refusals: refusals.map(({ plugin }) => plugin),
      explained: { name: node.name, ...refused },
    };
  });
}

function scoresOf(
  node: string,
  table: readonly PluginScores[],
): Pick<ExplainedNode, 'score' | 'scores'> {
  const score = table.find(({ plugin }) => plugin === 'total')?.scores.get(node);
  if (score === undefined) return {};
  const parts = table.filter(({ plugin }) => plugin !== 'total');
  const scores = parts.map(({ plugin, scores }) => [plugin, scores.get(node) ?? 0] as const);
  return { score, scores: Object.fromEntries(scores) };
}

function summarize(pod: Pod, asked: readonly Asked[], state: ClusterState): string {
  const current = pod.spec?.nodeName;
  if (current) return `is on ${current}`;
  const gates = pod.spec?.schedulingGates ?? [];
  if (gates.length > 0)
    return `waits for its scheduling gates: ${gates.map(({ name }) => name).join(', ')}`;
  if (state.nodeCount === 0) return NO_NODES;
  const fitting = asked.filter(({ refusals }) => refusals.length === 0).length;
  const nominated = pod.status?.nominatedNodeName;
  const waits = nominated ? `, waits for room on ${nominated}` : '';
  if (fitting > 0) return `fits ${fitting} of ${state.nodeCount} nodes${waits}`;
  return `fits none of ${state.nodeCount} nodes${waits}`;
}

/** What PostFilter would do for the pod now. */
function outlook(
  pod: Pod,
  runner: ProfileRunner,
  { state, budgets }: SchedulingView,
): string | undefined {
  const random = Random.seeded(1);
  const outcome = runner.schedule(incomingOf(pod), state, { start: 0 }, random);
  if (outcome.kind !== 'unschedulable') return undefined;
  const { candidate, reply } = postFilter(outcome, { budgets, random });
  if (!candidate) return reply;
  const { victims, nodeName, violations } = candidate;
  const names = victims.map(({ key, shape }) => `${key} (priority ${shape.priority})`);
  const breaks = violations > 0 ? `, breaking ${violations} disruption budgets` : '';
  return `preemption: would make room on ${nodeName} by evicting ${names.join(', ')}${breaks}`;
}
