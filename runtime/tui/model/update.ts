import type { Focus } from '../binding.ts';
import type { KeptScreen } from '../settings/index.ts';
import type { Action, Target } from './action.ts';
import { begin, complaint } from './actions.ts';
import { runCommand } from './command.ts';
import { frameText } from './copy.ts';
import { answer, editField, isInText } from './dialog.ts';
import { entryChosen, showDir } from './dir.ts';
import { askForForward, stopForward } from './forward.ts';
import { chosen, chosenRow } from './lists.ts';
import { isDangerous, type Message, type Trial, type Until } from './message.ts';
import { otherMoment } from './moments.ts';
import { faded, watched } from './moves.ts';
import { use } from './namespace.ts';
import { hold, navigate } from './navigate.ts';
import { CLUSTER } from './pages/contexts.ts';
import { screenOf } from './persist.ts';
import { runPlugin } from './plugin.ts';
import { editPrompt, openPrompt, submitFilter } from './prompt.ts';
import { coveredByErrors, dismissed, noticed, search } from './read.ts';
import { heard, openShell, type ShellEffect, shellKey } from './shell.ts';
import { currentView, flashed, mayChange, type ProgramCall, type State, without } from './state.ts';
import { isList } from './view.ts';
import { type Moment, objectAt, type World } from './world.ts';

/** What the shell has to do beside showing the new state. */
export type Effect =
  | { readonly type: 'quit' }
  | { readonly type: 'redraw' }
  | { readonly type: 'pause' }
  | { readonly type: 'step' }
  | { readonly type: 'speed'; readonly to: 'slower' | 'faster' | 'real' }
  | { readonly type: 'until'; readonly until: Until }
  | { readonly type: 'inject'; readonly fault: string }
  | { readonly type: 'heal'; readonly id: string }
  | { readonly type: 'edit'; readonly target: Target }
  | { readonly type: 'copy-of'; readonly of: Moment; readonly text: string; readonly trial?: Trial }
  | { readonly type: 'now' }
  | { readonly type: 'stop-forward'; readonly id: string }
  | { readonly type: 'run'; readonly call: ProgramCall }
  | { readonly type: 'skin'; readonly name: string }
  | { readonly type: 'read-dir'; readonly path: string }
  | { readonly type: 'edit-file'; readonly path: string }
  | { readonly type: 'persist'; readonly screen: KeptScreen }
  | ShellEffect
  | { readonly type: 'act'; readonly action: Action }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  | { readonly type: 'save'; readonly text: string; readonly name: string };

export interface Next {
  readonly state: State;
  readonly effect?: Effect;
}

/** Where the keys go. */
export function focusOf(state: State): Focus {
  if (state.dialog) return isInText(state.dialog) ? 'form' : 'dialog';
  if (state.prompt) return 'prompt';
  const view = currentView(state);
  if (isList(view)) return 'list';
  return view.type === 'log' || view.type === 'shell' ? view.type : 'text';
}

const READ_ONLY = 'read-only: :whatif makes a copy in which things may be tried';

/** What comes by itself, and not because somebody pressed a key. */
const UNASKED: ReadonlySet<Message['type']> = new Set([
  'changed',
  'beat',
  'resize',
  'flash',
  'flash-over',
  'process-output',
  'process-ended',
]);

/** The next state for a message: no drawing, no writing, so that every key is testable without a terminal. */
export function update(state: State, message: Message, world: World): Next {
  const next = respond(state, message, world);
  if (next.state.isInUse || UNASKED.has(message.type)) return next;
  return { ...next, state: { ...next.state, isInUse: true } };
}

function respond(state: State, message: Message, world: World): Next {
  if (isDangerous(message) && !mayChange(state))
    return { state: flashed(state, READ_ONLY, 'error') };
  switch (message.type) {
    case 'quit':
    case 'redraw':
    case 'pause':
    case 'step':
      return { state, effect: { type: message.type } };
    case 'speed':
      return { state, effect: { type: 'speed', to: message.to } };
    case 'until':
      return { state, effect: { type: 'until', until: message.until } };
    case 'inject':
      return { state, effect: { type: 'inject', fault: message.fault } };
    case 'heal':
      return heal(state, world);
    case 'edit':
      return editChosen(without(uncovered(state, true, world), 'flash'), world);
    case 'copy-of':
    case 'now':
    case 'entered':
    case 'left':
      return otherMoment(state, message, world);
    case 'resize':
      return { state: { ...state, columns: message.columns, rows: message.rows } };
    case 'flash':
      return { state: flashed(withRefusals(state, message), message.text, message.tone) };
    case 'flash-over':
      return { state: without(state, 'flash') };
    case 'changed':
      return { state: watched(noticed(state, world), world) };
    case 'beat':
      return { state: faded(state) };
    case 'prompt':
      return {
        state: openPrompt(uncovered(state, message.kind === 'filter', world), message.kind),
      };
    case 'submit':
      return submit(state, world);
    case 'typed':
    case 'erase':
    case 'clear-prompt':
    case 'suggest':
    case 'complete':
    case 'cancel':
      return typing(state, message, world);
    case 'shell':
      return openShell(without(uncovered(state, true, world), 'flash'), message.door, world);
    case 'forward':
      return askForForward(without(uncovered(state, true, world), 'flash'), world);
    case 'command':
      return run(without(state, 'flash'), message.text, world);
    case 'plugin':
      return runPlugin(without(uncovered(state, true, world), 'flash'), message.name, world);
    case 'skin':
      return { state, effect: { type: 'skin', name: message.name } };
    case 'use':
      return { state: use(state, world) };
    case 'hold':
      return { state: hold(without(state, 'flash'), world) };
    case 'persist':
      return { state, effect: { type: 'persist', screen: screenOf(state) } };
    case 'dir':
      return { state, effect: { type: 'read-dir', path: message.path } };
    case 'dir-read':
      return { state: showDir(without(uncovered(state, true, world), 'flash'), message) };
    case 'stop-forward':
      return stopForward(state, world);
    case 'shell-key':
      return typing(state, message, world);
    case 'process-output':
    case 'process-ended':
      return { state: heard(state, message) };
    case 'history':
      return again(state, state.historyAt + message.by, world);
    case 'last-command':
      return lastCommand(state, world);
    case 'act':
      return begin(without(uncovered(state, true, world), 'flash'), message.verb, world);
    case 'log-read':
      return { state: { ...state, log: { id: message.id, lines: message.lines } } };
    case 'copy':
      return copy(state, message.what, world);
    case 'save': {
      const { name, text } = frameText(state, world);
      return { state, effect: { type: 'save', name, text } };
    }
    case 'choose':
    case 'choice':
    case 'answer':
      return answer(state, message, world);
    case 'open': {
      const view = currentView(state);
      const entry = entryChosen(state, world);
      if (entry?.type === 'edit-file' && !mayChange(state))
        return { state: flashed(state, READ_ONLY, 'error') };
      if (entry) return { state, effect: entry };
      const leaves = view.type === 'page' && view.page === 'contexts' && state.copy !== undefined;
      if (leaves && chosenRow(state, view, world) === CLUSTER)
        return { state, effect: { type: 'now' } };
      return { state: navigate(without(state, 'flash'), message, world) };
    }
    default:
      return { state: navigate(without(state, 'flash'), message, world) };
  }
}

