import { compileSelector, isApiError } from '../../meta/index.ts';
import type { Glyphs } from '../theme.ts';
import type { Target } from './action.ts';
import { recordAt } from './journal.ts';
import { kindListing } from './kind-list.ts';
import { type Listing, tellsWhat } from './listing.ts';
import type { ListPage } from './message.ts';
import { pageListing } from './pages.ts';
import { currentView, replaceView, type State } from './state.ts';
import { type Cursor, isList, type ListView, type TableView } from './view.ts';
import { remember, type World } from './world.ts';

/** The listing that a view shows at this moment. Where its cursor stands and which columns are seen makes no difference. */
export function listingFor(view: ListView, world: World, glyphs: Glyphs): Listing {
  const { cursor: _, pan: __, ...what } = view.type === 'table' ? withoutMarks(view) : view;
  return remember(world, `list ${JSON.stringify(what)} ${glyphs.ascii}`, () =>
    view.type === 'table' ? kindListing(view, world) : pageListing(view, world, glyphs),
  );
}

function withoutMarks({ marks: _, ...view }: TableView): TableView {
  return view;
}

/** The row that the cursor is on: that of its object, or where that was. -1 in an empty list. */
export function cursorRow({ key, at }: Cursor, listing: Listing): number {
  const found = key === undefined ? -1 : listing.indexOf(key);
  return found >= 0 ? found : Math.min(at, listing.count - 1);
}

/** The first visible row, such that the cursor's row is visible and no room is wasted at the end. */
export function windowStart(cursor: Cursor, row: number, count: number, visible: number): number {
  const wanted = Math.min(Math.max(row - visible + 1, cursor.offset), Math.max(0, row));
  return Math.max(0, Math.min(wanted, count - visible));
}

/** Pages whose rows are objects: their keys are `resource key`, and more where an object has several rows. */
const OF_OBJECTS: ReadonlySet<ListPage> = new Set([
  'convergence',
  'used-by',
  'xray',
  'flows',
  'pulses',
  'changes',
]);

/** The object under the cursor, or that the view is about. */
export function chosen(state: State, world: World): Target | undefined {
  const view = currentView(state);
  if (view.type === 'object') return { resource: view.resource, key: view.key };
  if (!isList(view)) return undefined;
  const key = chosenRow(state, view, world);
  if (view.type === 'table')
    return key === undefined ? undefined : { resource: view.resource, key };
  if (view.page === 'containers' || view.page === 'diff') return view.subject;
  if (key === undefined) return undefined;
  if (view.page === 'timeline' || view.page === 'causes') return writtenBy(Number(key), world);
  if (!OF_OBJECTS.has(view.page)) return undefined;
  const [resource = '', objectKey = ''] = key.split(' ');
  return { resource, key: objectKey };
}

/** Key of the row under the cursor. */
export function chosenRow(state: State, view: ListView, world: World): string | undefined {
  const listing = listingFor(view, world, state.glyphs);
  return listing.keyAt(cursorRow(view.cursor, listing));
}

/** What a record of the journal is about. */
function writtenBy(id: number, world: World): Target | undefined {
  const record = recordAt(id, world);
  return record?.type === 'write' ? { resource: record.resource, key: record.key } : undefined;
}

/** What actions are for: what is marked and seen, else what is chosen. */
export function targets(state: State, world: World): readonly Target[] {
  const view = currentView(state);
  if (view.type === 'table' && view.marks && view.marks.length > 0) {
    const { resource } = view;
    const listing = listingFor(view, world, state.glyphs);
    const seen = view.marks.filter((key) => listing.indexOf(key) >= 0);
    if (seen.length > 0) return seen.map((key) => ({ resource, key }));
  }
  const one = chosen(state, world);
  return one && one.key !== '' ? [one] : [];
}

