import { resourceId } from '../../meta/index.ts';
import type { Plugin } from '../settings/index.ts';
import { chosen, chosenRow, cursorRow, listingFor } from './lists.ts';
import { unreachable } from './shell.ts';
import { currentView, flashed, type ProgramCall, type State } from './state.ts';
import type { Next } from './update.ts';
import { isList } from './view.ts';
import { kindById, type World } from './world.ts';

/** Runs a user's program on what is chosen: at once, or after a question. */
export function runPlugin(state: State, name: string, world: World): Next {
  const plugin = world.settings?.plugins.find((each) => each.name === name);
  if (!plugin) return { state: flashed(state, `there is no plugin ${name} any more`, 'error') };
  // Told of no cluster, many a program would take the one that it knows by itself: that of the user's own kubeconfig.
  if (!world.access())
    return { state: flashed(state, unreachable(state, 'run programs on'), 'error') };
  const call = callOf(plugin, state, world);
  if (!plugin.isConfirmed) return { state, effect: { type: 'run', call } };
  const dialog = {
    verb: 'run',
    question: `Run ${name}?`,
    notes: [[call.command, ...call.args].join(' ')],
    fields: [],
    focus: 'cancel',
    run: call,
  } as const;
  return { state: { ...state, dialog } };
}

/** The program with what its arguments name filled in. */
function callOf(
  { name, command, args, isBackground }: Plugin,
  state: State,
  world: World,
): ProgramCall {
  const env = variables(state, world);
  const filled = (text: string): string =>
    text.replace(/\$([A-Z][A-Z0-9_]*(?:-[A-Z0-9 /%_-]+)?)/g, (whole, variable: string) => {
      const found = env[variable];
      if (found !== undefined) return found;
      // A name may go on with what is no part of it.
      const [plain = ''] = variable.split('-');
      return plain in env ? env[plain]! + variable.slice(plain.length) : whole;
    });
  return { name, command: filled(command), args: args.map(filled), env, isBackground };
}

/** What a program may be told, by k9s' names. */
function variables(state: State, world: World): Readonly<Record<string, string>> {
  const view = currentView(state);
  const target = chosen(state, world);
  const kind = target && kindById(world, target.resource);
  const key = target?.key ?? '';
  const slash = key.indexOf('/');
  const access = world.access();
  const isContainers = view.type === 'page' && view.page === 'containers';
  const container = isContainers ? (chosenRow(state, view, world) ?? '') : '';
  const name = key.slice(slash + 1);
  return {
    ...(isList(view) ? columnsAt(state, world) : {}),
    NAME: isContainers ? container : name,
    POD: target?.resource === 'pods' ? name : '',
    CONTAINER: container,
    NAMESPACE: slash < 0 ? '' : key.slice(0, slash),
    RESOURCE_NAME: kind?.ref.resource ?? '',
    RESOURCE_GROUP: kind?.ref.group ?? '',
    RESOURCE_VERSION: kind?.ref.version ?? '',
    RESOURCE: kind ? resourceId(kind.ref) : '',
    FILTER: isList(view) ? view.filter : view.search,
    CONTEXT: 'slipway',
    CLUSTER: 'slipway',
    KUBECONFIG: access?.kubeconfig ?? '',
  };
}

/** `COL-STATUS`: the cells of the row under the cursor. */
function columnsAt(state: State, world: World): Readonly<Record<string, string>> {
  const view = currentView(state);
  if (!isList(view)) return {};
  const listing = listingFor(view, world, state.glyphs);
  const at = cursorRow(view.cursor, listing);
  if (at < 0) return {};
  const { cells } = listing.row(at);
  return Object.fromEntries(
    listing.columns.flatMap(({ name }, column) =>
      name === '' ? [] : [[`COL-${name}`, cells[column] ?? '']],
    ),
  );
}
