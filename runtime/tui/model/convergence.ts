import type { ManifestError, Progress } from '../../client/index.ts';
import { humanDuration } from '../../meta/index.ts';
import type { Glyphs } from '../theme.ts';
import { type Intent, intents, isBehind, progressKey } from './intents.ts';
import { type Column, type Listing, listingOf, type Row } from './listing.ts';
import {
  outcomeKey,
  outcomeOfObject,
  outcomesAtHand,
  placeText,
  withoutObject,
} from './outcomes.ts';
import type { Tone } from './text.ts';
import { elapsed } from './text-time.ts';
import { isBroken } from './tones.ts';
import type { PageView } from './view.ts';
import { kindById, objectAt, shortName, type World } from './world.ts';

const TREND_CELLS = 6;

const COLUMNS: readonly Column[] = [
  { name: '' },
  { name: 'OBJECT', keepsBoth: true },
  { name: 'NAMESPACE', expendable: 4 },
  { name: 'WANT', align: 'right' },
  { name: 'HAVE', align: 'right' },
  { name: 'DIST', align: 'right', expendable: 2 },
  { name: 'TREND', expendable: 3 },
  { name: 'AT', keepsEnd: true, unlessEmpty: true, cap: 32, expendable: 1 },
  { name: 'WAITING FOR', flexible: true },
  { name: 'SINCE', align: 'right', expendable: 1 },
];

/** The home screen: what was asked for, how far it is, and what it waits for. */
export function convergenceListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  const { nowMs } = world.control.clock();
  const all = intents(world);
  const outcomes = new Map(all.map((each) => [each, outcomeOf(each, world)]));
  const isTrouble = (each: Intent): boolean => isBehind(each) || outcomes.get(each) !== undefined;
  const isSettled = (each: Intent): boolean => !isTrouble(each) && each.root.want === undefined;
  const row = (intent: Intent): Row =>
    intentRow(intent, outcomes.get(intent), { world, glyphs, nowMs });
  const rows = [
    ...all.filter(isTrouble).map(row),
    ...strayRows(new Set(outcomes.values()), world, glyphs),
    ...all.filter((each) => !isTrouble(each) && !isSettled(each)).map(row),
    ...kindRows(all.filter(isSettled), world, glyphs, nowMs),
  ];
  const labelsOf = ({ key }: Row) => {
    const [resource = '', objectKey = ''] = key.split(' ');
    return objectAt(world, resource, objectKey)?.metadata.labels ?? {};
  };
  const listing = listingOf('convergence(all)', COLUMNS, rows, view, labelsOf);
  const note = all.some(isTrouble) ? '' : restText(all, world);
  return note === '' ? listing : { ...listing, note };
}

/** What it waits for; what came of it where it only counts what is missing. */
function cameOf(intent: Intent, outcome: ManifestError | undefined, world: World): string {
  const reason = reasonOf(intent, world);
  const counts = reason === '' || reason.startsWith('status.');
  return outcome && counts ? withoutObject(outcome) : reason || '-';
}

/** Since when nothing has moved, where all is at its goal. */
function restText(all: readonly Intent[], { control }: World): string {
  if (all.length === 0 || !control.converged) return '';
  const { nowMs, elapsedMs } = control.clock();
  const sinceMs = Math.max(...all.map(({ root }) => root.sinceMs));
  return `all ${all.length} at their goals since t+${elapsed(sinceMs - (nowMs - elapsedMs))}`;
}

/** What a row is made with. */
interface Looking {
  readonly world: World;
  readonly glyphs: Glyphs;
  readonly nowMs: number;
}

function intentRow(intent: Intent, outcome: ManifestError | undefined, looking: Looking): Row {
  const { world, glyphs, nowMs } = looking;
  const { root } = intent;
  const { want = 1, have = Number(root.atGoal) } = root;
  const waiting = waitingText(intent, world);
  const { glyph, tone } = look(intent, outcome, waiting, glyphs);
  const place = outcome?.position ? placeText(outcome.position) : '';
  const detail = [place, waiting || outcome?.message].filter(Boolean).join('  ');
  return {
    key: `${root.resource} ${progressKey(root)}`,
    cells: [
      glyph,
      named(root, world),
      root.namespace ?? '',
      String(want),
      String(have),
      String(root.atGoal ? 0 : Math.abs(want - have)),
      sparkline(root.trend, glyphs.spark),
      place,
      cameOf(intent, outcome, world),
      humanDuration(nowMs - root.sinceMs),
    ],
    tone,
    tones: { 0: tone === 'normal' ? 'ok' : tone },
    ...(detail === '' ? {} : { detail }),
  };
}

