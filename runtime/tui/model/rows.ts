import {
  compileSelector,
  controllerOf,
  evaluateGoal,
  type KubeObject,
  keyOf,
  tableColumns,
  tableRow,
} from '../../meta/index.ts';
import type { ConvergenceView, Scope, TableView } from './state.ts';
import type { Tone } from './text.ts';
import { type Kind, kindById, type World } from './world.ts';

/** One row of a list, ready to be laid out. */
export interface Row {
  readonly key: string;
  readonly cells: readonly string[];
  readonly tone: Tone;
}

export interface Table {
  readonly title: string;
  readonly headers: readonly string[];
  readonly rows: readonly Row[];
  /** Rows before the filter. */
  readonly total: number;
}

/** How filter text picks rows: `/regex`, `/!regex` the others; a broken expression is taken literally. */
export function rowFilter(text: string): (row: Row) => boolean {
  if (text === '') return () => true;
  const inverse = text.startsWith('!');
  const source = inverse ? text.slice(1) : text;
  let matches: (value: string) => boolean;
  try {
    const pattern = new RegExp(source, 'i');
    matches = (value) => pattern.test(value);
  } catch {
    matches = (value) => value.toLowerCase().includes(source.toLowerCase());
  }
  return (row) => matches(row.cells.join(' ')) !== inverse;
}

/** The home screen: every object that has a goal and that nobody owns, and owned ones while they are behind. */
export function convergenceTable(view: ConvergenceView, world: World, spark: string): Table {
  const nowMs = world.control.clock().nowMs;
  const all = world.control.progress();
  const rows = all.map((each): Row => {
    const want = each.want ?? 1;
    const have = each.have ?? Number(each.atGoal);
    const state = each.atGoal ? 'ok' : 'pending';
    return {
      key: `${each.resource} ${each.namespace ? `${each.namespace}/` : ''}${each.name}`,
      tone: state,
      cells: [
        each.atGoal ? 'ok' : 'pending',
        `${each.kind.toLowerCase()}/${each.name}`,
        each.namespace ?? '',
        String(want),
        String(have),
        String(Math.abs(want - have)),
        sparkline(each.trend, spark),
        each.waitingFor ?? '-',
        age(nowMs - each.sinceMs),
      ],
    };
  });
  const kept = rows.filter(rowFilter(view.filter));
  return {
    title: 'convergence(all)',
    headers: ['', 'OBJECT', 'NAMESPACE', 'WANT', 'HAVE', 'DIST', 'TREND', 'WAITING FOR', 'SINCE'],
    rows: kept,
    total: rows.length,
  };
}

/** A list of one kind, with the columns that kubectl prints. */
export function kindTable(view: TableView, world: World): Table {
  const kind = kindById(world, view.resource);
  if (!kind) return { title: view.resource, headers: [], rows: [], total: 0 };
  const objects = scoped(view, world, kind);
  const nowMs = world.control.clock().nowMs;
  const columns = tableColumns(kind.descriptor).filter(({ priority = 0 }) => priority === 0);
  const showsNamespace = kind.ref.namespaced && view.namespace === '';
  const headers = columns.map(({ name }) => name.toUpperCase());
  const all = objects.map((object): Row => {
    const cells = tableRow(kind.descriptor, object, nowMs, columns);
    return {
      key: keyOf(object),
      cells: showsNamespace ? [object.metadata.namespace ?? '', ...cells] : cells,
      tone: toneOf(kind, object),
    };
  });
  const rows = sorted(all.filter(rowFilter(view.filter)), view, headers, showsNamespace);
  const where = view.scope?.title ?? (view.namespace === '' ? 'all' : view.namespace);
  return {
    title: `${kind.ref.resource}(${kind.ref.namespaced || view.scope ? where : 'cluster'})`,
    headers: showsNamespace ? ['NAMESPACE', ...headers] : headers,
    rows,
    total: all.length,
  };
}

function scoped(view: TableView, world: World, kind: Kind): readonly KubeObject[] {
  const all = world.lister(kind.ref).list(view.namespace === '' ? undefined : view.namespace);
  return view.scope ? all.filter(inScope(view.scope)) : all;
}

function inScope(scope: Scope): (object: KubeObject) => boolean {
  switch (scope.by) {
    case 'owner':
      return (object) => controllerOf(object)?.uid === scope.value;
    case 'node':
      return (object) =>
        (object as { spec?: { nodeName?: string } }).spec?.nodeName === scope.value;
    case 'labels': {
      const selector = compileSelector(scope.value);
      return (object) => selector(object.metadata.labels ?? {});
    }
  }
}

function toneOf(kind: Kind, object: KubeObject): Tone {
  if (object.metadata.deletionTimestamp) return 'dim';
  const { goal } = kind.descriptor;
  if (!goal) return 'normal';
  return evaluateGoal(goal, object).atGoal ? 'normal' : 'pending';
}

function sorted(
  rows: readonly Row[],
  view: TableView,
  headers: readonly string[],
  showsNamespace: boolean,
): readonly Row[] {
  if (!view.sort) return rows;
  const { column, descending } = view.sort;
  const found = headers.indexOf(column);
  if (found < 0) return rows;
  const at = found + Number(showsNamespace);
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * compareCells(a.cells[at] ?? '', b.cells[at] ?? ''));
}

function compareCells(a: string, b: string): number {
  const [left, right] = [sortValue(a), sortValue(b)];
  if (typeof left === 'number' && typeof right === 'number' && left !== right) return left - right;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Numbers and ages sort by size, the rest as text. */
function sortValue(cell: string): number | string {
  if (/^\d+$/.test(cell)) return Number(cell);
  if (!/^(\d+[ywdhms])+$/.test(cell)) return cell;
  const seconds = { y: 31_536_000, w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };
  let total = 0;
  for (const [, amount, unit] of cell.matchAll(/(\d+)([ywdhms])/g))
    total += Number(amount) * seconds[unit as keyof typeof seconds];
  return total;
}

function sparkline(trend: readonly number[], levels: string): string {
  const glyphs = [...levels];
  const top = Math.max(1, ...trend);
  const last = trend.slice(-6);
  return last
    .map(
      (value) =>
        glyphs[value === 0 ? 0 : Math.max(1, Math.round((value / top) * (glyphs.length - 1)))]!,
    )
    .join('')
    .padStart(6, glyphs[0]);
}

/** `41s`, `3m12s`, `2h`: short, for a column. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
