import type { KubeObject } from '../../meta/index.ts';
import { drillIn, nodeView, ownedView, ownerView } from './drill.ts';
import { visibleRows } from './layout.ts';
import {
  chosen,
  cursorRow,
  flipSort,
  listingFor,
  moveCursor,
  sortBy,
  sortByNeighbour,
} from './lists.ts';
import type { Message } from './message.ts';
import { narrowed } from './prompt.ts';
import { coveredByErrors, dismissed, moved, pan, scroll, scrollErrors, search } from './read.ts';
import {
  currentView,
  flashed,
  HOME,
  isList,
  objectView,
  pageView,
  pushView,
  replaceView,
  type State,
  TOP,
  tableView,
  textView,
  type View,
} from './state.ts';
import { type Kind, kindById, namespaces, objectAt, type World } from './world.ts';

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
      return pan(state, message.by);
    case 'open':
      return open(state, world);
    case 'list':
      return message.page === 'convergence'
        ? { ...state, views: [HOME] }
        : pushView(state, pageView(message.page));
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
    case 'search':
      return search(state, message.by, world);
    default:
      return state;
  }
}

function move(state: State, by: Extract<Message, { type: 'move' }>['by'], world: World): State {
  const page = visibleRows(state);
  if (!isList(currentView(state))) return scroll(state, by, world);
  return moveCursor(state, world, page, (at, last) => moved(at, last, by, page));
}

function open(state: State, world: World): State {
  const view = currentView(state);
  if (!isList(view)) return state;
  if (view.type === 'page' && view.page === 'kinds') return openKind(state, world);
  const target = chosen(state, world);
  if (!target) return state;
  const kind = kindById(world, target.resource);
  if (!kind) return state;
  if (target.key === '') return pushView(state, tableView(target.resource, ''));
  const object = objectAt(world, target.resource, target.key);
  return object ? pushView(state, drillIn(kind, object, world)) : state;
}

function openKind(state: State, world: World): State {
  const view = currentView(state);
  if (!isList(view)) return state;
  const listing = listingFor(view, world, state.glyphs);
  const resource = listing.keyAt(cursorRow(view.cursor, listing));
  const kind = resource === undefined ? undefined : kindById(world, resource);
  if (resource === undefined || !kind) return state;
  return pushView(state, tableView(resource, kind.ref.namespaced ? state.namespace : ''));
}

function openText(state: State, page: 'help' | 'errors'): State {
  const view = currentView(state);
  if (view.type === 'text' && view.page === page) return state;
  return pushView(state, textView(page));
}

/** YAML, description or reasons; from one of them to another in its place, so that back leads to the list. */
function openObject(state: State, page: 'yaml' | 'describe' | 'why', world: World): State {
  const target = chosen(state, world);
  if (!target || target.key === '') return flashed(state, 'choose an object first');
  const next = objectView(page, target.resource, target.key);
  return currentView(state).type === 'object'
    ? replaceView(state, () => next)
    : pushView(state, next);
}

function follow(
  state: State,
  world: World,
  lead: (kind: Kind, object: KubeObject) => View | undefined,
  otherwise: string,
): State {
  const target = chosen(state, world);
  const kind = target && kindById(world, target.resource);
  const object = target && objectAt(world, target.resource, target.key);
  const next = kind && object && lead(kind, object);
  return next ? pushView(state, next) : flashed(state, otherwise);
}

/** One thing less: the filter or search, else the view. */
function back(state: State): State {
  const view = currentView(state);
  const narrowing = isList(view) ? view.filter : view.search;
  if (narrowing !== '') return narrowed(state, '');
  return state.views.length > 1 ? { ...state, views: state.views.slice(0, -1) } : state;
}

/** 0 is all namespaces, 1 to 9 the first ones by name. */
function changeNamespace(state: State, at: number, world: World): State {
  const namespace = at === 0 ? '' : namespaces(world)[at - 1];
  if (namespace === undefined) return flashed(state, `there is no namespace ${at}`);
  const view = currentView(state);
  const next = { ...state, namespace };
  if (view.type !== 'table')
    return flashed(next, `lists show ${namespace === '' ? 'all namespaces' : namespace}`);
  const { scope: _, ...unscoped } = view;
  const isNamespaced = kindById(world, view.resource)?.ref.namespaced ?? false;
  if (!isNamespaced) return next;
  return replaceView(next, () => ({ ...unscoped, namespace, cursor: TOP }));
}

function toggle(state: State, what: 'wide' | 'faults' | 'managedFields'): State {
  return replaceView(state, (view) => {
    if (what === 'managedFields')
      return view.type === 'object' ? { ...view, managedFields: !view.managedFields } : view;
    return view.type === 'table' ? { ...view, [what]: !view[what] } : view;
  });
}
