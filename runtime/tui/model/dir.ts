import { posix } from 'node:path';
import { chosenRow } from './lists.ts';
import type { Message } from './message.ts';
import { currentView, pushView, replaceView, type State } from './state.ts';
import type { Effect } from './update.ts';
import { pageView, type View } from './view.ts';
import type { World } from './world.ts';

/** Shows a folder that was read; from one to another in its place. */
export function showDir(
  state: State,
  { path, entries }: Extract<Message, { type: 'dir-read' }>,
): State {
  const view: View = { ...pageView('dir', { resource: 'dir', key: path }), entries };
  const current = currentView(state);
  return current.type === 'page' && current.page === 'dir'
    ? replaceView(state, () => view)
    : pushView(state, view);
}

/** What enter or `e` comes to on the chosen entry of a folder: into a folder, or the editor for a file. */
export function entryChosen(state: State, world: World): Effect | undefined {
  const view = currentView(state);
  if (view.type !== 'page' || view.page !== 'dir') return undefined;
  const name = chosenRow(state, view, world);
  if (name === undefined) return undefined;
  const path = posix.join(view.subject?.key ?? '.', name);
  const isFolder = name === '..' || view.entries?.find((each) => each.name === name)?.isFolder;
  return isFolder ? { type: 'read-dir', path } : { type: 'edit-file', path };
}
