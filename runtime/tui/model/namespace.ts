import { chosen } from './lists.ts';
import { currentView, flashed, pushView, replaceView, type State } from './state.ts';
import { TOP, tableView } from './view.ts';
import { kindById, namespaces, type World } from './world.ts';

/** The list with only the namespace of the chosen row. */
export function warp(state: State, world: World): State {
  const view = currentView(state);
  const key = chosen(state, world)?.key ?? '';
  if (view.type !== 'table' || !key.includes('/')) return flashed(state, 'it is in no namespace');
  const namespace = key.slice(0, key.indexOf('/'));
  const { scope: _, ...unscoped } = view;
  return replaceView({ ...state, namespace }, () => ({ ...unscoped, namespace }));
}

/** New lists show the chosen namespace from now on, beginning with its pods. */
export function use(state: State, world: World): State {
  const target = chosen(state, world);
  if (target?.resource !== 'namespaces' || target.key === '')
    return flashed(state, 'choose a namespace first');
  return pushView({ ...state, namespace: target.key }, tableView('pods', target.key));
}

/** 0 is all namespaces, 1 to 9 the user's favorites, or else the first ones by name. */
export function changeNamespace(state: State, at: number, world: World): State {
  const { favorites = [] } = world.settings ?? {};
  const known = favorites.length > 0 ? favorites : namespaces(world);
  const namespace = at === 0 ? '' : known[at - 1];
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
