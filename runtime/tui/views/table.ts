import type { Column, Listing, Row } from '../model/listing.ts';
import { cursorRow, windowStart } from '../model/lists.ts';
import type { RowMove } from '../model/moves.ts';
import type { State } from '../model/state.ts';
import { keepEnd, type Line, padCut, printable, span, widthOf } from '../model/text.ts';
import type { ListView } from '../model/view.ts';
import type { Glyphs } from '../theme.ts';
import type { BoxContent } from './box.ts';

const GAP = '  ';
const NARROWEST = 6;
/** Lists up to this long are measured whole; in longer ones the columns follow the rows that are seen. */
const MEASURED_ROWS = 300;

/** The visible rows of a list under its heads, with the cursor; costs the window, not the list. */
export function tableContent(
  listing: Listing,
  view: ListView,
  width: number,
  rows: number,
  { glyphs, moves }: Pick<State, 'glyphs' | 'moves'>,
): BoxContent {
  const cursor = cursorRow(view.cursor, listing);
  const start = windowStart(view.cursor, cursor, listing.count, rows);
  const end = Math.min(listing.count, start + rows);
  const visible = rowsBetween(listing, start, end);
  const measured =
    listing.count <= MEASURED_ROWS ? rowsBetween(listing, 0, listing.count) : visible;
  const heads = listing.columns.map(({ name }) => headOf(name, view, glyphs));
  const shown = layOut(listing.columns, heads, measured, width - 2);
  const marks = new Set(view.type === 'table' ? view.marks : []);
  const lines: Line[] = [[span('  '), ...cellsLine(shown, heads, 'dim')]];
  if (visible.length === 0) lines.push([span(emptyText(listing), 'dim')]);
  visible.forEach((row, at) => {
    const isCursor = start + at === cursor;
    const sign = marks.has(row.key) ? glyphs.mark : ' ';
    const move = moves?.marked.get(row.key);
    const cells = { row, sign, shown, glyphs, ...(move ? { move } : {}) };
    lines.push(isCursor ? cursorLine(cells, width) : rowLine(cells));
  });
  const chosen = visible[cursor - start];
  const flexible = listing.columns.findIndex((column) => column.flexible);
  const own = chosen?.detail ?? chosen?.cells[flexible] ?? '';
  const detail = own.length < 2 ? (listing.note ?? '') : own;
  return {
    title: titleOf(listing, view),
    lines,
    ...(detail === '' ? {} : { below: span(printable(detail), 'dim') }),
  };
}

export function titleOf({ title, count, total }: Listing, view: ListView): Line {
  const { filter } = view;
  const counts = count === total ? `[${total}]` : `[${count}/${total}]`;
  const name = span(`${title}${counts}`, 'title');
  const { marks = [] } = view.type === 'table' ? view : {};
  return [
    name,
    ...(filter === '' ? [] : [span(` </${filter}>`, 'pending')]),
    ...(marks.length === 0 ? [] : [span(` ${marks.length} marked`, 'key')]),
  ];
}

export function emptyText({ total }: Listing): string {
  return total > 0 ? '  nothing matches the filter' : '  nothing here yet';
}

function headOf(name: string, { sort }: ListView, glyphs: Glyphs): string {
  if (name === '' || sort?.column !== name) return name;
  return name + (sort.descending ? glyphs.down : glyphs.up);
}

function rowsBetween(listing: Listing, start: number, end: number): Row[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, at) => listing.row(start + at));
}

interface ShownRow {
  readonly row: Row;
  /** Before it: that it is marked. */
  readonly sign: string;
  readonly shown: readonly Shown[];
  readonly glyphs: Glyphs;
  /** What has lately become of it. */
  readonly move?: RowMove;
}

function cursorLine(shown: ShownRow, width: number): Line {
  const [, ...cells] = rowLine(shown);
  const text = cells.map((each) => each.text).join('');
  const { cursor } = shown.glyphs;
  return [span(padCut(`${cursor}${shown.sign}${text}`, width), 'selected')];
}

function rowLine({ row, sign, shown, glyphs, move }: ShownRow): Line {
  const tone = move && row.tone === 'normal' ? (move.isNew ? 'added' : 'modified') : row.tone;
  const cells = cellsLine(shown, row.cells, tone).flatMap(({ text }, place) => {
    const { at } = shown[place]!;
    const own = row.tones?.[at] ?? tone;
    const moved = move?.cells[at];
    if (!moved) return [span(text, own)];
    const [arrow, meaning] = ARROWS[moved];
    const cell = text.trimEnd();
    const rest = ' '.repeat(Math.max(0, widthOf(text) - widthOf(cell) - 1));
    return [span(cell, own), span(glyphs[arrow], meaning), span(rest, own)];
  });
  return [span(` ${sign}`, 'key'), ...cells];
}