/** Broken, on its way, there but in the way of others, or there. */
function look(
  intent: Intent,
  outcome: ManifestError | undefined,
  waiting: string,
  { ok, pending, failed, warning }: Glyphs,
): { readonly glyph: string; readonly tone: Tone } {
  if (!isBehind(intent))
    return outcome ? { glyph: warning, tone: 'pending' } : { glyph: ok, tone: 'normal' };
  return isBroken(waiting) || (outcome && outcome.severity !== 'warning')
    ? { glyph: failed, tone: 'error' }
    : { glyph: pending, tone: 'pending' };
}

/** Outcomes of what is on no row: each gets one. */
function strayRows(
  shown: ReadonlySet<ManifestError | undefined>,
  world: World,
  glyphs: Glyphs,
): readonly Row[] {
  return outcomesAtHand(world)
    .filter((outcome) => !shown.has(outcome) && !isToldWith(outcome, shown))
    .map((outcome): Row => {
      const [namespace = '', label = namespace] = (outcome.object ?? '').split(' › ');
      const name = shortLabel(label, world);
      const place = outcome.position ? placeText(outcome.position) : '';
      const isWarning = outcome.severity === 'warning';
      const glyph = isWarning ? glyphs.warning : glyphs.failed;
      const where = label === namespace ? '' : namespace;
      return {
        key: outcomeKey(outcome),
        cells: [glyph, name, where, '', '', '', '', place, withoutObject(outcome), ''],
        tone: isWarning ? 'pending' : 'error',
        detail: `${place}  ${outcome.message}`.trim(),
      };
    });
}

/** `pdb/web` of `PodDisruptionBudget/web`. */
function shortLabel(label: string, world: World): string {
  const [kindName = '', name = ''] = label.split('/');
  const kind = world.kinds.find(({ ref }) => ref.kind === kindName);
  return kind ? `${shortName(kind)}/${name}` : label;
}

/** Of several outcomes of one object its row tells the first. */
function isToldWith(
  { object }: ManifestError,
  shown: ReadonlySet<ManifestError | undefined>,
): boolean {
  return object !== undefined && [...shown].some((each) => each?.object === object);
}

/** Objects without numbers that are at their goal (nodes, namespaces): a row a kind. */
function kindRows(
  settled: readonly Intent[],
  world: World,
  glyphs: Glyphs,
  nowMs: number,
): readonly Row[] {
  const byResource = Map.groupBy(settled, ({ root }) => root.resource);
  return [...byResource].map(([resource, each]): Row => {
    const kind = kindById(world, resource);
    const count = String(each.length);
    const sinceMs = Math.max(...each.map(({ root }) => root.sinceMs));
    const name = kind?.ref.resource ?? resource;
    const trend = sparkline([], glyphs.spark);
    return {
      key: `${resource} `,
      cells: [
        ...[glyphs.ok, name, '', count, count, '0', trend, '', '-'],
        humanDuration(nowMs - sinceMs),
      ],
      tone: 'normal',
      tones: { 0: 'ok' },
    };
  });
}

function outcomeOf({ root }: Intent, world: World): ManifestError | undefined {
  const kind = kindById(world, root.resource);
  return kind && outcomeOfObject(world, kind, root);
}

/** What it waits for, in the few cells of a column: the reason without the condition that tells it; who waits where that says too little. */
function reasonOf({ root, culprit }: Intent, world: World): string {
  const reason = culprit ? (culprit.waitingFor ?? 'not there yet') : (root.waitingFor ?? '');
  const short = reason.replace(/^[A-Z]\w+: (?=[A-Z]\w+: )/, '');
  return culprit && /^\w+$/.test(short) ? `${short} of ${named(culprit, world)}` : short;
}

/** The whole of it: who waits, how many more of its kind do, and for what. */
function waitingText({ root, culprit, behind }: Intent, world: World): string {
  if (!culprit) return root.waitingFor ?? '';
  const alike = behind.filter(({ resource }) => resource === culprit.resource).length;
  const others = alike > 1 ? ` +${alike - 1}` : '';
  return `${named(culprit, world)}${others}: ${culprit.waitingFor ?? 'not there yet'}`;
}

function named({ resource, kind, name }: Progress, world: World): string {
  const known = kindById(world, resource);
  return `${known ? shortName(known) : kind.toLowerCase()}/${name}`;
}

/** The last distances as bars, the newest to the right; as high as the longest of them. */
export function sparkline(trend: readonly number[], levels: string, cells = TREND_CELLS): string {
  const bars = [...levels];
  const shown = trend.slice(-cells);
  const top = Math.max(1, ...shown);
  const bar = (value: number): string => {
    const level = value === 0 ? 0 : Math.max(1, Math.round((value / top) * (bars.length - 1)));
    return bars[level] ?? '';
  };
  return shown.map(bar).join('').padStart(cells, bars[0]);
}
