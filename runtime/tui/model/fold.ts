import { chosenRow, listingFor } from './lists.ts';
import { currentView, replaceView, type State } from './state.ts';
import { isTree } from './view.ts';
import type { World } from './world.ts';

/** Folds what is below the row away, or unfolds it. */
export function fold(state: State, world: World): State {
  const view = currentView(state);
  if (view.type !== 'page' || !isTree(view)) return state;
  const key = chosenRow(state, view, world);
  if (key === undefined) return state;
  const { folded = [] } = view;
  const others = folded.filter((each) => each !== key);
  const next = others.length === folded.length ? [...folded, key] : others;
  return replaceView(state, () => ({ ...view, folded: next }));
}

/** Folds every tree at its root, or unfolds all that is folded. */
export function foldAll(state: State, world: World): State {
  const view = currentView(state);
  if (view.type !== 'page' || !isTree(view)) return state;
  if ((view.folded ?? []).length > 0) return replaceView(state, () => ({ ...view, folded: [] }));
  const listing = listingFor(view, world, state.glyphs);
  const folded = Array.from({ length: listing.count }, (_, at) => listing.row(at))
    .filter(({ cells: [first = ''] }) => !BELOW.test(first))
    .map(({ key }) => key);
  return replaceView(state, () => ({ ...view, folded }));
}

/** How rows begin that stand below another. */
const BELOW = /^[├└│|` ]/;