/** How a cell that moved is marked, behind its text: at the latest in the gap. */
const ARROWS = {
  up: ['up', 'error'],
  down: ['down', 'ok'],
  other: ['delta', 'modified'],
} as const;

/** A column that there is room for. */
interface Shown {
  readonly at: number;
  readonly width: number;
  /** Cells of the longest of its content. */
  readonly wants: number;
  readonly column: Column;
}

function cellsLine(shown: readonly Shown[], cells: readonly string[], tone: Row['tone']): Line {
  return shown.map(({ at, width, column }, place) => {
    const gap = place === shown.length - 1 ? '' : GAP;
    const cell = cells[at] ?? '';
    const kept = column.keepsEnd ? keepEnd(cell, width) : cell;
    return span(padCut(kept, width, column.align) + gap, tone);
  });
}

/**
 * Widths that hold the content. Where there is too little room the flexible column gives, then expendable columns go,
 * then the widest give; where there is more, the flexible column takes it.
 */
function layOut(
  columns: readonly Column[],
  heads: readonly string[],
  rows: readonly Row[],
  width: number,
): Shown[] {
  const measured = columns.map((column, at): Shown => {
    const content = rows.reduce((most, row) => Math.max(most, cellWidth(row, at)), 0);
    const wanted = Math.max(content, widthOf(heads[at] ?? ''));
    return { at, column, wants: wanted, width: Math.min(wanted, column.cap ?? wanted) };
  });
  const wanted = measured.filter(
    ({ at, column }) =>
      !(column.optional || column.unlessEmpty) ||
      rows.some(({ cells }) => saysSomething(cells[at])),
  );
  const shown = uncapped(withoutExpendable(wanted, width), width);
  const fixed = total(shown, ({ column, width: own }) => (column.flexible ? 0 : own));
  const fitted = shown.map((each) =>
    each.column.flexible ? { ...each, width: Math.max(keptOf(each, width), width - fixed) } : each,
  );
  return squeezed(fitted, width);
}

function saysSomething(cell: string | undefined): boolean {
  return cell !== undefined && !/^(|n\/a|<\w+>)$/.test(cell);
}

/** Optional columns go, then expendable ones, of each the most expendable first, until the rest fits; a flexible one keeps a quarter. */
function withoutExpendable(wanted: readonly Shown[], width: number): readonly Shown[] {
  let shown = wanted;
  while (total(shown, (each) => floorOf(each, width)) > width) {
    const goes =
      leastWorth(shown.filter(({ column }) => column.optional)) ??
      leastWorth(shown.filter(({ column }) => column.expendable));
    if (!goes) break;
    shown = shown.filter((each) => each !== goes);
  }
  return shown;
}

/** Columns that are kept short take what nobody else needs, the first one first. */
function uncapped(shown: readonly Shown[], width: number): readonly Shown[] {
  let spare = width - total(shown, (each) => each.width);
  return shown.map((each) => {
    const more = Math.max(0, Math.min(spare, each.wants - each.width));
    spare -= more;
    return more > 0 ? { ...each, width: each.width + more } : each;
  });
}

/** What a column has to have of so much room: all that it wants, or where it gives a quarter. */
function floorOf({ column, width: own }: Shown, width: number): number {
  return column.flexible ? Math.min(own, Math.max(16, Math.floor(width / 4))) : own;
}

/** What a column that gives keeps when all others have to give too. */
function keptOf({ width: own }: Shown, width: number): number {
  return Math.max(NARROWEST, Math.min(own, Math.floor(width / 5)));
}

/** The most expendable; of several the last. */
function leastWorth(shown: readonly Shown[]): Shown | undefined {
  const most = Math.max(...shown.map(({ column }) => column.expendable ?? 0));
  return shown.findLast(({ column }) => (column.expendable ?? 0) === most);
}

function cellWidth(row: Row, at: number): number {
  return widthOf(printable(row.cells[at] ?? ''));
}

function total(shown: readonly Shown[], widthIn: (each: Shown) => number): number {
  const gaps = GAP.length * Math.max(0, shown.length - 1);
  return shown.reduce((sum, each) => sum + widthIn(each), gaps);
}

/** Takes from the widest column again and again until all fit, or nothing is left to take. */
function squeezed(shown: readonly Shown[], width: number): Shown[] {
  const widths = shown.map((each) => each.width);
  let excess = total(shown, (each) => each.width) - width;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
    excess--;
  }
  return shown.map((each, at) => ({ ...each, width: widths[at]! }));
}
