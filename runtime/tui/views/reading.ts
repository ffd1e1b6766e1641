import { boxColumns } from '../model/layout.ts';
import { linesOf, matches } from '../model/read.ts';
import { errorLines, readingTitle } from '../model/reading.ts';
import type { State } from '../model/state.ts';
import { dropCells, type Line, plain, span } from '../model/text.ts';
import type { ReadView } from '../model/view.ts';
import type { World } from '../model/world.ts';
import type { BoxContent } from './box.ts';

/** The visible lines of a text. */
export function readingContent(
  state: State,
  view: ReadView,
  world: World,
  rows: number,
): BoxContent {
  const title = span(readingTitle(view, world), 'title');
  const search = view.search === '' ? [] : [span(` </${view.search}>`, 'pending')];
  const all = linesOf(state, view, world);
  const follows = view.type === 'log' && view.follows;
  const last = all.length - rows;
  const back = view.type === 'shell' ? last - view.offset : view.offset;
  const window = windowOf(all, follows ? last : back, rows);
  const lines = window.lines
    .map((line) =>
      view.type !== 'log' && matches(line, view.search) ? [span(plain(line), 'selected')] : line,
    )
    .map((line) => dropCells(line, view.column));
  const below = follows ? span(`${window.below.text}, following`, 'info') : window.below;
  return { title: [title, ...search], lines, below };
}

/** The mistakes of the last save, over whatever the view is. */
export function errorContent(state: State, world: World, rows: number): BoxContent {
  const count = world.control.manifests()?.errors.length ?? 0;
  const title = `${count} error${count === 1 ? '' : 's'}: nothing of this save is applied`;
  const window = windowOf(errorLines(world, boxColumns(state)), state.errors.offset, rows);
  return { title: [span(title, 'error')], ...window };
}

function windowOf(
  lines: readonly Line[],
  wanted: number,
  rows: number,
): { readonly lines: readonly Line[]; readonly below: ReturnType<typeof span> } {
  const offset = Math.max(0, Math.min(wanted, lines.length - rows));
  const end = Math.min(lines.length, offset + rows);
  return {
    lines: lines.slice(offset, end),
    below: span(`lines ${offset + 1}-${end} of ${lines.length}`, 'dim'),
  };
}