/** Marks the row under the cursor or takes its mark away, or marks all rows from the last mark to it. */
export function mark(state: State, what: 'one' | 'range' | 'none', world: World): State {
  const view = currentView(state);
  if (view.type !== 'table') return state;
  const { marks = [], ...rest } = view;
  if (what === 'none') return replaceView(state, () => rest);
  const listing = listingFor(view, world, state.glyphs);
  const row = cursorRow(view.cursor, listing);
  const key = listing.keyAt(row);
  if (key === undefined) return state;
  if (what === 'one') {
    const others = marks.filter((each) => each !== key);
    const next = others.length === marks.length ? [...marks, key] : others;
    return replaceView(state, () => ({ ...rest, marks: next }));
  }
  const last = marks.length === 0 ? row : listing.indexOf(marks.at(-1)!);
  const [from, to] = [Math.min(last < 0 ? row : last, row), Math.max(last, row)];
  const between = Array.from({ length: to - from + 1 }, (_, at) => listing.keyAt(from + at)!);
  return replaceView(state, () => ({ ...rest, marks: [...new Set([...marks, ...between])] }));
}

/** Moves the cursor by rows or to an end. */
export function moveCursor(
  state: State,
  world: World,
  visible: number,
  target: (at: number, last: number) => number,
): State {
  const view = currentView(state);
  if (!isList(view)) return state;
  const listing = listingFor(view, world, state.glyphs);
  if (listing.count === 0) return state;
  const row = target(cursorRow(view.cursor, listing), listing.count - 1);
  const offset = windowStart(view.cursor, row, listing.count, visible);
  const key = listing.keyAt(row);
  const cursor: Cursor = { at: row, offset, ...(key === undefined ? {} : { key }) };
  return replaceView(state, () => ({ ...view, cursor }));
}

/** Moves past a column to the left, or back; the last one stays. */
export function panColumns(state: State, by: -1 | 1, world: World): State {
  const view = currentView(state);
  if (!isList(view)) return state;
  const { columns } = listingFor(view, world, state.glyphs);
  const last = Math.max(0, columns.filter((each) => !tellsWhat(each)).length - 1);
  const pan = Math.max(0, Math.min(last, (view.pan ?? 0) + by));
  return replaceView(state, () => ({ ...view, pan }));
}

export function sortBy(state: State, column: string, world: World): State {
  const view = currentView(state);
  if (!isList(view)) return state;
  const { columns } = listingFor(view, world, state.glyphs);
  const found = columns.find(
    ({ name }) => name === column || (column === 'NAME' && name === 'OBJECT'),
  );
  if (!found) return state;
  const descending = view.sort?.column === found.name && !view.sort.descending;
  return replaceView(state, () => ({ ...view, sort: { column: found.name, descending } }));
}

/** Sorts by the next column to the left or right, as k9s selects columns. */
export function sortByNeighbour(state: State, by: -1 | 1, world: World): State {
  const view = currentView(state);
  if (!isList(view)) return state;
  const names = listingFor(view, world, state.glyphs)
    .columns.map(({ name }) => name)
    .filter((name) => name !== '');
  const at = view.sort ? names.indexOf(view.sort.column) : by > 0 ? -1 : names.length;
  const column = names[(at + by + names.length) % names.length];
  if (column === undefined) return state;
  return replaceView(state, () => ({ ...view, sort: { column, descending: false } }));
}

export function flipSort(state: State): State {
  const view = currentView(state);
  if (!isList(view) || !view.sort) return state;
  const { column, descending } = view.sort;
  return replaceView(state, () => ({ ...view, sort: { column, descending: !descending } }));
}

/** A word about a filter that cannot be what was meant; the list shows everything meanwhile. */
export function filterComplaint(text: string): string | undefined {
  if (!text.startsWith('-l')) return undefined;
  try {
    compileSelector(text.slice(2).trim());
    return undefined;
  } catch (error) {
    if (isApiError(error)) return error.message;
    throw error;
  }
}
