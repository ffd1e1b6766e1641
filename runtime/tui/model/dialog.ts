import { chosen } from './lists.ts';
import type { Message } from './message.ts';
import { flashed, type State, without } from './state.ts';
import type { Next } from './update.ts';
import { kindById, objectAt, type World } from './world.ts';

/** Asks whether the chosen object is to be deleted; the button that does nothing comes first. */
export function askToDelete(state: State, world: World): State {
  const target = chosen(state, world);
  if (!target || !objectAt(world, target.resource, target.key))
    return flashed(state, 'choose an object first');
  const kind = kindById(world, target.resource);
  if (!kind?.descriptor.verbs.includes('delete'))
    return flashed(state, `${target.resource} cannot be deleted`, 'error');
  return { ...state, dialog: { ...target, button: 'cancel' } };
}

/** A key while the question is there. */
export function answer(
  state: State,
  message: Extract<Message, { type: 'choose' | 'answer' }>,
  world: World,
): Next {
  const { dialog } = state;
  if (!dialog) return { state };
  if (message.type === 'choose') {
    const button = dialog.button === 'cancel' ? 'delete' : 'cancel';
    return { state: { ...state, dialog: { ...dialog, button } } };
  }
  const closed = without(state, 'dialog');
  const { yes = dialog.button === 'delete' } = message;
  if (!yes) return { state: closed };
  const kind = kindById(world, dialog.resource);
  const object = objectAt(world, dialog.resource, dialog.key);
  if (!kind || !object) return { state: flashed(closed, `${dialog.key} is gone already`) };
  return { state: closed, effect: { type: 'delete', resource: kind.ref, object } };
}