type Typing = Extract<
  Message,
  { type: 'typed' | 'erase' | 'clear-prompt' | 'suggest' | 'complete' | 'cancel' | 'shell-key' }
>;

/** A key for the line that is being typed, wherever that is. */
function typing(state: State, message: Typing, world: World): Next {
  if (message.type !== 'shell-key' && state.prompt)
    return { state: editPrompt(state, state.prompt, message, world) };
  if (message.type === 'suggest' || message.type === 'complete' || message.type === 'cancel')
    return { state };
  if (message.type !== 'shell-key' && state.dialog)
    return { state: editField(state, state.dialog, message) };
  const view = currentView(state);
  return view.type === 'shell' ? shellKey(without(state, 'flash'), view, message) : { state };
}

function submit(state: State, world: World): Next {
  const { prompt } = state;
  if (!prompt) return { state };
  if (prompt.asks) return told(without(state, 'prompt'), prompt.asks.action, prompt.text.trim());
  if (prompt.kind === 'command') return run(without(state, 'prompt'), prompt.text, world);
  const done = submitFilter(state, prompt.text);
  return { state: isList(currentView(done)) ? done : search(done, 1, world, true) };
}

function withRefusals(state: State, { refusals }: Extract<Message, { type: 'flash' }>): State {
  return refusals ? { ...state, refusals } : state;
}

/** Ends the fault under the cursor. */
function heal(state: State, world: World): Next {
  const view = currentView(state);
  const id = isList(view) ? chosenRow(state, view, world) : undefined;
  return id === undefined ? { state } : { state, effect: { type: 'heal', id } };
}

/** Hands what is chosen to the user's editor. */
function editChosen(state: State, world: World): Next {
  const entry = entryChosen(state, world);
  if (entry) return { state, effect: entry };
  const target = chosen(state, world);
  return target && objectAt(world, target.resource, target.key)
    ? { state, effect: { type: 'edit', target } }
    : { state: flashed(state, 'choose an object first') };
}

/** An action that has been told what it asked for. */
function told(state: State, action: Action, value: string): Next {
  const wrong = complaint(action, value);
  if (wrong !== undefined) return { state: flashed(state, wrong, 'error') };
  const options = { ...action.options, value };
  return { state, effect: { type: 'act', action: { ...action, options } } };
}

function copy(state: State, what: 'name' | 'namespace' | 'text', world: World): Next {
  const key = chosen(state, world)?.key ?? '';
  const at = key.indexOf('/');
  const text =
    what === 'text'
      ? frameText(state, world).text
      : what === 'name'
        ? key.slice(at + 1)
        : key.slice(0, Math.max(0, at));
  if (text === '') return { state: flashed(state, 'there is nothing to copy') };
  const said = what === 'text' ? 'the text' : text;
  return {
    state: flashed(state, `copied ${said}`),
    effect: { type: 'copy', text, what: said },
  };
}

function run(state: State, text: string, world: World): Next {
  const { state: next, message } = runCommand(uncovered(state, true, world), text, world);
  return message ? update(next, message, world) : { state: next };
}

/** The state with the error frame waved away, when what is to come would be hidden by it. */
function uncovered(state: State, isHidden: boolean, world: World): State {
  return isHidden && coveredByErrors(state, world) ? dismissed(state, world) : state;
}

/** Runs a command of the history again; the history stays as it is. */
function again(state: State, at: number, world: World): Next {
  const text = state.history[at];
  if (text === undefined) return { state: flashed(state, 'no command there') };
  const next = run(state, text, world);
  return { ...next, state: { ...next.state, history: state.history, historyAt: at } };
}

/** The command before this one, as `cd -`: again and again it goes to and fro. */
function lastCommand(state: State, world: World): Next {
  const text = state.history.at(-2) ?? state.history.at(-1);
  return text === undefined ? { state: flashed(state, 'no command yet') } : run(state, text, world);
}
