import {
  boxColumns,
  boxRows,
  hasFooter,
  hasHeader,
  isTooSmall,
  SMALLEST,
} from '../model/layout.ts';
import { listingFor } from '../model/lists.ts';
import { coveredByErrors } from '../model/read.ts';
import { currentView, type State } from '../model/state.ts';
import { asciiLine, fitLine, type Line, span } from '../model/text.ts';
import { isList, isTiled, type View } from '../model/view.ts';
import type { World } from '../model/world.ts';
import { type BoxContent, box } from './box.ts';
import { withDialog } from './dialog.ts';
import { footerLine } from './footer.ts';
import { headerLine } from './header.ts';
import { errorContent, readingContent } from './reading.ts';
import { stripLine } from './strip.ts';
import { tableContent } from './table.ts';
import { tilesContent } from './tiles.ts';

const CRUMBS_MAX = 5;

/**
 * The whole screen: lines exactly as wide as the terminal, one fewer than it has rows (a frame of full height makes the
 * terminal scroll). Pure: the same state and the same moment of the world give the same frame.
 */
export function frame(state: State, world: World): readonly Line[] {
  const columns = Math.max(1, state.columns);
  const height = Math.max(1, state.rows - 1);
  const lines = isTooSmall(state) ? [smallLine(state)] : screen(state, world);
  const fitted = Array.from({ length: height }, (_, at) => fitLine(lines[at] ?? [], columns));
  return state.glyphs.ascii ? fitted.map(asciiLine) : fitted;
}

function smallLine({ columns, rows }: State): Line {
  return [span(`${columns}x${rows}: slipway needs ${SMALLEST.columns}x${SMALLEST.rows}`)];
}

function screen(state: State, world: World): readonly Line[] {
  const lines = [
    ...(hasHeader(state) ? [headerLine(state, world), stripLine(state, world)] : []),
    ...box(
      { ...content(state, world), ...crumbs(state) },
      state.columns,
      boxRows(state),
      state.glyphs,
    ),
    ...(hasFooter(state) ? [footerLine(state, world)] : []),
  ].map((line) => fitLine(line, state.columns));
  return state.dialog ? withDialog(lines, state.dialog, state) : lines;
}

/** The way to what is shown, from the last home on. */
function crumbs({ views, crumbless }: State): Pick<BoxContent, 'aside'> {
  if (crumbless || views.length < 2) return {};
  const names = views.slice(-CRUMBS_MAX).map(nameOf);
  const more = views.length > CRUMBS_MAX ? '… › ' : '';
  return { aside: span(more + names.join(' › '), 'dim') };
}

function nameOf(view: View): string {
  if (view.type === 'table') return view.resource.replace(/\..*/, '');
  if (view.type === 'shell') return view.door === 'exec' ? 'shell' : 'attached';
  return view.type === 'log' ? 'logs' : view.page;
}

function content(state: State, world: World): BoxContent {
  const rows = boxRows(state);
  if (coveredByErrors(state, world)) return errorContent(state, world, rows);
  const view = currentView(state);
  if (!isList(view)) return readingContent(state, view, world, rows);
  const listing = listingFor(view, world, state.glyphs);
  if (isTiled(view)) return tilesContent(listing, view, world, state, boxColumns(state));
  return tableContent(listing, view, boxColumns(state), rows - 1, world, state);
}
