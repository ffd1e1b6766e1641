import type { Progress } from '../../client/index.ts';
import { controllerOf, type KubeObject, keyOf, resourceId } from '../../meta/index.ts';
import type { JournalRecord } from '../../trace/index.ts';
import type { Glyphs } from '../theme.ts';
import { type Intent, intents, progressKey } from './intents.ts';
import { recordCells } from './journal.ts';
import { outcomeOfObject } from './outcomes.ts';
import { frameLines } from './reading.ts';
import { type Line, plain, span, widthOf, wrapped } from './text.ts';
import { elapsed } from './text-time.ts';
import { goalOf, isBroken } from './tones.ts';
import { verdictLines } from './verdict.ts';
import { type Kind, kindById, kindOf, objectAt, remember, shortName, type World } from './world.ts';

const RECORDS_MAX = 12;
/** With less beside the name, what there is to say of an object stands below it. */
const ROOM_FOR_WORDS = 30;

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
      ...chain.flatMap((link, depth) => linkLines(link, depth, world, glyphs, columns)),
      [],
      ...(verdict ? verdictLines(verdict, glyphs, columns) : []),
      ...outcomeLines(chain, world, columns),
      ...journalLines(chain, world),
    ];
  });
}

/** The lines of the manifests that cause what came of the chain. */
function outcomeLines(chain: readonly Link[], world: World, columns: number): readonly Line[] {
  const found = chain.flatMap(
    ({ kind, object }) => outcomeOfObject(world, kind, object.metadata) ?? [],
  );
  return found.length === 0 ? [] : [...frameLines(found, columns), []];
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

function linkLines(
  { kind, object }: Link,
  depth: number,
  world: World,
  glyphs: Glyphs,
  columns: number,
): readonly Line[] {
  const { atGoal, want, have, waitingFor } = goalOf(kind, object);
  const name = `${shortName(kind)}/${object.metadata.name}`;
  const numbers = want === undefined ? '' : `wants ${want}, has ${have ?? 0}`;
  const state = atGoal ? 'is at its goal' : (waitingFor ?? 'is not at its goal');
  const tone = atGoal ? 'ok' : isBroken(state) ? 'error' : 'pending';
  const glyph = atGoal ? glyphs.ok : tone === 'error' ? glyphs.failed : glyphs.pending;
  const source = world.control.sourceOf(resourceId(kind.ref), keyOf(object));
  const branch = depth === 0 ? '' : `${'  '.repeat(depth - 1)}→ `;
  const start = [span(branch, 'dim'), span(`${glyph} `, tone), span(name, 'title')];
  const words = [numbers, state].filter(Boolean).join('; ');
  const place = source ? `${source.file}:${source.line}` : '';
  const before = widthOf(plain(start)) + 2;
  const indent = before + ROOM_FOR_WORDS <= columns ? before : 2 * (depth + 2);
  const texts = wrapped(words, Math.max(1, columns - indent), 0);
  const shown = texts.map((text) => [span(text, tone === 'ok' ? 'normal' : tone)]);
  const last = shown.at(-1)!;
  const fits = indent + widthOf(plain(last)) + 2 + widthOf(place) <= columns;
  if (place !== '' && fits) last.push(span(`  ${place}`, 'dim'));
  else if (place !== '') shown.push([span(place, 'dim')]);
  const below = shown.map((line): Line => [span(' '.repeat(indent)), ...line]);
  if (indent !== before) return [start, ...below];
  return [[...start, span('  '), ...shown[0]!], ...below.slice(1)];
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
