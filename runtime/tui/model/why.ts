import type { Progress, SchedulingExplanation } from '../../client/index.ts';
import { controllerOf, type KubeObject, keyOf, resourceId } from '../../meta/index.ts';
import type { JournalRecord } from '../../trace/index.ts';
import type { Glyphs } from '../theme.ts';
import { type Intent, intents, progressKey } from './intents.ts';
import { recordCells } from './pages.ts';
import { type Line, padCut, span, wrapped } from './text.ts';
import { elapsed } from './text-time.ts';
import { goalOf, isBroken } from './tones.ts';
import { type Kind, kindById, kindOf, objectAt, remember, shortName, type World } from './world.ts';

const RECORDS_MAX = 12;
const PLUGIN_CELLS = 26;
const NODE_CELLS_MIN = 16;
const NODE_CELLS_MAX = 30;
const NODES_MAX = 1000;

/**
 * Why an object is as it is: the chain from what is wanted down to what is stuck, the scheduler's verdict on the pod at its
 * end, and what was last done about it.
 */
export function whyLines(
  kind: Kind,
  object: KubeObject,
  world: World,
  glyphs: Glyphs,
  columns: number,
): readonly Line[] {
  return remember(world, `why ${resourceId(kind.ref)} ${keyOf(object)} ${columns}`, () => {
    const chain = chainOf({ kind, object }, world);
    const last = chain.at(-1)!;
    const verdict =
      last.kind.ref.resource === 'pods' ? world.control.why(keyOf(last.object)) : undefined;
    return [
      ...chain.map((link, depth) => linkLine(link, depth, world, glyphs)),
      [],
      ...(verdict ? verdictLines(verdict, glyphs, columns) : []),
      ...journalLines(chain, world),
    ];
  });
}

