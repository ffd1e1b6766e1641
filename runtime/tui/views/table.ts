import type { Listing, Row } from '../model/listing.ts';
import { cursorRow, windowStart } from '../model/lists.ts';
import type { RowMove } from '../model/moves.ts';
import { emptyText } from '../model/nothing.ts';
import type { State } from '../model/state.ts';
import { keepBoth, keepEnd, type Line, padCut, printable, span, widthOf } from '../model/text.ts';
import type { ListView } from '../model/view.ts';
import type { World } from '../model/world.ts';
import type { Glyphs } from '../theme.ts';
import type { BoxContent } from './box.ts';
import { GAP, layOut, type Shown } from './columns.ts';

/** So many cells beside the detail are enough for words. */
const ROOMY = 28;
/** Lists up to this long are measured whole; in longer ones the columns follow the rows that are seen. */
const MEASURED_ROWS = 300;

/** The visible rows of a list under its heads, with the cursor; costs the window, not the list. */
export function tableContent(
  listing: Listing,
  view: ListView,
  width: number,
  rows: number,
  world: World,
  { glyphs, moves }: Pick<State, 'glyphs' | 'moves'>,
): BoxContent {
  const cursor = cursorRow(view.cursor, listing);
  const start = windowStart(view.cursor, cursor, listing.count, rows);
  const end = Math.min(listing.count, start + rows);
  const visible = rowsBetween(listing, start, end);
  const measured =
    listing.count <= MEASURED_ROWS ? rowsBetween(listing, 0, listing.count) : visible;
  const heads = listing.columns.map(({ name }) => headOf(name, view, glyphs));
  const pan = view.pan ?? 0;
  const laidOut = layOut({ columns: listing.columns, heads, rows: measured, pan }, width - 2);
  const { shown } = laidOut;
  const marks = new Set(view.type === 'table' ? view.marks : []);
  const lines: Line[] = [[span('  '), ...cellsLine(shown, heads, 'dim')]];
  if (visible.length === 0) lines.push([span(`  ${emptyText(listing, view, world)}`, 'dim')]);
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
    ...outOfSight(pan, laidOut.hidden, width - widthOf(printable(detail))),
  };
}

/** How many columns there is no room for, and which way they are; in few cells where there are few beside the detail. */
function outOfSight(pan: number, hidden: number, room: number): Pick<BoxContent, 'belowAside'> {
  const more = hidden === 1 ? 'more column' : 'more columns';
  const words = [
    ...(pan > 0 ? [`← ${pan}`] : []),
    ...(hidden > 0 ? [room < ROOMY ? `${hidden} →` : `${hidden} ${more} →`] : []),
  ];
  return words.length === 0 ? {} : { belowAside: span(words.join('  '), 'dim') };
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

function cellsLine(shown: readonly Shown[], cells: readonly string[], tone: Row['tone']): Line {
  return shown.map(({ at, width, column, isShort }, place) => {
    const gap = place === shown.length - 1 ? '' : GAP;
    const whole = cells[at] ?? '';
    const cell = isShort && column.short ? column.short(whole) : whole;
    const kept = column.keepsEnd
      ? keepEnd(cell, width)
      : column.keepsBoth
        ? keepBoth(cell, width)
        : cell;
    return span(padCut(kept, width, column.align) + gap, tone);
  });
}
