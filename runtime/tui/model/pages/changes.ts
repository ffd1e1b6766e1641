import { jsonEqual, type KubeObject, keyOf, resourceId } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { Tone } from '../text.ts';
import { goalOf } from '../tones.ts';
import type { PageView } from '../view.ts';
import { type Kind, remember, shortName, type World } from '../world.ts';

const COLUMNS: readonly Column[] = [
  { name: '' },
  { name: 'OBJECT', cap: 34 },
  { name: 'NAMESPACE', expendable: 1 },
  { name: 'WHAT IS DIFFERENT', flexible: true },
];
/** What changes all the time and says nothing of itself; shown wide. */
const NOISE = new Set(['events', 'events.events.k8s.io', 'leases.coordination.k8s.io']);
/** Fields that follow from others, or tell when. */
const QUIET_FIELDS = new Set([
  'resourceVersion',
  'generation',
  'observedGeneration',
  'managedFields',
  'uid',
  'images',
  'endpoints.kubernetes.io/last-change-trigger-time',
]);
const DIFFERENCES_MAX = 4;
const ROWS_MAX = 5000;

/** In a copy: the objects that are otherwise than in what it is compared with. `faults` leaves those not at their goal. */
export function changesListing(view: PageView, world: World): Listing {
  const id = `changes ${view.wide} ${view.faults}`;
  const rows = remember(world, id, () => changes(view, world));
  const title = world.other?.isLater ? 'changes since then' : 'changes on the copy';
  return listingOf(title, COLUMNS, rows, view);
}

function changes({ wide, faults }: PageView, world: World): readonly Row[] {
  if (!world.other) return [];
  const { isLater } = world.other;
  const rows: Row[] = [];
  for (const kind of world.kinds) {
    if (!wide && NOISE.has(resourceId(kind.ref))) continue;
    const both = [world.other.lister(kind.ref), world.lister(kind.ref)] as const;
    const [there, here] = isLater ? [both[1], both[0]] : both;
    for (const object of here.list()) {
      const twin = there.byKey(keyOf(object));
      if (twin === object || (faults && goalOf(kind, object).atGoal)) continue;
      const row = rowOf(kind, twin, object);
      if (row && rows.length < ROWS_MAX) rows.push(row);
    }
    if (faults) continue;
    for (const object of there.list())
      if (!here.byKey(keyOf(object)) && rows.length < ROWS_MAX)
        rows.push(rowFor(kind, object, '-', 'gone', 'error'));
  }
  return rows;
}

function rowOf(kind: Kind, twin: KubeObject | undefined, object: KubeObject): Row | undefined {
  const { waitingFor = 'at its goal', atGoal } = goalOf(kind, object);
  const tone: Tone = atGoal ? 'ok' : 'pending';
  if (!twin || twin.metadata.uid !== object.metadata.uid)
    return rowFor(kind, object, '+', `new: ${waitingFor}`, tone);
  const found = differences(twin, object, '');
  if (found.length === 0) return undefined;
  const more = found.length - DIFFERENCES_MAX;
  const said = found.slice(0, DIFFERENCES_MAX).join(', ');
  return rowFor(kind, object, '~', more > 0 ? `${said}, ${more} more` : said, 'normal');
}

function rowFor(kind: Kind, object: KubeObject, sign: string, what: string, tone: Tone): Row {
  const { name = '', namespace = '' } = object.metadata;
  return {
    key: `${resourceId(kind.ref)} ${keyOf(object)}`,
    cells: [sign, `${shortName(kind)}/${name}`, namespace, what],
    tone: 'normal',
    tones: { 0: sign === '~' ? 'info' : tone, 3: tone },
  };
}

/** `spec.replicas 3 -> 5`, of every leaf that differs and means something. */
function differences(before: unknown, after: unknown, path: string): string[] {
  if (before === after || jsonEqual(before, after)) return [];
  if (!isMap(before) || !isMap(after)) {
    if (Array.isArray(before) && Array.isArray(after)) return itemDifferences(before, after, path);
    if (/Time$|Timestamp$|At$/.test(path)) return [];
    return [`${path} ${short(before)} -> ${short(after)}`];
  }
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => !QUIET_FIELDS.has(field))
    .flatMap((field) =>
      differences(before[field], after[field], path === '' ? field : `${path}.${field}`),
    );
}

/** Items beside those of the same name or type, or else of the same place. */
function itemDifferences(before: readonly unknown[], after: readonly unknown[], path: string) {
  const names = new Set([...before, ...after].map(nameOf));
  if (names.has(undefined))
    return before.length === after.length
      ? after.flatMap((each, at) => differences(before[at], each, `${path}[${at}]`))
      : [`${path} ${short(before)} -> ${short(after)}`];
  return [...names].flatMap((name) => {
    const twins = [before, after].map((items) => items.find((each) => nameOf(each) === name));
    return differences(twins[0], twins[1], `${path}[${name}]`);
  });
}

function nameOf(item: unknown): string | undefined {
  if (!isMap(item)) return undefined;
  const name = item.name ?? item.type ?? item.key ?? item.containerID;
  return typeof name === 'string' ? name : undefined;
}

function short(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
