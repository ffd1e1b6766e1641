import { completed, suggestions } from './command.ts';
import { filterComplaint } from './lists.ts';
import type { Message } from './message.ts';
import { currentView, flashed, type Prompt, replaceView, type State, without } from './state.ts';
import { isList, TOP, type View } from './view.ts';
import type { World } from './world.ts';

/** Opens the line at the bottom; a filter goes on from what it is, a search begins anew. */
export function openPrompt(state: State, kind: 'command' | 'filter'): State {
  const view = currentView(state);
  const text =
    kind === 'command' ? '' : isList(view) ? view.filter : view.type === 'log' ? view.search : '';
  return { ...without(state, 'flash'), prompt: { kind, text, suggestion: 0 } };
}

/** The line with one more key; commands and searches that are submitted are run by the caller. */
export function editPrompt(state: State, prompt: Prompt, message: Message, world: World): State {
  switch (message.type) {
    case 'typed':
      return withText(state, prompt, prompt.text + message.text.replace(/\s+/g, ' '));
    case 'erase':
      if (prompt.text === '') return without(state, 'prompt');
      return withText(state, prompt, [...prompt.text].slice(0, -1).join(''));
    case 'clear-prompt':
      return withText(state, prompt, '');
    case 'suggest':
      return { ...state, prompt: { ...prompt, suggestion: cycled(prompt, message.by, world) } };
    case 'complete':
      if (prompt.kind !== 'command') return state;
      return withText(state, prompt, completed(prompt.text, prompt.suggestion, world));
    case 'cancel':
      return without(prompt.kind === 'filter' ? narrowed(state, '') : state, 'prompt');
    default:
      return state;
  }
}

function cycled({ kind, text, suggestion }: Prompt, by: -1 | 1, world: World): number {
  if (kind !== 'command') return 0;
  const count = suggestions(text, world).length;
  return count === 0 ? 0 : (suggestion + by + count) % count;
}

function withText(state: State, prompt: Prompt, text: string): State {
  const next = { ...state, prompt: { ...prompt, text, suggestion: 0 } };
  return prompt.kind === 'filter' && filtersAtOnce(state) ? narrowed(next, text) : next;
}

/** Lists and logs are narrowed while the filter is typed; texts are searched when it is there. */
function filtersAtOnce(state: State): boolean {
  const view = currentView(state);
  return isList(view) || view.type === 'log';
}

/** The view with another filter, or another search. */
export function narrowed(state: State, text: string): State {
  return replaceView(state, (view): View => {
    if (!isList(view)) return { ...view, search: text };
    const { key } = view.cursor;
    return { ...view, filter: text, cursor: key === undefined ? TOP : { ...TOP, key } };
  });
}

export function submitFilter(state: State, text: string): State {
  const done = narrowed(without(state, 'prompt'), text.trim());
  const complaint = filterComplaint(text.trim());
  return complaint === undefined ? done : flashed(done, complaint, 'error');
}
