import { boxRows } from './layout.ts';
import { type Listing, type Row, sizeOf } from './listing.ts';
import { cursorRow, listingFor, windowStart } from './lists.ts';
import { currentView, type State } from './state.ts';
import type { TableView } from './view.ts';
import type { World } from './world.ts';

/** How a cell has moved: a number that grew or shrank, or a text that is another. */
export type Move = 'up' | 'down' | 'other';

/** What has lately become of a row. */
export interface RowMove {
  /** It was made since the list was last looked at. */
  readonly isNew: boolean;
  /** By the place of the cell. */
  readonly cells: Readonly<Record<number, Move>>;
  /** How many beats it is still marked. */
  readonly beats: number;
}

/** What a list was like when it was last looked at, and what has moved since then. */
export interface Moves {
  /** Which list it is, wherever its cursor stands. */
  readonly of: string;
  readonly atMs: number;
  /** Cells of the rows that were seen, by key. */
  readonly seen: ReadonlyMap<string, readonly string[]>;
  readonly marked: ReadonlyMap<string, RowMove>;
}

/** A mark stays for one beat at least, and for two at most. */
const BEATS = 2;
const NO_MARKS: Moves['marked'] = new Map();

/** The state with what moved in the visible rows of a list of objects since it was last looked at. Costs the rows that are seen. */
export function watched(state: State, world: World): State {
  const view = currentView(state);
  if (view.type !== 'table') return withoutMoves(state);
  const of = idOf(view, state);
  const before = state.moves?.of === of ? state.moves : undefined;
  const { nowMs } = world.control.clock();
  const listing = listingFor(view, world, state.glyphs);
  const rows = visibleRows(listing, view, state);
  if (before?.atMs === nowMs && rows.every(({ key, cells }) => before.seen.get(key) === cells))
    return state;
  const found = before ? marksOf(rows, listing, before) : NO_MARKS;
  const seen = new Map(rows.map(({ key, cells }) => [key, cells]));
  const marked = found.size === 0 ? (before?.marked ?? NO_MARKS) : merged(before?.marked, found);
  return { ...state, moves: { of, atMs: nowMs, seen, marked } };
}

/** A beat later: marks that have been there long enough go. */
export function faded(state: State): State {
  const { moves } = state;
  if (!moves || moves.marked.size === 0) return state;
  const left = [...moves.marked].flatMap(([key, mark]): [string, RowMove][] =>
    mark.beats > 1 ? [[key, { ...mark, beats: mark.beats - 1 }]] : [],
  );
  return { ...state, moves: { ...moves, marked: new Map(left) } };
}

function withoutMoves(state: State): State {
  if (!state.moves) return state;
  const { moves: _, ...rest } = state;
  return rest;
}

function idOf({ resource, namespace, scope, wide }: TableView, { copy }: State): string {
  return JSON.stringify([resource, namespace, scope, wide ?? false, copy]);
}

function visibleRows(listing: Listing, { cursor }: TableView, state: State): readonly Row[] {
  const rows = Math.max(1, boxRows(state) - 1);
  const start = windowStart(cursor, cursorRow(cursor, listing), listing.count, rows);
  const count = Math.max(0, Math.min(rows, listing.count - start));
  return Array.from({ length: count }, (_, at) => listing.row(start + at));
}

function marksOf(rows: readonly Row[], { columns }: Listing, { seen, atMs }: Moves) {
  const marks = new Map<string, RowMove>();
  // Objects are dated to the second.
  const sinceMs = Math.floor(atMs / 1000) * 1000;
  for (const { key, cells, bornMs = 0 } of rows) {
    const before = seen.get(key);
    if (before === cells) continue;
    if (!before) {
      if (bornMs >= sinceMs) marks.set(key, { isNew: true, cells: {}, beats: BEATS });
      continue;
    }
    const moved: Record<number, Move> = {};
    cells.forEach((cell, at) => {
      const move = columns[at]?.goesByItself ? undefined : moveOf(before[at] ?? '', cell);
      if (move) moved[at] = move;
    });
    if (Object.keys(moved).length > 0) marks.set(key, { isNew: false, cells: moved, beats: BEATS });
  }
  return marks;
}

/** What was not known has not moved when it comes to be. */
const isUnknown = (cell: string): boolean => cell === '' || cell === 'n/a';

/** What follows a number in brackets tells of times: `3 (5m ago)`. */
const REMARK = / \(.*\)$/;

function moveOf(before: string, after: string): Move | undefined {
  if (isUnknown(before) || before.replace(REMARK, '') === after.replace(REMARK, ''))
    return undefined;
  const [from, to] = [sizeOf(before), sizeOf(after)];
  if (from === undefined || to === undefined || from === to) return 'other';
  return to > from ? 'up' : 'down';
}

/** A row that moves again keeps the marks of its other cells, and is new as long as it was to be. */
function merged(before: Moves['marked'] = NO_MARKS, found: Moves['marked']): Moves['marked'] {
  const marked = new Map(before);
  for (const [key, mark] of found) {
    const old = before.get(key);
    const cells = old ? { ...old.cells, ...mark.cells } : mark.cells;
    marked.set(key, { ...mark, cells, isNew: mark.isNew || (old?.isNew ?? false) });
  }
  return marked;
}