interface Link {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Owners first, then the object, then down to what keeps it from its goal. */
function chainOf(link: Link, world: World): readonly Link[] {
  const above: Link[] = [];
  for (let owner = ownerOf(link, world); owner && above.length < 8; owner = ownerOf(owner, world))
    above.unshift(owner);
  const culprit = culpritBelow(link, world);
  const below: Link[] = [];
  for (let at = culprit; at && !isSame(at, link) && below.length < 8; at = ownerOf(at, world))
    below.unshift(at);
  return [...above, link, ...below];
}

function isSame(a: Link, b: Link): boolean {
  return a.kind === b.kind && keyOf(a.object) === keyOf(b.object);
}

function ownerOf({ object }: Link, world: World): Link | undefined {
  const owner = controllerOf(object);
  const kind = owner && kindOf(world, owner.apiVersion, owner.kind);
  if (!owner || !kind) return undefined;
  const { namespace = '' } = object.metadata;
  const key = kind.ref.namespaced ? `${namespace}/${owner.name}` : owner.name;
  const found = world.lister(kind.ref).byKey(key);
  return found && { kind, object: found };
}

/** What is behind below an object: the intent's culprit when the object is above it, else whatever of the intent it owns. */
function culpritBelow(link: Link, world: World): Link | undefined {
  const wanted = (intent: Intent): readonly Progress[] =>
    intent.culprit ? [intent.culprit, ...intent.behind] : [];
  for (const intent of intents(world)) {
    for (const progress of wanted(intent)) {
      const found = linkOf(progress, world);
      for (let at = found; at; at = ownerOf(at, world))
        if (isSame(at, link)) return isSame(found!, link) ? undefined : found;
    }
  }
  return undefined;
}

function linkOf(progress: Progress, world: World): Link | undefined {
  const kind = kindById(world, progress.resource);
  const object = kind && objectAt(world, progress.resource, progressKey(progress));
  return kind && object && { kind, object };
}

function linkLine({ kind, object }: Link, depth: number, world: World, glyphs: Glyphs): Line {
  const { atGoal, want, have, waitingFor } = goalOf(kind, object);
  const name = `${shortName(kind)}/${object.metadata.name}`;
  const numbers = want === undefined ? '' : `wants ${want}, has ${have ?? 0}`;
  const state = atGoal ? 'is at its goal' : (waitingFor ?? 'is not at its goal');
  const tone = atGoal ? 'ok' : isBroken(state) ? 'error' : 'pending';
  const glyph = atGoal ? glyphs.ok : tone === 'error' ? glyphs.failed : glyphs.pending;
  const source = world.control.sourceOf(resourceId(kind.ref), keyOf(object));
  const branch = depth === 0 ? '' : `${'  '.repeat(depth - 1)}→ `;
  return [
    span(`${branch}`, 'dim'),
    span(`${glyph} `, tone),
    span(name, 'title'),
    span(`  ${[numbers, state].filter(Boolean).join('; ')}`, tone === 'ok' ? 'normal' : tone),
    ...(source ? [span(`  ${source.file}:${source.line}`, 'dim')] : []),
  ];
}

function verdictLines(
  why: SchedulingExplanation,
  glyphs: Glyphs,
  columns: number,
): readonly Line[] {
  const room = Math.floor((columns - PLUGIN_CELLS) / Math.max(1, why.nodes.length)) - 1;
  const width = Math.min(NODE_CELLS_MAX, room);
  const nodes = width < NODE_CELLS_MIN ? nodeList(why, glyphs) : matrix(why, glyphs, width);
  return [
    ...wrapped(why.summary, columns).map((text): Line => [span(text, 'title')]),
    [],
    ...(why.nodes.length === 0 ? [] : nodes),
    ...why.counterfactual.flatMap((text) =>
      wrapped(`→ ${text}`, columns).map((each): Line => [span(each, 'info')]),
    ),
    ...(why.counterfactual.length > 0 ? [[]] : []),
  ];
}

/** Plugins down, nodes across: passed, refused with its reason, or never asked because one before refused. */
function matrix(why: SchedulingExplanation, glyphs: Glyphs, width: number): readonly Line[] {
  const heads = why.nodes.map(({ name }) => padCut(name, width));
  const cell = (plugin: string, at: number): { text: string; tone: 'dim' | 'error' | 'ok' } => {
    const { refusedBy, reason = '' } = why.nodes[at]!;
    if (refusedBy === plugin) return { text: `${glyphs.failed} ${reason}`, tone: 'error' };
    const asked =
      refusedBy === undefined || why.plugins.indexOf(plugin) < why.plugins.indexOf(refusedBy);
    return asked ? { text: '·', tone: 'ok' } : { text: '–', tone: 'dim' };
  };
  const verdict = why.nodes.map(({ refusedBy, score, name }) => {
    if (refusedBy !== undefined) return 'refused';
    const chosen = name === why.node ? ' chosen' : '';
    return `fits${score === undefined ? '' : ` ${score}`}${chosen}`;
  });
  return [
    [span(padCut('PLUGIN', PLUGIN_CELLS), 'dim'), span(heads.join(' '), 'dim')],
    ...why.plugins.map(
      (plugin): Line => [
        span(padCut(plugin, PLUGIN_CELLS), 'key'),
        ...why.nodes.map((_, at) => {
          const { text, tone } = cell(plugin, at);
          return span(`${padCut(text, width)} `, tone);
        }),
      ],
    ),
    [
      span(padCut('', PLUGIN_CELLS)),
      ...verdict.map((text) =>
        span(`${padCut(text, width)} `, text === 'refused' ? 'error' : 'ok'),
      ),
    ],
    [],
  ];
}

/** A node a line, for more nodes than go side by side. */
function nodeList(why: SchedulingExplanation, glyphs: Glyphs): readonly Line[] {
  const width = Math.max(4, ...why.nodes.slice(0, NODES_MAX).map(({ name }) => name.length));
  const lines = why.nodes.slice(0, NODES_MAX).map(({ name, refusedBy, reason, score }): Line => {
    const label = span(`${padCut(name, width)}  `);
    if (refusedBy !== undefined)
      return [label, span(`${glyphs.failed} ${refusedBy}: ${reason ?? ''}`, 'error')];
    const scored = score === undefined ? '' : `  score ${score}`;
    const chosen = name === why.node ? '  chosen' : '';
    return [label, span(`${glyphs.ok} fits${scored}${chosen}`, 'ok')];
  });
  const more = why.nodes.length - NODES_MAX;
  return [...lines, ...(more > 0 ? [[span(`… and ${more} more nodes`, 'dim')]] : []), []];
}

/** The newest things that were done to or because of any object of the chain, newest first. */
function journalLines(chain: readonly Link[], world: World): readonly Line[] {
  const keys = new Set(chain.map(({ object }) => keyOf(object)));
  const about = (record: JournalRecord): boolean => 'key' in record && keys.has(record.key);
  const records = world.control.journal(RECORDS_MAX, about);
  if (records.length === 0) return [];
  const { nowMs, elapsedMs } = world.control.clock();
  const startMs = nowMs - elapsedMs;
  const width = Math.max(...records.map(({ component }) => component.length));
  return [
    [span('Journal, newest first', 'title')],
    ...records.map((record): Line => {
      const { did, what, because } = recordCells(record);
      return [
        span(`${elapsed(record.atMs - startMs)}  `, 'dim'),
        span(`${record.component.padEnd(width)}  `, 'key'),
        span(`${did} ${what}`),
        span(because === '' ? '' : `  because of ${because}`, 'dim'),
      ];
    }),
  ];
}
