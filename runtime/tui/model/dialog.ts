import { forwardComplaint } from './forward.ts';
import type { Message } from './message.ts';
import { otherMoment } from './moments.ts';
import { type Dialog, flashed, type State, without } from './state.ts';
import type { Next } from './update.ts';
import { objectAt, type World } from './world.ts';

/** A key while the question is there. */
export function answer(
  state: State,
  message: Extract<Message, { type: 'choose' | 'choice' | 'answer' }>,
  world: World,
): Next {
  const { dialog } = state;
  if (!dialog) return { state };
  if (message.type === 'choose')
    return { state: { ...state, dialog: { ...dialog, focus: nextFocus(dialog, message.by) } } };
  if (message.type === 'choice') return { state: { ...state, dialog: turned(dialog, message.by) } };
  if (message.yes === undefined && !message.tries && typeof dialog.focus === 'number')
    return { state: { ...state, dialog: { ...dialog, focus: nextFocus(dialog, 1) } } };
  // Nothing of the cluster would differ on a copy.
  if (message.tries && (dialog.verb === 'forward' || dialog.run)) return { state };
  const closed = without(state, 'dialog');
  const { yes = message.tries ?? dialog.focus === 'ok' } = message;
  if (!yes) return { state: closed };
  if (dialog.run) return { state: closed, effect: { type: 'run', call: dialog.run } };
  const { action } = dialog;
  if (!action) return { state: closed };
  const options = { ...action.options, ...optionsOf(dialog) };
  const problem = dialog.verb === 'forward' ? forwardComplaint(options) : undefined;
  if (problem !== undefined)
    return { state: { ...state, dialog: { ...dialog, focus: 0, problem } } };
  const targets = action.targets.filter(({ resource, key }) => objectAt(world, resource, key));
  if (targets.length === 0)
    return { state: flashed(closed, `${action.targets[0]?.key} is gone already`) };
  if (message.tries) {
    const trial = { action: { ...action, targets, options } };
    return otherMoment(closed, { type: 'copy-of', of: 'now', trial }, world);
  }
  return { state: closed, effect: { type: 'act', action: { ...action, targets, options } } };
}

/** Whether what is typed belongs to a field. */
export function isInText({ focus, fields }: Dialog): boolean {
  return typeof focus === 'number' && fields[focus]?.text !== undefined;
}

/** A key for the field that is being filled in. */
export function editField(
  state: State,
  dialog: Dialog,
  message: Extract<Message, { type: 'typed' | 'erase' | 'clear-prompt' }>,
): State {
  const edited = (text: string): string => {
    if (message.type === 'typed') return text + message.text.trim();
    return message.type === 'erase' ? [...text].slice(0, -1).join('') : '';
  };
  const fields = dialog.fields.map((field, at) =>
    at === dialog.focus && field.text !== undefined
      ? { ...field, text: edited(field.text) }
      : field,
  );
  return { ...state, dialog: { ...dialog, fields } };
}

function nextFocus({ focus, fields }: Dialog, by: -1 | 1): Dialog['focus'] {
  const stops: readonly Dialog['focus'][] = fields.some(({ text }) => text !== undefined)
    ? [...fields.keys(), 'ok', 'cancel']
    : ['cancel', 'ok', ...fields.keys()];
  return stops[(stops.indexOf(focus) + by + stops.length) % stops.length]!;
}

/** The next choice of the field, or the other button. */
function turned(dialog: Dialog, by: -1 | 1): Dialog {
  const { focus, fields } = dialog;
  if (typeof focus !== 'number') return { ...dialog, focus: focus === 'ok' ? 'cancel' : 'ok' };
  const turn = (field: Dialog['fields'][number]) => ({
    ...field,
    at: (field.at + by + field.choices.length) % field.choices.length,
  });
  return { ...dialog, fields: fields.map((each, at) => (at === focus ? turn(each) : each)) };
}

/** First choices are what happens unless something is said: they are no options. */
function optionsOf({ fields }: Dialog): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap(({ option, choices, at, text }) =>
      text !== undefined
        ? [[option, text]]
        : at === 0
          ? []
          : [[option, choices[at]!.replace(/ s$/, '')]],
    ),
  );
}
