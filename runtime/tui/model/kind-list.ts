import {
  compileSelector,
  controllerOf,
  type KubeObject,
  keyOf,
  parseTime,
} from '../../meta/index.ts';
import { cellsOf, columnsFor, customView, type ListColumn } from './custom-columns.ts';
import { parseFilter } from './filter.ts';
import { type Column, type Listing, listingOf, type Row, sortedByCell } from './listing.ts';
import type { Scope, Sort, TableView } from './state.ts';
import { goalOf, rowTone } from './tones.ts';
import { type Kind, kindById, type World } from './world.ts';

/** A list of one kind, with the columns that kubectl prints. Costs its length in pointers; cells only for rows looked at. */
export function kindListing(view: TableView, world: World): Listing {
  const kind = kindById(world, view.resource);
  if (!kind) return listingOf(view.resource, [], [], view);
  const { nowMs } = world.control.clock();
  const printed = columnsFor(kind, world, view.wide);
  const showsNamespace = kind.ref.namespaced && view.namespace === '';
  const lister = world.lister(kind.ref);
  const all = scoped(view, lister.list(view.namespace === '' ? undefined : view.namespace));
  const objects = sorted(
    filtered(all, view, kind, printed, nowMs),
    withSort(view, customView(kind, world)?.sort),
    kind,
    printed,
    nowMs,
  );
  return {
    title: titleOf(view, kind),
    columns: columnsOf(printed, showsNamespace, view.wide),
    count: objects.length,
    total: all.length,
    row: (at) => rowOf(kind, objects[at]!, printed, showsNamespace, nowMs),
    indexOf: (key) => {
      const object = lister.byKey(key);
      return object ? objects.indexOf(object) : -1;
    },
    keyAt: (at) => objects[at] && keyOf(objects[at]),
  };
}

function withSort(view: TableView, sort: Sort | undefined): TableView {
  return view.sort || !sort ? view : { ...view, sort };
}

function titleOf(view: TableView, { ref }: Kind): string {
  const where = ref.namespaced ? view.namespace || 'all' : 'cluster';
  return `${ref.resource}(${view.scope?.title ?? where})${view.faults ? ' faults' : ''}`;
}

/** Kubectl's columns; those of its wide output are there when there is room, or are asked for. */
function columnsOf(
  printed: readonly ListColumn[],
  showsNamespace: boolean,
  isWide = false,
): Column[] {
  const columns = printed.map(
    ({ name, type, priority = 0, own }): Column => ({
      name: name.toUpperCase(),
      ...(type === 'integer' || own?.isRight ? { align: 'right' } : {}),
      ...(name === 'Message' ? { flexible: true } : {}),
      ...(priority > 0 ? (isWide ? { expendable: priority } : { optional: true }) : {}),
    }),
  );
  if (!showsNamespace) return columns;
  const gives = columns.some(({ flexible }) => flexible);
  return [{ name: 'NAMESPACE', ...(gives ? { expendable: 1 } : {}) }, ...columns];
}

function rowOf(
  kind: Kind,
  object: KubeObject,
  printed: readonly ListColumn[],
  showsNamespace: boolean,
  nowMs: number,
): Row {
  const cells = cellsOf(kind, object, nowMs, printed);
  const { waitingFor } = goalOf(kind, object);
  return {
    key: keyOf(object),
    cells: showsNamespace ? [object.metadata.namespace ?? '', ...cells] : cells,
    tone: rowTone(kind, object, cells),
    ...(waitingFor === undefined ? {} : { detail: waitingFor }),
  };
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

/** What a filter searches: the row as it was when it was first looked at; ages in it do not tick. */
function textOf(
  kind: Kind,
  object: KubeObject,
  printed: readonly ListColumn[],
  nowMs: number,
): string {
  if (printed.some(({ own }) => own?.path !== undefined))
    return [object.metadata.namespace ?? '', ...cellsOf(kind, object, nowMs, printed)].join(' ');
  let text = texts.get(object);
  if (text === undefined) {
    const cells = cellsOf(kind, object, nowMs, printed);
    text = [object.metadata.namespace ?? '', ...cells].join(' ');
    texts.set(object, text);
  }
  return text;
}

function filtered(
  objects: readonly KubeObject[],
  view: TableView,
  kind: Kind,
  printed: readonly ListColumn[],
  nowMs: number,
): readonly KubeObject[] {
  const kept = view.faults ? objects.filter((each) => !goalOf(kind, each).atGoal) : objects;
  if (view.filter === '') return kept;
  const passes = parseFilter(view.filter);
  return kept.filter((object) =>
    passes({
      text: textOf(kind, object, printed, nowMs),
      name: object.metadata.name ?? '',
      labels: object.metadata.labels ?? {},
    }),
  );
}

/** What happens (events) is listed newest first, everything else by namespace and name. */
const NEWEST_FIRST: Sort = { column: 'LAST SEEN', descending: false };

function sorted(
  objects: readonly KubeObject[],
  view: TableView,
  kind: Kind,
  printed: readonly ListColumn[],
  nowMs: number,
): readonly KubeObject[] {
  const sort = view.sort ?? (printed[0]?.name === 'Last Seen' ? NEWEST_FIRST : undefined);
  if (!sort) return objects;
  if (sort.column === 'NAMESPACE')
    return sortedByCell(objects, ({ metadata }) => metadata.namespace ?? '', sort);
  const column = printed.find(({ name }) => name.toUpperCase() === sort.column);
  if (!column) return objects;
  if (column.value === 'age') {
    const sign = sort.descending ? -1 : 1;
    return objects.toSorted((a, b) => sign * (bornMs(b) - bornMs(a)));
  }
  const cellOf = (object: KubeObject): string => cellsOf(kind, object, nowMs, [column])[0] ?? '';
  return sortedByCell(objects, cellOf, sort);
}

function bornMs({ metadata }: KubeObject): number {
  return parseTime(metadata.creationTimestamp) || 0;
}
