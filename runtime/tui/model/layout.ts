import { currentView, isList, type State } from './state.ts';

/** Smaller than this there is only a line that says so. */
export const SMALLEST = { columns: 40, rows: 10 };

/** Lines that are not content: header, strip, two borders, the line at the bottom. */
const CHROME_ROWS = 5;
/** A frame of the terminal's full height makes it scroll and flicker. */
const SPARE_ROWS = 1;

export function isTooSmall({ columns, rows }: State): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows;
}

/** Lines inside the box. */
export function boxRows({ rows }: State): number {
  return Math.max(1, rows - SPARE_ROWS - CHROME_ROWS);
}

/** Rows of a list, below its heads, or lines of a text that are seen at once. */
export function visibleRows(state: State): number {
  return Math.max(1, boxRows(state) - (isList(currentView(state)) ? 1 : 0));
}

/** Cells inside the box. */
export function boxColumns({ columns }: State): number {
  return Math.max(1, columns - 4);
}
