import { type Column, type Row, tellsWhat } from '../model/listing.ts';
import { printable, widthOf } from '../model/text.ts';

export const GAP = '  ';
const NARROWEST = 6;
/** Columns are cut to this before others go for lack of room, and in wide terminals to so much of the whole. */
const LONG = 40;
const LONG_SHARE = 0.4;

/** A column that there is room for. */
export interface Shown {
  readonly at: number;
  readonly width: number;
  /** Cells of the longest of its content. */
  readonly wants: number;
  readonly column: Column;
  /** Its cells are in their short form. */
  readonly isShort?: boolean;
}

export interface Content {
  readonly columns: readonly Column[];
  readonly heads: readonly string[];
  readonly rows: readonly Row[];
  /** Columns that were moved past. */
  readonly pan: number;
}

/** The columns that are seen, and how many more there are: without `pan` those left out, with it those to the right. */
export interface LaidOut {
  readonly shown: readonly Shown[];
  readonly hidden: number;
}

/**
 * Widths that hold the content. Where there is too little room the flexible column gives, then expendable columns go,
 * then cells take their short form, then the widest give; where there is more, the flexible column takes it. Who moves to the
 * right sees every column at its full width, beside what the rows are about.
 */
export function layOut(content: Content, width: number): LaidOut {
  const { columns, rows, pan } = content;
  const measured = columns.map((column, at) => measuredColumn(column, at, content));
  if (pan > 0) return moved(measured, pan, width);
  const wanted = measured.filter(
    ({ at, column }) =>
      !(column.optional || column.unlessEmpty) ||
      rows.some(({ cells }) => saysSomething(cells[at])),
  );
  const kept = withoutExpendable(wanted, width);
  const shown = uncapped(shortened(kept, content, width), width);
  const fixed = total(shown, ({ column, width: own }) => (column.flexible ? 0 : own));
  const fitted = shown.map((each) =>
    each.column.flexible ? { ...each, width: Math.max(keptOf(each, width), width - fixed) } : each,
  );
  return { shown: squeezed(fitted, width), hidden: wanted.length - shown.length };
}

function measuredColumn(column: Column, at: number, { heads, rows }: Content): Shown {
  const content = rows.reduce((most, row) => Math.max(most, cellWidth(row, at)), 0);
  const wanted = Math.max(content, widthOf(heads[at] ?? ''));
  return { at, column, wants: wanted, width: Math.min(wanted, column.cap ?? wanted) };
}

function moved(measured: readonly Shown[], pan: number, width: number): LaidOut {
  const longest = Math.max(LONG / 2, Math.floor(width * LONG_SHARE));
  const pinned = measured
    .filter(({ column }) => tellsWhat(column))
    .map((each) => ({ ...each, width: Math.min(each.wants, longest) }));
  const [first, ...rest] = measured
    .filter(({ column }) => !tellsWhat(column))
    .slice(pan)
    .map((each) => ({ ...each, width: each.wants }));
  const shown = [...pinned, ...(first ? [first] : [])];
  const fits = (next: Shown): boolean => total([...shown, next], (each) => each.width) <= width;
  for (const next of rest) {
    if (!fits(next)) break;
    shown.push(next);
  }
  const hidden = pinned.length + rest.length + (first ? 1 : 0) - shown.length;
  return { shown: squeezed(shown, width), hidden };
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

/** With cells that can be said shorter said so, where there is too little room for them. */
function shortened(
  shown: readonly Shown[],
  { heads, rows }: Content,
  width: number,
): readonly Shown[] {
  if (total(shown, (each) => floorOf(each, width)) <= width) return shown;
  return shown.map((each) => {
    const { short } = each.column;
    if (!short) return each;
    const cells = rows.map((row) => widthOf(printable(short(row.cells[each.at] ?? ''))));
    const wants = Math.max(widthOf(heads[each.at] ?? ''), ...cells);
    return { ...each, wants, width: Math.min(each.width, wants), isShort: true };
  });
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

/** What a column has to have of so much room: all that it wants where that is not long, or where it gives a quarter. */
function floorOf({ column, width: own }: Shown, width: number): number {
  const least = column.flexible
    ? Math.max(16, Math.floor(width / 4))
    : Math.max(LONG, Math.floor(width * LONG_SHARE));
  return Math.min(own, least);
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
