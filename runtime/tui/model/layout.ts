import { currentView, type State } from './state.ts';
import { isList } from './view.ts';

/** Smaller than this there is only a line that says so. */
export const SMALLEST = { columns: 40, rows: 10 };

/** Lines that are not content: header and strip; two borders; the line at the bottom. */
const HEADER_ROWS = 2;
const BORDER_ROWS = 2;
const FOOTER_ROWS = 1;
/** A frame of the terminal's full height makes it scroll and flicker. */
const SPARE_ROWS = 1;

export function isTooSmall({ columns, rows }: State): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows;
}

/** Lines inside the box. */
export function boxRows(state: State): number {
  const around = (hasHeader(state) ? HEADER_ROWS : 0) + (hasFooter(state) ? FOOTER_ROWS : 0);
  return Math.max(1, state.rows - SPARE_ROWS - BORDER_ROWS - around);
}

export function hasHeader({ full, headless }: State): boolean {
  return !full && !headless;
}

/** What is typed and what is said is shown in any case. */
export function hasFooter({ full, prompt, flash }: State): boolean {
  return !full || prompt !== undefined || flash !== undefined;
}

/** Rows of a list, below its heads, or lines of a text that are seen at once. */
export function visibleRows(state: State): number {
  return Math.max(1, boxRows(state) - (isList(currentView(state)) ? 1 : 0));
}

/** Lines of a tile, its frame included, and the fewest cells that it is wide. */
export const TILE_ROWS = 5;
const TILE_COLUMNS = 30;

/** Tiles side by side. */
export function tilesAcross(state: State): number {
  return Math.max(1, Math.floor((boxColumns(state) + 1) / (TILE_COLUMNS + 1)));
}

/** Tiles one below the other that are seen at once. */
export function tilesDown(state: State): number {
  return Math.max(1, Math.floor(boxRows(state) / TILE_ROWS));
}

/** Cells inside the box. */
export function boxColumns({ columns }: State): number {
  return Math.max(1, columns - 4);
}
