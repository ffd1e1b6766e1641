import { controllerOf, resourceId } from '../../meta/index.ts';
import type { Message } from '../keys.ts';
import { completed, runCommand } from './command.ts';
import { drillIn } from './drill.ts';
import { convergenceTable, kindTable, type Table } from './rows.ts';
import { type Cursor, currentView, HOME, type ObjectView, type State, type View } from './state.ts';
import { plain } from './text.ts';
import { errorLines, textLines } from './texts.ts';
import { kindById, kindByName, objectAt, type World } from './world.ts';

/** Lines of the frame that are not rows of the list: header, strip, borders, column heads, footer. */
export const CHROME_ROWS = 6;

/** What a message makes the shell do beside the new state. */
export type Effect = 'quit' | 'redraw' | 'pause' | 'step' | 'slower' | 'faster' | 'real' | 'delete';

export interface Next {
  readonly state: State;
  readonly effect?: Effect;
}

/** The next state for a message: no drawing, no writing, so that every key is testable without a terminal. */
export function update(state: State, message: Message, world: World): Next {
  switch (message.type) {
    case 'quit':
      return { state, effect: 'quit' };
    case 'redraw':
      return { state, effect: 'redraw' };
    case 'resize':
      return { state: { ...state, columns: message.columns, rows: message.rows } };
    case 'pause':
      return { state, effect: 'pause' };
    case 'step':
      return { state, effect: 'step' };
    case 'speed':
      return {
        state,
        effect: message.by === 'real' ? 'real' : message.by > 0 ? 'faster' : 'slower',
      };
    case 'prompt':
      return {
        state: {
          ...state,
          prompt: { kind: message.kind, text: currentFilter(state, message.kind) },
        },
      };
    case 'typed':
    case 'erase':
    case 'clear-prompt':
    case 'complete':
    case 'submit':
    case 'cancel':
      return updatePrompt(state, message, world);
    case 'delete':
      return { state: askToDelete(state) };
    case 'confirm':
      return message.yes ? { state, effect: 'delete' } : { state: without(state, 'confirm') };
    default:
      return { state: navigate(without(state, 'flash'), message, world) };
  }
}

/** A copy without one of the optional parts. */
export function without<K extends 'prompt' | 'flash' | 'confirm'>(state: State, part: K): State {
  if (state[part] === undefined) return state;
  const { [part]: _, ...rest } = state;
  return rest as State;
}

/** The table that the current view shows, if it is a list. */
export function tableOf(view: View, world: World, spark = '▁▂▃▄▅▆▇█'): Table | undefined {
  if (view.type === 'convergence') return convergenceTable(view, world, spark);
  return view.type === 'table' ? kindTable(view, world) : undefined;
}

/** Position of the cursor in the rows; the first row when its object is gone. */
export function cursorIndex(cursor: Cursor, table: Table): number {
  if (cursor.key === undefined) return 0;
  return Math.max(
    0,
    table.rows.findIndex(({ key }) => key === cursor.key),
  );
}

/** Errors that the author has not waved away: they cover the list. */
export function showsErrors(state: State, world: World): boolean {
  const errors = world.control.manifests()?.errors ?? [];
  return errors.length > 0 && errors !== state.dismissedErrors;
}

/** `resource` and `key` of the object under the cursor, or that the view is about. */
export function selected(
  state: State,
  world: World,
): { resource: string; key: string } | undefined {
  const view = currentView(state);
  if ('key' in view) return { resource: view.resource, key: view.key };
  const table = tableOf(view, world);
  if (!table || !('cursor' in view)) return undefined;
  const row = table.rows[cursorIndex(view.cursor, table)];
  if (!row) return undefined;
  if (view.type === 'table') return { resource: view.resource, key: row.key };
  const [resource = '', key = ''] = row.key.split(' ');
  return { resource, key };
}

function navigate(state: State, message: Message, world: World): State {
  switch (message.type) {
    case 'move':
      return move(state, message.by, world);
    case 'open':
      return open(state, world);
    case 'show':
      return show(state, message.view, world);
    case 'back':
      return back(state, world);
    case 'home':
      return { ...state, views: [HOME] };
    case 'all-namespaces':
      return replaceView(state, (view) =>
        view.type === 'table' ? { ...view, namespace: '', cursor: { offset: 0 } } : view,
      );
    case 'sort':
      return sortOrSearch(state, message.column, world);
    case 'search-next':
      return searchNext(state, message.by, world);
    case 'owner':
      return jumpToOwner(state, world);
    default:
      return state;
  }
}

function replaceView(state: State, change: (view: View) => View): State {
  const view = currentView(state);
  const next = change(view);
  return next === view ? state : { ...state, views: [...state.views.slice(0, -1), next] };
}

export function pushView(state: State, view: View): State {
  return { ...state, views: [...state.views, view] };
}

/** Rows of the screen that show list rows or lines of text. */
export function bodyRows(state: State): number {
  return Math.max(1, state.rows - 1 - CHROME_ROWS);
}

function move(state: State, by: Extract<Message, { type: 'move' }>['by'], world: World): State {
  const page = bodyRows(state);
  const view = currentView(state);
  if (showsErrors(state, world)) return state;
  const target = (at: number, last: number): number => {
    if (by === 'top') return 0;
    if (by === 'bottom') return last;
    const step = by === 'page-down' ? page : by === 'page-up' ? -page : by;
    return Math.min(last, Math.max(0, at + step));
  };
  if ('cursor' in view) {
    const table = tableOf(view, world);
    if (!table || table.rows.length === 0) return state;
    const at = target(cursorIndex(view.cursor, table), table.rows.length - 1);
    const offset = Math.max(at - page + 1, Math.min(view.cursor.offset, at));
    const cursor: Cursor = { key: table.rows[at]!.key, offset };
    return replaceView(state, () => ({ ...view, cursor }));
  }
  const last = Math.max(0, textLines(view, world).length - page);
  return replaceView(state, () => ({ ...view, offset: target(view.offset, last) }));
}

