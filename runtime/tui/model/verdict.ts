import type { SchedulingExplanation } from '../../client/index.ts';
import type { Glyphs } from '../theme.ts';
import { type Line, padCut, type Span, span, widthOf, wrapped } from './text.ts';

type Verdict = SchedulingExplanation['nodes'][number];

const PLUGIN_CELLS_MAX = 26;
const NODE_CELLS_MIN = 26;
const NODE_CELLS_MAX = 34;
/** Groups of nodes that are told apart, and names that are said of each. */
const GROUPS_MAX = 200;
const NAMES_MAX = 6;

/** What the scheduler says of a pod: in a sentence, node by node, and what would have to be otherwise. */
export function verdictLines(
  why: SchedulingExplanation,
  glyphs: Glyphs,
  columns: number,
): readonly Line[] {
  const said = (text: string, tone: Span['tone']): Line[] =>
    wrapped(text, columns).map((each) => [span(each, tone)]);
  return [
    ...said(why.summary, 'title'),
    [],
    ...nodeLines(why, glyphs, columns),
    ...(why.preemption ? said(`→ preemption: ${why.preemption}`, 'info') : []),
    ...why.counterfactual.flatMap((text) => said(`→ ${text}`, 'info')),
    ...(why.counterfactual.length > 0 || why.preemption ? [[]] : []),
  ];
}

/** Plugins down and nodes across where there is room, else the nodes that are alike on one line. */
function nodeLines(why: SchedulingExplanation, glyphs: Glyphs, columns: number): readonly Line[] {
  if (why.nodes.length === 0) return [];
  const refusing = refusingPlugins(why);
  const label = Math.min(PLUGIN_CELLS_MAX, Math.max(8, ...refusing.map(widthOf)) + 2);
  const room = Math.floor((columns - label) / why.nodes.length) - 1;
  const width = Math.min(NODE_CELLS_MAX, room);
  const lines =
    width < NODE_CELLS_MIN ? groups(why, glyphs) : matrix(why, refusing, glyphs, label, width);
  return [...lines, ...passingLines(why, refusing, columns), []];
}

function refusals({ refusedBy, reason = '', refusals: all }: Verdict) {
  return all ?? (refusedBy === undefined ? [] : [{ plugin: refusedBy, reason }]);
}

/** Those that refuse some node, in the order in which they are asked. */
function refusingPlugins({ plugins, nodes }: SchedulingExplanation): readonly string[] {
  const refusing = new Set(nodes.flatMap((node) => refusals(node).map(({ plugin }) => plugin)));
  return plugins.filter((plugin) => refusing.has(plugin));
}

/** Every refusal of every node with its numbers: the first is what the scheduler saw, the others what it would have seen. */
function matrix(
  why: SchedulingExplanation,
  refusing: readonly string[],
  glyphs: Glyphs,
  label: number,
  width: number,
): readonly Line[] {
  const cell = (node: Verdict, plugin: string): Span => {
    const found = refusals(node).find((each) => each.plugin === plugin);
    if (!found) return span(`${padCut('·', width)} `, 'dim');
    const isFirst = node.refusedBy === plugin;
    return span(
      `${padCut(`${glyphs.failed} ${found.reason}`, width)} `,
      isFirst ? 'error' : 'pending',
    );
  };
  return [
    [
      span(padCut('PLUGIN', label), 'dim'),
      ...why.nodes.map(({ name }) => span(`${padCut(name, width)} `, 'dim')),
    ],
    ...refusing.map(
      (plugin): Line => [
        span(padCut(plugin, label), 'key'),
        ...why.nodes.map((node) => cell(node, plugin)),
      ],
    ),
    [
      span(padCut('', label)),
      ...why.nodes.map((node) => {
        const [text, tone] = outcome(node, why, glyphs);
        return span(`${padCut(text, width)} `, tone);
      }),
    ],
  ];
}

function outcome(
  { name, refusedBy, score }: Verdict,
  { node }: SchedulingExplanation,
  glyphs: Glyphs,
): readonly [string, Span['tone']] {
  if (refusedBy !== undefined) return ['refused', 'error'];
  const scored = score === undefined ? '' : `, score ${score}`;
  return [`${glyphs.ok} fits${scored}${name === node ? ', chosen' : ''}`, 'ok'];
}

/** For more nodes than go side by side: those of which the same is said together, the largest group first. */
function groups(why: SchedulingExplanation, glyphs: Glyphs): readonly Line[] {
  const alike = Map.groupBy(why.nodes, (node) =>
    [
      outcome(node, why, glyphs)[0],
      ...refusals(node).map((each) => `${each.plugin}: ${each.reason}`),
    ].join('\n'),
  );
  const sorted = [...alike.values()].sort((a, b) => b.length - a.length);
  const more = sorted.length - GROUPS_MAX;
  return [
    ...sorted.slice(0, GROUPS_MAX).flatMap((nodes) => groupLines(nodes, why, glyphs)),
    ...(more > 0 ? [[span(`… and ${more} more groups of nodes`, 'dim')]] : []),
  ];
}

function groupLines(
  nodes: readonly Verdict[],
  why: SchedulingExplanation,
  glyphs: Glyphs,
): readonly Line[] {
  const [text, tone] = outcome(nodes[0]!, why, glyphs);
  const names = nodes.slice(0, NAMES_MAX).map(({ name }) => name);
  const rest = nodes.length > NAMES_MAX ? `, … ${nodes.length - NAMES_MAX} more` : '';
  const count = nodes.length === 1 ? '1 node' : `${nodes.length} nodes`;
  return [
    [span(`${count}  `, 'title'), span(`${names.join(', ')}${rest}`), span(`  ${text}`, tone)],
    ...refusals(nodes[0]!).map(
      ({ plugin, reason }, at): Line => [
        span(`  ${glyphs.failed} `, at === 0 ? 'error' : 'pending'),
        span(`${plugin}: `, 'key'),
        span(reason, at === 0 ? 'error' : 'pending'),
      ],
    ),
  ];
}

function passingLines(
  { plugins }: SchedulingExplanation,
  refusing: readonly string[],
  columns: number,
): readonly Line[] {
  const passing = plugins.filter((plugin) => !refusing.includes(plugin));
  if (passing.length === 0) return [];
  return wrapped(`pass on every node: ${passing.join(', ')}`, columns).map((text) => [
    span(text, 'dim'),
  ]);
}
