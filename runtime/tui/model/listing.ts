import type { Labels } from '../../meta/index.ts';
import { type Filterable, parseFilter } from './filter.ts';
import type { Tone } from './text.ts';
import type { ListView, Sort } from './view.ts';

export interface Column {
  readonly name: string;
  readonly align?: 'right';
  /** Takes what room is left, and gives first when there is too little. */
  readonly flexible?: boolean;
  /** Cells that it takes at most. */
  readonly cap?: number;
  /** What is too long loses its beginning, for paths. */
  readonly keepsEnd?: boolean;
  /** What is too long loses its middle, for names that differ at their end. */
  readonly keepsBoth?: boolean;
  /** What a cell says where there is too little room for all of it. */
  readonly short?: (cell: string) => string;
  /** Left out when there is too little room; the highest first. */
  readonly expendable?: number;
  /** Left out when no row has anything in it. */
  readonly unlessEmpty?: boolean;
  /** Shown where there is room and it says something: the columns of wide output. The one that is most expendable goes first. */
  readonly optional?: boolean;
  /** What it says changes with time alone, as ages do. */
  readonly goesByItself?: boolean;
}

const IDENTITIES = new Set(['', 'NAME', 'OBJECT']);

/** Whether a column tells what a row is about: it stays when the others are moved past. */
export function tellsWhat({ name }: Column): boolean {
  return IDENTITIES.has(name);
}

/** One row, ready to be laid out. */
export interface Row {
  readonly key: string;
  readonly cells: readonly string[];
  readonly tone: Tone;
  /** Said in full below the list while the cursor is on the row. */
  readonly detail?: string;
  /** When what it is about was made, in virtual time. */
  readonly bornMs?: number;
  /** Cells whose tone differs from the row's. */
  readonly tones?: Readonly<Record<number, Tone>>;
}

/**
 * A list that a view shows: filtered and sorted, its rows made when they are looked at. Never as long as what it lists
 * costs.
 */
export interface Listing {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly count: number;
  /** Rows before the filter. */
  readonly total: number;
  /** What there is to say of all of it. */
  readonly note?: string;
  row(at: number): Row;
  /** -1 when there is no such row. */
  indexOf(key: string): number;
  keyAt(at: number): string | undefined;
}

/** Rows at hand as a listing, filtered and sorted as the view wants. */
export function listingOf(
  title: string,
  columns: readonly Column[],
  rows: readonly Row[],
  view: ListView,
  labelsOf: (row: Row) => Labels = () => ({}),
): Listing {
  const passes = parseFilter(view.filter);
  const filtered = rows.filter((row) => passes(filterable(row, labelsOf)));
  const kept = sortedRows(filtered, columns, view.sort);
  return {
    title,
    columns,
    count: kept.length,
    total: rows.length,
    row: (at) => kept[at]!,
    indexOf: (key) => kept.findIndex((row) => row.key === key),
    keyAt: (at) => kept[at]?.key,
  };
}

function filterable(row: Row, labelsOf: (row: Row) => Labels): Filterable {
  return { text: row.cells.join(' '), name: row.key, labels: labelsOf(row) };
}

function sortedRows(
  rows: readonly Row[],
  columns: readonly Column[],
  sort: Sort | undefined,
): readonly Row[] {
  const at = columns.findIndex(({ name }) => name !== '' && name === sort?.column);
  return sort && at >= 0 ? sortedByCell(rows, (row) => row.cells[at] ?? '', sort) : rows;
}

/** Sorted by a cell: numbers, `2/3` and ages by size, the rest as text. */
export function sortedByCell<T>(
  items: readonly T[],
  cellOf: (item: T) => string,
  { descending }: Sort,
): readonly T[] {
  const sign = descending ? -1 : 1;
  return items
    .map((item) => {
      const cell = cellOf(item);
      return { item, cell, size: sizeOf(cell) };
    })
    .sort((a, b) => {
      if (a.size !== undefined && b.size !== undefined && a.size !== b.size)
        return sign * (a.size - b.size);
      return a.cell === b.cell ? 0 : a.cell < b.cell ? -sign : sign;
    })
    .map(({ item }) => item);
}

/** Sorted by a figure; those without one come before all others. */
export function sortedBySize<T>(
  items: readonly T[],
  sizeIn: (item: T) => number | undefined,
  { descending }: Sort,
): readonly T[] {
  const sign = descending ? -1 : 1;
  return items
    .map((item) => ({ item, size: sizeIn(item) ?? Number.NEGATIVE_INFINITY }))
    .sort((a, b) => (a.size === b.size ? 0 : sign * (a.size - b.size)))
    .map(({ item }) => item);
}

const SECONDS = { y: 31_536_000, d: 86_400, h: 3600, m: 60, s: 1 };

/** A number, the first of `2/3`, an amount such as `64Mi`, or an age in seconds. */
export function sizeOf(cell: string): number | undefined {
  const number = /^(-?\d+)(\/\d+| \(.*\)|[KMGT]i)?$/.exec(cell);
  if (number) return Number(number[1]);
  if (!/^(\d+[ydhms])+$/.test(cell)) return undefined;
  let total = 0;
  for (const [, amount, unit] of cell.matchAll(/(\d+)([ydhms])/g))
    total += Number(amount) * SECONDS[unit as keyof typeof SECONDS];
  return total;
}
