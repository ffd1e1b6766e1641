import type { KeptScreen } from '../settings/index.ts';
import { currentView, type State } from './state.ts';
import { update } from './update.ts';
import type { TableView } from './view.ts';
import type { World } from './world.ts';

/** What of the screen the next start begins with. */
export function screenOf({ views, namespace, headless, crumbless, history }: State): KeptScreen {
  const table = views.findLast((view) => view.type === 'table');
  return {
    namespace,
    isHeadless: headless === true,
    isCrumbless: crumbless === true,
    history: history.slice(-HISTORY_MAX),
    ...(table ? { command: commandFor(table) } : {}),
  };
}

const HISTORY_MAX = 20;

/** The command that leads to a list. */
function commandFor({ resource, namespace, filter }: TableView): string {
  const where = namespace === '' ? 'all' : namespace;
  return [resource, where, ...(filter === '' ? [] : [`/${filter}`])].join(' ');
}

/** A state as it was kept; the list is opened when there is a cluster. */
export function restored(state: State, kept: KeptScreen | undefined): State {
  if (!kept) return state;
  const { namespace, isHeadless, isCrumbless, history } = kept;
  return {
    ...state,
    namespace,
    history,
    historyAt: Math.max(0, history.length - 1),
    ...(isHeadless ? { headless: true } : {}),
    ...(isCrumbless ? { crumbless: true } : {}),
  };
}

/** The list that the last start was left at; undefined while it is not there yet, and when somebody was quicker. */
export function resumed(
  state: State,
  command: string | undefined,
  world: World,
): State | undefined {
  if (command === undefined || state.isInUse || world.kinds.length === 0) return undefined;
  const { state: next } = update(state, { type: 'command', text: command }, world);
  return currentView(next).type === 'table' ? next : undefined;
}
