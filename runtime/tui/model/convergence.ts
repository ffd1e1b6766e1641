import type { Progress } from '../../client/index.ts';
import { humanDuration } from '../../meta/index.ts';
import type { Glyphs } from '../theme.ts';
import { type Intent, intents, isBehind, progressKey } from './intents.ts';
import { type Column, type Listing, listingOf, type Row } from './listing.ts';
import type { PageView } from './state.ts';
import { isBroken } from './tones.ts';
import { kindById, objectAt, shortName, type World } from './world.ts';

const TREND_CELLS = 6;

const COLUMNS: readonly Column[] = [
  { name: '' },
  { name: 'OBJECT' },
  { name: 'NAMESPACE', expendable: 4 },
  { name: 'WANT', align: 'right' },
  { name: 'HAVE', align: 'right' },
  { name: 'DIST', align: 'right', expendable: 2 },
  { name: 'TREND', expendable: 3 },
  { name: 'WAITING FOR', flexible: true },
  { name: 'SINCE', align: 'right', expendable: 1 },
];

/** The home screen: what was asked for, how far it is, and what it waits for. */
export function convergenceListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  const { nowMs } = world.control.clock();
  const all = intents(world);
  const ownRow = (each: Intent): boolean => isBehind(each) || each.root.want !== undefined;
  const settled = all.filter((each) => !ownRow(each));
  const rows = [
    ...all.filter(ownRow).map((intent) => intentRow(intent, world, glyphs, nowMs)),
    ...kindRows(settled, world, glyphs, nowMs),
  ];
  const labelsOf = ({ key }: Row) => {
    const [resource = '', objectKey = ''] = key.split(' ');
    return objectAt(world, resource, objectKey)?.metadata.labels ?? {};
  };
  return listingOf('convergence(all)', COLUMNS, rows, view, labelsOf);
}

function intentRow(intent: Intent, world: World, glyphs: Glyphs, nowMs: number): Row {
  const { root } = intent;
  const { want = 1, have = Number(root.atGoal) } = root;
  const waiting = waitingText(intent, world);
  const behind = isBehind(intent);
  const broken = behind && isBroken(waiting);
  const glyph = !behind ? glyphs.ok : broken ? glyphs.failed : glyphs.pending;
  const tone = !behind ? 'normal' : broken ? 'error' : 'pending';
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
      reasonOf(intent) || '-',
      humanDuration(nowMs - root.sinceMs),
    ],
    tone,
    tones: { 0: behind ? tone : 'ok' },
    ...(waiting === '' ? {} : { detail: waiting }),
  };
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
      cells: [glyphs.ok, name, '', count, count, '0', trend, '-', humanDuration(nowMs - sinceMs)],
      tone: 'normal',
      tones: { 0: 'ok' },
    };
  });
}

/** What it waits for, in the few cells of a column: the reason without the condition that tells it. */
function reasonOf({ root, culprit }: Intent): string {
  const reason = culprit ? (culprit.waitingFor ?? 'not there yet') : (root.waitingFor ?? '');
  return reason.replace(/^[A-Z]\w+: (?=[A-Z]\w+: )/, '');
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
export function sparkline(trend: readonly number[], levels: string): string {
  const bars = [...levels];
  const top = Math.max(1, ...trend);
  const bar = (value: number): string => {
    const level = value === 0 ? 0 : Math.max(1, Math.round((value / top) * (bars.length - 1)));
    return bars[level] ?? '';
  };
  return trend.slice(-TREND_CELLS).map(bar).join('').padStart(TREND_CELLS, bars[0]);
}
