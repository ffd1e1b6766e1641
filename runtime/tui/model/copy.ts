import { listingFor } from './lists.ts';
import { linesOf } from './read.ts';
import { readingTitle } from './reading.ts';
import { currentView, type State } from './state.ts';
import { plain } from './text.ts';
import { isList } from './view.ts';
import type { World } from './world.ts';

const ROWS_MAX = 50_000;

/** The whole of what the view shows, beyond the screen too, as plain text, and a name for a file of it. */
export function frameText(
  state: State,
  world: World,
): { readonly name: string; readonly text: string } {
  const view = currentView(state);
  if (!isList(view)) {
    const lines = linesOf(state, view, world).map(plain);
    return { name: fileName(readingTitle(view, world)), text: `${lines.join('\n')}\n` };
  }
  const listing = listingFor(view, world, state.glyphs);
  const count = Math.min(ROWS_MAX, listing.count);
  const rows = Array.from({ length: count }, (_, at) => listing.row(at).cells);
  const all = [listing.columns.map(({ name }) => name), ...rows];
  const widths = listing.columns.map((_, at) =>
    all.reduce((most, cells) => Math.max(most, (cells[at] ?? '').length), 0),
  );
  const lines = all.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return { name: fileName(listing.title), text: `${lines.join('\n')}\n` };
}

function fileName(title: string): string {
  return title.replace(/[^A-Za-z0-9.]+/g, '-').replace(/^-|-$/g, '');
}
