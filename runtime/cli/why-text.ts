import type { SchedulingExplanation } from '../client/index.ts';
import { columns } from './columns.ts';

type Node = SchedulingExplanation['nodes'][number];

const ASKED = '·';
const NOT_ASKED = '–';
const REFUSED = '✗';
/** Columns side by side; with more, a line for each node is easier to read. */
const COLUMNS_MAX = 8;

/** One sentence, which plugin refuses which node and by how much, and what would have to change. */
export function whyText(explanation: SchedulingExplanation): string {
  const { pod, summary, nodes, preemption, counterfactual } = explanation;
  const alike = nodes.length <= COLUMNS_MAX ? nodes.map((node) => [node]) : groupsOf(nodes);
  const isGrouped = alike.length < nodes.length;
  const ways = counterfactual.map((way) => `→ ${way}\n`).join('');
  const parts = [
    `pod ${pod}: ${summary}\n`,
    alike.length <= COLUMNS_MAX ? matrix(explanation.plugins, alike) : '',
    isGrouped || alike.length > COLUMNS_MAX ? nodeReasons(nodes, '') : '',
    preemption === undefined ? '' : `${preemption}\n`,
    ways,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** Nodes that are refused by the same plugin for the same reason, and those that fit, each under the first of them. */
function groupsOf(nodes: readonly Node[]): Node[][] {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const key = `${node.refusedBy ?? ''}\0${node.reason ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return [...groups.values()];
}

/** For each node the first plugin that refuses it, with the numbers; or its score. */
export function nodeReasons(nodes: readonly Node[], indent = '  '): string {
  const width = Math.max(0, ...nodes.map(({ name }) => name.length));
  return nodes.map((node) => `${indent}${node.name.padEnd(width)}  ${reasonOf(node)}\n`).join('');
}

function reasonOf({ refusedBy, reason, score }: Node): string {
  if (refusedBy !== undefined) return `${REFUSED} ${refusedBy}${reason ? `: ${reason}` : ''}`;
  return `fits${score === undefined ? '' : `, score ${score}`}`;
}

function matrix(plugins: readonly string[], groups: readonly (readonly Node[])[]): string {
  if (groups.length === 0) return '';
  const header = groups.map((group) =>
    group.length === 1 ? group[0]!.name : `${group[0]!.name} +${group.length - 1}`,
  );
  const rows = plugins.map((plugin, at) => [
    plugin,
    ...groups.map(([node]) => verdictAt(node!, at, plugins)),
  ]);
  const scores = groups.map(([node], at) => (groups[at]!.length === 1 ? scoreOf(node!) : ''));
  const last = scores.some((score) => score !== '') ? [['score', ...scores]] : [];
  return columns(['PLUGIN', ...header], [...rows, ...scoreRows(groups), ...last]);
}

/** What the plugin at a position of the order says of a node: nothing against it, a refusal, or nobody knows. */
function verdictAt(node: Node, at: number, plugins: readonly string[]): string {
  const { refusedBy, reason, refusals } = node;
  const refusal = refusals?.find(({ plugin }) => plugin === plugins[at]);
  if (refusal) return `${REFUSED} ${refusal.reason}`;
  const refusedAt = refusedBy === undefined ? plugins.length : plugins.indexOf(refusedBy);
  if (refusals || at < refusedAt) return ASKED;
  return at > refusedAt ? NOT_ASKED : `${REFUSED} ${reason ?? ''}`.trimEnd();
}

/** A row for each plugin that scores, for nodes that stand alone in their column. */
function scoreRows(groups: readonly (readonly Node[])[]): string[][] {
  const alone = groups.map((group) => (group.length === 1 ? group[0]!.scores : undefined));
  const names = Object.keys(alone.find((scores) => scores !== undefined) ?? {});
  return names.map((name) => [
    `score ${name}`,
    ...alone.map((scores) => (scores === undefined ? '' : String(scores[name] ?? 0))),
  ]);
}

function scoreOf({ refusedBy, score }: Node): string {
  if (refusedBy !== undefined) return '';
  return score === undefined ? 'fits' : String(score);
}