function open(state: State, world: World): State {
  if (showsErrors(state, world)) return show(state, 'errors', world);
  const chosen = selected(state, world);
  const view = currentView(state);
  if (!chosen || !('cursor' in view)) return state;
  const object = objectAt(world, chosen.resource, chosen.key);
  const kind = kindById(world, chosen.resource);
  if (!object || !kind) return state;
  return pushView(state, drillIn(kind, object, world));
}

function show(state: State, view: Extract<Message, { type: 'show' }>['view'], world: World): State {
  if (view === 'yaml' || view === 'describe' || view === 'why') {
    const chosen = selected(state, world);
    if (!chosen) return state;
    const next: ObjectView = { type: view, ...chosen, offset: 0, search: '' };
    return 'key' in currentView(state) ? replaceView(state, () => next) : pushView(state, next);
  }
  const dismissed = world.control.manifests()?.errors;
  const base = view === 'errors' && dismissed ? { ...state, dismissedErrors: dismissed } : state;
  return pushView(base, { type: view, offset: 0, search: '' });
}

function back(state: State, world: World): State {
  const errors = world.control.manifests()?.errors;
  if (errors && showsErrors(state, world)) return { ...state, dismissedErrors: errors };
  const view = currentView(state);
  if ('filter' in view && view.filter !== '')
    return replaceView(state, () => ({ ...view, filter: '', cursor: { offset: 0 } }));
  if ('search' in view && view.search !== '')
    return replaceView(state, () => ({ ...view, search: '' }));
  return state.views.length > 1 ? { ...state, views: state.views.slice(0, -1) } : state;
}

function sortOrSearch(state: State, column: string, world: World): State {
  const view = currentView(state);
  if ('search' in view) return column === 'NAME' ? searchNext(state, -1, world) : state;
  if (view.type !== 'table') return state;
  const descending = view.sort?.column === column && !view.sort.descending;
  return replaceView(state, () => ({ ...view, sort: { column, descending } }));
}

function searchNext(state: State, by: 1 | -1, world: World): State {
  const view = currentView(state);
  if (!('search' in view) || view.search === '') return state;
  const wanted = view.search.toLowerCase();
  const lines = view.type === 'errors' ? errorLines(world) : textLines(view, world);
  for (let step = 1; step <= lines.length; step++) {
    const at = (view.offset + by * step + lines.length * 2) % lines.length;
    if (
      plain(lines[at] ?? [])
        .toLowerCase()
        .includes(wanted)
    )
      return replaceView(state, () => ({ ...view, offset: at }));
  }
  return { ...state, flash: { text: `no line has ${view.search}`, tone: 'info' } };
}

function jumpToOwner(state: State, world: World): State {
  const chosen = selected(state, world);
  const object = chosen && objectAt(world, chosen.resource, chosen.key);
  const owner = object && controllerOf(object);
  const kind = owner && kindByName(world, owner.kind);
  if (!object || !owner || !kind)
    return { ...state, flash: { text: 'nothing owns this', tone: 'info' } };
  const key = kind.ref.namespaced ? `${object.metadata.namespace}/${owner.name}` : owner.name;
  return pushView(state, {
    type: 'table',
    resource: resourceId(kind.ref),
    namespace: '',
    filter: '',
    cursor: { key, offset: 0 },
  });
}

function askToDelete(state: State): State {
  const view = currentView(state);
  if (view.type === 'table' && view.cursor.key)
    return { ...state, confirm: { resource: view.resource, key: view.cursor.key } };
  if ('key' in view) return { ...state, confirm: { resource: view.resource, key: view.key } };
  return { ...state, flash: { text: 'choose an object in a list first', tone: 'info' } };
}

function currentFilter(state: State, kind: 'command' | 'filter'): string {
  const view = currentView(state);
  return kind === 'filter' && 'filter' in view ? view.filter : '';
}

function updatePrompt(state: State, message: Message, world: World): Next {
  const { prompt } = state;
  if (!prompt) return { state };
  switch (message.type) {
    case 'typed':
      return { state: typed(state, prompt.text + message.text) };
    case 'erase':
      return {
        state:
          prompt.text === '' ? without(state, 'prompt') : typed(state, prompt.text.slice(0, -1)),
      };
    case 'clear-prompt':
      return { state: typed(state, '') };
    case 'complete':
      return {
        state: prompt.kind === 'command' ? typed(state, completed(prompt.text, world)) : state,
      };
    case 'cancel':
      return { state: without(prompt.kind === 'filter' ? filtered(state, '') : state, 'prompt') };
    case 'submit':
      return prompt.kind === 'command'
        ? runCommand(without(state, 'prompt'), prompt.text, world)
        : { state: searchNext(without(filtered(state, prompt.text), 'prompt'), 1, world) };
    default:
      return { state };
  }
}

function typed(state: State, text: string): State {
  const { prompt } = state;
  if (!prompt) return state;
  const next = { ...state, prompt: { ...prompt, text } };
  return prompt.kind === 'filter' && 'filter' in currentView(state) ? filtered(next, text) : next;
}

function filtered(state: State, text: string): State {
  return replaceView(state, (view) => {
    if ('filter' in view) return { ...view, filter: text, cursor: { offset: 0 } };
    return { ...view, search: text };
  });
}

/** The object whose deletion is being asked about. */
export function confirmedObject(state: State, world: World): ReturnType<typeof objectAt> {
  return state.confirm && objectAt(world, state.confirm.resource, state.confirm.key);
}
