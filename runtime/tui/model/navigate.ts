import { nodeView, ownedView, ownerView } from './drill.ts';
import { fold, foldAll } from './fold.ts';
import { tilesAcross, tilesDown, visibleRows } from './layout.ts';
import { flipSort, mark, moveCursor, panColumns, sortBy, sortByNeighbour } from './lists.ts';
import type { Message } from './message.ts';
import { changeNamespace, warp } from './namespace.ts';
import {
  follow,
  listPage,
  open,
  openLog,
  openObject,
  openPage,
  openRules,
  openText,
} from './open.ts';
import { narrowed } from './prompt.ts';
import {
  changeLog,
  coveredByErrors,
  type Distance,
  dismissed,
  linesOf,
  moved,
  pan,
  scroll,
  scrollErrors,
  search,
  toPart,
} from './read.ts';
import { currentView, flashed, pushView, replaceView, type State, without } from './state.ts';
import { HOME, isList, isTiled } from './view.ts';
import type { World } from './world.ts';

/** Where a message leads: another view, another place in this one, or nowhere. */
export function navigate(state: State, message: Message, world: World): State {
  if (!coveredByErrors(state, world)) return inView(state, message, world);
  switch (message.type) {
    case 'changed':
      return inView(state, message, world);
    case 'move':
      return scrollErrors(state, message.by, world);
    case 'back':
    case 'open':
      return dismissed(state, world);
    default:
      return inView(dismissed(state, world), message, world);
  }
}

function inView(state: State, message: Message, world: World): State {
  switch (message.type) {
    case 'move':
      return move(state, message.by, world);
    case 'pan':
      return isTiled(currentView(state))
        ? moveCursor(state, world, 1, (at, last) => moved(at, last, message.by, 1))
        : isList(currentView(state))
          ? panColumns(state, message.by, world)
          : pan(state, message.by);
    case 'tile':
      return moveCursor(state, world, 1, (at, last) => (at + message.by + last + 1) % (last + 1));
    case 'open':
      return open(state, world);
    case 'list':
      return message.page === 'convergence'
        ? { ...state, views: [HOME] }
        : pushView(state, listPage(state, message.page));
    case 'text':
      return openText(state, message.page);
    case 'object':
      return openObject(state, message.page, world);
    case 'owner':
      return follow(state, world, (_, object) => ownerView(object, world), 'nothing owns this');
    case 'owned':
      return follow(
        state,
        world,
        (kind, object) => ownedView(kind, object, world),
        'it owns nothing',
      );
    case 'node':
      return follow(state, world, (_, object) => nodeView(object, world), 'it is on no node');
    case 'back':
      return back(state);
    case 'clear-filter':
      return narrowed(state, '');
    case 'namespace':
      return changeNamespace(state, message.at, world);
    case 'sort':
      return sortBy(state, message.column, world);
    case 'sort-neighbour':
      return sortByNeighbour(state, message.by, world);
    case 'sort-flip':
      return flipSort(state);
    case 'toggle':
      return toggle(state, message.what);
    case 'page':
      return openPage(state, message.page, message.argument, world);
    case 'rules':
      return openRules(state, message.node, world);
    case 'mark':
      return message.what === 'one' && currentView(state).type === 'page'
        ? fold(state, world)
        : mark(state, message.what, world);
    case 'warp':
      return warp(state, world);
    case 'logs':
      return openLog(state, message.previous, world);
    case 'log-range':
    case 'log-switch':
    case 'log-clear':
    case 'log-mark':
    case 'log-all':
      return changeLog(state, message, world);
    case 'screen':
      return without(toggled(state, message.what), 'flash');
    case 'fold':
      return foldAll(state, world);
    case 'part':
      return toPart(state, message.by, world);
    case 'search':
      return search(state, message.by, world);
    default:
      return state;
  }
}

function move(state: State, by: Distance, world: World): State {
  const view = currentView(state);
  if (!isList(view)) return scroll(state, by, world);
  if (isTiled(view)) return moveTiles(state, by, world);
  const page = visibleRows(state);
  return moveCursor(state, world, page, (at, last) => moved(at, last, by, page));
}

/** Up and down by rows of tiles; a last row that is short is reached from anywhere. */
function moveTiles(state: State, by: Distance, world: World): State {
  const across = tilesAcross(state);
  const page = across * tilesDown(state);
  const step = typeof by === 'number' ? by * across : by;
  return moveCursor(state, world, page, (at, last) => {
    const to = moved(at, last, step, page);
    const isOut = typeof step === 'number' && (at + step < 0 || at + step > last);
    const isSameRow = Math.floor(at / across) === Math.floor(to / across);
    return isOut && isSameRow ? at : to;
  });
}

function toggled(state: State, what: 'full' | 'headless' | 'crumbs'): State {
  if (what === 'full') return { ...state, full: !state.full };
  if (what === 'headless') return { ...state, headless: !state.headless };
  return { ...state, crumbless: !state.crumbless };
}

/** The text stays as it is, or follows again what it is about. */
export function hold(state: State, world: World): State {
  const view = currentView(state);
  if (view.type !== 'object') return state;
  const { held, ...rest } = view;
  const next = held ? rest : { ...rest, held: linesOf(state, view, world) };
  return flashed(
    replaceView(state, () => next),
    held ? 'it follows again' : 'it stays as it is: r follows again',
  );
}

/** One thing less: the filter or search, else the view. */
function back(state: State): State {
  const view = currentView(state);
  const narrowing = isList(view) ? view.filter : view.search;
  if (narrowing !== '') return narrowed(state, '');
  return state.views.length > 1 ? { ...state, views: state.views.slice(0, -1) } : state;
}

function toggle(state: State, what: 'wide' | 'faults' | 'managedFields'): State {
  return replaceView(state, (view) => {
    if (what === 'managedFields')
      return view.type === 'object' ? { ...view, managedFields: !view.managedFields } : view;
    return isList(view) ? { ...view, [what]: !view[what] } : view;
  });
}
