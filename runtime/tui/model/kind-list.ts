import {
  compileSelector,
  controllerOf,
  type KubeObject,
  keyOf,
  parseTime,
  tableColumns,
  tableRow,
} from '../../meta/index.ts';
import type { CustomView } from '../settings/index.ts';
import { type Looking, type ObjectColumn, objectColumns } from './columns.ts';
import { customView, hasValues, wantedColumns } from './custom-columns.ts';
import { parseFilter } from './filter.ts';
import { type Listing, listingOf, type Row, sortedByCell, sortedBySize } from './listing.ts';
import type { Tone } from './text.ts';
import { goalOf, rowTone } from './tones.ts';
import type { Scope, Sort, TableView } from './view.ts';
import { type Kind, kindById, type World } from './world.ts';

/** A list of one kind, with the columns that kubectl prints. Costs its length in pointers; cells only for rows looked at. */
export function kindListing(view: TableView, world: World): Listing {
  const kind = kindById(world, view.resource);
  if (!kind) return listingOf(view.resource, [], [], view);
  const looking: Looking = { kind, world, nowMs: world.control.clock().nowMs };
  const wanted = customView(kind, world);
  const columns = columnsOf(view, kind, wanted);
  const lister = world.lister(kind.ref);
  const all = scoped(view, lister.list(view.namespace === '' ? undefined : view.namespace));
  const text = hasValues(wanted) ? rowText(columns, looking) : textOf(looking);
  const found = filtered(all, view, kind, text);
  const objects = sorted(found, view.sort ?? wanted?.sort, columns, looking);
  const made = new Map<number, Row>();
  return {
    title: titleOf(view, kind),
    columns: columns.map(({ column }) => column),
    count: objects.length,
    total: all.length,
    row: (at) => {
      const row = made.get(at) ?? rowOf(objects[at]!, columns, looking);
      made.set(at, row);
      return row;
    },
    indexOf: (key) => {
      const object = lister.byKey(key);
      return object ? objects.indexOf(object) : -1;
    },
    keyAt: (at) => objects[at] && keyOf(objects[at]),
  };
}

function titleOf(view: TableView, { ref }: Kind): string {
  const where = ref.namespaced ? view.namespace || 'all' : 'cluster';
  return `${ref.resource}(${view.scope?.title ?? where})${view.faults ? ' faults' : ''}`;
}

function columnsOf(
  { wide = false, namespace: shown }: TableView,
  kind: Kind,
  wanted: CustomView | undefined,
): readonly ObjectColumn[] {
  const known = objectColumns(kind, tableColumns(kind.descriptor), wide);
  const columns = wanted ? wantedColumns(known, wanted, wide) : known;
  if (!kind.ref.namespaced || shown !== '') return columns;
  const gives = columns.some(({ column }) => column.flexible);
  const namespace: ObjectColumn = {
    column: { name: 'NAMESPACE', ...(gives ? { expendable: 1 } : {}) },
    cell: ({ metadata }) => metadata.namespace ?? '',
  };
  return [namespace, ...columns];
}

function rowOf(object: KubeObject, columns: readonly ObjectColumn[], looking: Looking): Row {
  const cells = columns.map((each) => each.cell(object, looking));
  const { waitingFor } = goalOf(looking.kind, object);
  const tones = tonesOf(object, columns, looking);
  return {
    key: keyOf(object),
    cells,
    tone: rowTone(looking.kind, object, cells),
    ...(waitingFor === undefined ? {} : { detail: waitingFor }),
    bornMs: bornMs(object),
    ...(tones ? { tones } : {}),
  };
}

/** Tones of the cells that have their own; undefined where none has. */
function tonesOf(
  object: KubeObject,
  columns: readonly ObjectColumn[],
  looking: Looking,
): Row['tones'] {
  let tones: Record<number, Tone> | undefined;
  for (const [at, { tone }] of columns.entries()) {
    const own = tone?.(object, looking);
    if (!own) continue;
    tones ??= {};
    tones[at] = own;
  }
  return tones;
}

function scoped({ scope }: TableView, all: readonly KubeObject[]): readonly KubeObject[] {
  return scope ? all.filter(inScope(scope)) : all;
}

function inScope({ by, value }: Scope): (object: KubeObject) => boolean {
  switch (by) {
    case 'owner':
      return (object) => controllerOf(object)?.uid === value;
    case 'node':
      return (object) => (object as { spec?: { nodeName?: string } }).spec?.nodeName === value;
    case 'labels': {
      const selects = compileSelector(value);
      return (object) => selects(object.metadata.labels ?? {});
    }
  }
}

const texts = new WeakMap<KubeObject, string>();

type TextOf = (object: KubeObject) => string;

/** What a filter searches: the row as it was when it was first looked at; ages in it do not tick. */
const textOf =
  ({ kind, nowMs }: Looking): TextOf =>
  (object) => {
    let text = texts.get(object);
    if (text === undefined) {
      const cells = tableRow(kind.descriptor, object, nowMs);
      text = [object.metadata.namespace ?? '', ...cells].join(' ');
      texts.set(object, text);
    }
    return text;
  };

/** What it searches where the user has columns of their own. */
const rowText =
  (columns: readonly ObjectColumn[], looking: Looking): TextOf =>
  (object) => {
    const cells = columns.map(({ cell }) => cell(object, looking));
    return [object.metadata.namespace ?? '', ...cells].join(' ');
  };

function filtered(
  objects: readonly KubeObject[],
  view: TableView,
  kind: Kind,
  text: TextOf,
): readonly KubeObject[] {
  const kept = view.faults ? objects.filter((each) => !goalOf(kind, each).atGoal) : objects;
  if (view.filter === '') return kept;
  const passes = parseFilter(view.filter);
  return kept.filter((object) =>
    passes({
      text: text(object),
      name: object.metadata.name ?? '',
      labels: object.metadata.labels ?? {},
    }),
  );
}

/** What happens (events) is listed newest first, everything else by namespace and name. */
const NEWEST_FIRST: Sort = { column: 'LAST SEEN', descending: false };

function sorted(
  objects: readonly KubeObject[],
  wanted: Sort | undefined,
  columns: readonly ObjectColumn[],
  looking: Looking,
): readonly KubeObject[] {
  const newest = columns.some(({ column }) => column.name === NEWEST_FIRST.column);
  const sort = wanted ?? (newest ? NEWEST_FIRST : undefined);
  const found = sort && columns.find(({ column }) => column.name === sort.column);
  if (!found) return objects;
  if (sort.column === 'AGE') return sortedBySize(objects, (object) => -bornMs(object), sort);
  const { size } = found;
  if (size) return sortedBySize(objects, (object) => size(object, looking), sort);
  return sortedByCell(objects, (object) => found.cell(object, looking), sort);
}

function bornMs({ metadata }: KubeObject): number {
  return parseTime(metadata.creationTimestamp) || 0;
}
