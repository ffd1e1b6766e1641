import type { KubeObject } from '../../meta/index.ts';
import { whoOf } from './access.ts';
import type { Target } from './action.ts';
import { drillIn, nodeView, ownedView, ownerView } from './drill.ts';
import { fold, foldAll } from './fold.ts';
import { tilesAcross, tilesDown, visibleRows } from './layout.ts';
import { chosen, chosenRow, flipSort, mark, moveCursor, sortBy, sortByNeighbour } from './lists.ts';
import { logView } from './log.ts';
import type { ListPage, Message, ObjectPage, SubjectPage, TextPage } from './message.ts';
import { narrowed } from './prompt.ts';
import {
  changeLog,
  coveredByErrors,
  type Distance,
  dismissed,
  moved,
  pan,
  scroll,
  scrollErrors,
  search,
} from './read.ts';
import {
  currentView,
  flashed,
  HOME,
  isList,
  isTiled,
  objectView,
  pageView,
  pushView,
  replaceView,
  type State,
  TOP,
  tableView,
  textView,
  type View,
  without,
} from './state.ts';
import { type Kind, kindById, kindByName, namespaces, objectAt, type World } from './world.ts';

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

function listPage({ refusals, copy }: State, page: ListPage): View {
  if (page === 'contexts')
    return pageView(page, copy === undefined ? undefined : { resource: 'copy', key: copy });
  const view = pageView(page);
  return page === 'outcomes' && refusals.length > 0 ? { ...view, refusals } : view;
}

/** Pages that enter leads from by what the row is, not by the object under the cursor. */
const LEADS: Partial<
  Record<ListPage, (key: string, view: View, state: State, world: World) => View | undefined>
> = {
  kinds: (key, _, { namespace }, world) => {
    const kind = kindById(world, key);
    return kind && tableView(key, kind.ref.namespaced ? namespace : '');
  },
  queues: (key) => ({ ...pageView('timeline'), filter: key }),
  faults: (id, _, __, { control }) => {
    const { record = 0 } = control.faults().find((each) => each.id === id) ?? {};
    return record > 0 ? causesView(String(record)) : undefined;
  },
  timeline: causesView,
  causes: causesView,
  outcomes: (outcome, _, { refusals }) => ({ ...textView('outcome'), outcome, refusals }),
  containers: (key, view, _, world) =>
    view.type === 'page' && view.subject ? logView(view.subject, false, world, key) : undefined,
};

/** The causes and effects of a record, with the cursor on it. */
function causesView(key: string): View {
  return { ...pageView('causes', { resource: 'journal', key }), cursor: { ...TOP, key } };
}

function open(state: State, world: World): State {
  const view = currentView(state);
  if (!isList(view)) return state;
  const lead = view.type === 'page' ? LEADS[view.page] : undefined;
  if (lead) {
    const key = chosenRow(state, view, world);
    const next = key === undefined ? undefined : lead(key, view, state, world);
    return next ? pushView(state, next) : state;
  }
  const target = chosen(state, world);
  const kind = target && kindById(world, target.resource);
  if (target?.resource === 'outcome')
    return pushView(state, { ...textView('outcome'), outcome: chosenRow(state, view, world)! });
  if (!target || !kind) return state;
  if (target.key === '') return pushView(state, tableView(target.resource, ''));
  const object = objectAt(world, target.resource, target.key);
  return object ? pushView(state, drillIn(kind, object, world)) : state;
}

/** A page about the chosen object; the whole timeline, or all flows, where none is chosen. */
function openPage(
  state: State,
  page: SubjectPage,
  argument: string | undefined,
  world: World,
): State {
  const subject = argument === undefined ? subjectOf(state, page, world) : named(argument);
  if (page === 'can') return openCan(state, subject);
  const standsAlone = page === 'timeline' || page === 'flows';
  if (!subject && !standsAlone) return flashed(state, 'choose an object first');
  return pushView(state, pageView(page, subject));
}

/** What somebody may do, by k9s' way to name them. */
function openCan(state: State, subject: Target | undefined): State {
  const key =
    subject?.resource === 'serviceaccounts'
      ? `s:${subject.key.replace('/', ':')}`
      : subject?.resource === 'subject'
        ? subject.key
        : '';
  return whoOf(key)
    ? pushView(state, pageView('can', { resource: 'subject', key }))
    : flashed(state, 'say who: u:NAME, g:GROUP or s:NAMESPACE:NAME', 'error');
}

function subjectOf(state: State, page: SubjectPage, world: World): Target | undefined {
  const target = chosen(state, world);
  if (!target || target.key === '') return undefined;
  if (page === 'flows' && target.resource !== 'services') return undefined;
  return target;
}

function named(argument: string): Target | undefined {
  const [resource = '', key = ''] = argument.split(' ');
  return resource === '' ? undefined : { resource, key };
}

function toggled(state: State, what: 'full' | 'headless' | 'crumbs'): State {
  if (what === 'full') return { ...state, full: !state.full };
  if (what === 'headless') return { ...state, headless: !state.headless };
  return { ...state, crumbless: !state.crumbless };
}

/** The list with only the namespace of the chosen row. */
function warp(state: State, world: World): State {
  const view = currentView(state);
  const key = chosen(state, world)?.key ?? '';
  if (view.type !== 'table' || !key.includes('/')) return flashed(state, 'it is in no namespace');
  const namespace = key.slice(0, key.indexOf('/'));
  const { scope: _, ...unscoped } = view;
  return replaceView({ ...state, namespace }, () => ({ ...unscoped, namespace }));
}

/** The rules of the node that is named or chosen, or else of the first. */
function openRules(state: State, name: string | undefined, world: World): State {
  const kind = kindByName(world, 'nodes');
  const lister = kind && world.lister(kind.ref);
  const target = chosen(state, world);
  const wanted = name ?? (target?.resource === 'nodes' ? target.key : undefined);
  const node = wanted ?? lister?.list()[0]?.metadata.name;
  if (node === undefined || !lister?.byKey(node))
    return flashed(state, wanted ? `no node is called ${wanted}` : 'there are no nodes', 'error');
  return pushView(state, objectView('rules', 'nodes', node));
}

/** The log of what is chosen; in a log, of the other run. */
function openLog(state: State, previous: boolean, world: World): State {
  const view = currentView(state);
  if (view.type === 'log')
    return replaceView(state, () => ({ ...view, previous: !view.previous, offset: 0 }));
  const target = chosen(state, world);
  const container =
    view.type === 'page' && view.page === 'containers' ? chosenRow(state, view, world) : undefined;
  const next = target && logView(target, previous, world, container);
  if (!next || next.pods.length === 0) return flashed(state, 'it has no pods that could write');
  return pushView(state, next);
}

function openText(state: State, page: TextPage): State {
  const view = currentView(state);
  if (view.type === 'text' && view.page === page) return state;
  return pushView(state, textView(page));
}

/** YAML, description or reasons; from one of them to another in its place, so that back leads to the list. */
function openObject(state: State, page: ObjectPage, world: World): State {
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
    return isList(view) ? { ...view, [what]: !view[what] } : view;
  });
}
