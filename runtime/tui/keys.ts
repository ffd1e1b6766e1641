import type { Key } from 'ink';

/** What a key asks for. `update` does it. */
export type Message =
  | { readonly type: 'move'; readonly by: number | 'page-down' | 'page-up' | 'top' | 'bottom' }
  | { readonly type: 'open' }
  | {
      readonly type: 'show';
      readonly view: 'yaml' | 'describe' | 'why' | 'help' | 'sleepers' | 'queues' | 'errors';
    }
  | { readonly type: 'back' }
  | { readonly type: 'home' }
  | { readonly type: 'prompt'; readonly kind: 'command' | 'filter' }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'erase' }
  | { readonly type: 'clear-prompt' }
  | { readonly type: 'complete' }
  | { readonly type: 'submit' }
  | { readonly type: 'cancel' }
  | { readonly type: 'all-namespaces' }
  | { readonly type: 'sort'; readonly column: string }
  | { readonly type: 'owner' }
  | { readonly type: 'delete' }
  | { readonly type: 'confirm'; readonly yes: boolean }
  | { readonly type: 'search-next'; readonly by: 1 | -1 }
  | { readonly type: 'pause' }
  | { readonly type: 'step' }
  | { readonly type: 'speed'; readonly by: 1 | -1 | 'real' }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'redraw' }
  | { readonly type: 'quit' };

interface Binding {
  /** As shown in the help. */
  readonly keys: string;
  readonly does: string;
  readonly group: 'Global' | 'Movement' | 'Lists' | 'Time';
  readonly when: (input: string, key: Key) => boolean;
  readonly message: Message;
}

const letter =
  (...letters: string[]) =>
  (input: string, key: Key): boolean =>
    letters.includes(input) && !key.ctrl && !key.meta;
const control = (name: string) => (input: string, key: Key) => key.ctrl && input === name;

/** One table: it decodes keys and writes the help. The first that matches wins. */
export const BINDINGS: readonly Binding[] = [
  {
    keys: '?',
    does: 'help',
    group: 'Global',
    when: letter('?'),
    message: { type: 'show', view: 'help' },
  },
  {
    keys: ':',
    does: 'command, e.g. :pods, :events, :q',
    group: 'Global',
    when: letter(':'),
    message: { type: 'prompt', kind: 'command' },
  },
  {
    keys: '/',
    does: 'filter a list, search a text',
    group: 'Global',
    when: letter('/'),
    message: { type: 'prompt', kind: 'filter' },
  },
  {
    keys: 'esc',
    does: 'clear the filter, else back',
    group: 'Global',
    when: (_, key) => key.escape,
    message: { type: 'back' },
  },
  { keys: 'q', does: 'back', group: 'Global', when: letter('q'), message: { type: 'back' } },
  { keys: 'ctrl-c', does: 'quit', group: 'Global', when: control('c'), message: { type: 'quit' } },
  {
    keys: 'ctrl-r',
    does: 'redraw',
    group: 'Global',
    when: control('r'),
    message: { type: 'redraw' },
  },
  {
    keys: 'shift-h',
    does: 'convergence, the home screen',
    group: 'Global',
    when: letter('H'),
    message: { type: 'home' },
  },
  {
    keys: 'shift-e',
    does: 'errors of the last save',
    group: 'Global',
    when: letter('E'),
    message: { type: 'show', view: 'errors' },
  },
  {
    keys: 'j ↓',
    does: 'down',
    group: 'Movement',
    when: (i, k) => k.downArrow || letter('j')(i, k),
    message: { type: 'move', by: 1 },
  },
  {
    keys: 'k ↑',
    does: 'up',
    group: 'Movement',
    when: (i, k) => k.upArrow || letter('k')(i, k),
    message: { type: 'move', by: -1 },
  },
  {
    keys: 'g',
    does: 'top',
    group: 'Movement',
    when: (i, k) => k.home || letter('g')(i, k),
    message: { type: 'move', by: 'top' },
  },
  {
    keys: 'shift-g',
    does: 'bottom',
    group: 'Movement',
    when: (i, k) => k.end || letter('G')(i, k),
    message: { type: 'move', by: 'bottom' },
  },
  {
    keys: 'ctrl-f',
    does: 'page down',
    group: 'Movement',
    when: (i, k) => k.pageDown || control('f')(i, k),
    message: { type: 'move', by: 'page-down' },
  },
  {
    keys: 'ctrl-b',
    does: 'page up',
    group: 'Movement',
    when: (i, k) => k.pageUp || control('b')(i, k),
    message: { type: 'move', by: 'page-up' },
  },
  {
    keys: 'enter',
    does: 'drill in: workload → pods → describe',
    group: 'Lists',
    when: (_, key) => key.return,
    message: { type: 'open' },
  },
  {
    keys: 'y',
    does: 'YAML',
    group: 'Lists',
    when: letter('y'),
    message: { type: 'show', view: 'yaml' },
  },
  {
    keys: 'd',
    does: 'describe',
    group: 'Lists',
    when: letter('d'),
    message: { type: 'show', view: 'describe' },
  },
  {
    keys: 'shift-w',
    does: 'why a pod is where it is',
    group: 'Lists',
    when: letter('W'),
    message: { type: 'show', view: 'why' },
  },
  {
    keys: 'shift-j',
    does: 'jump to the owner',
    group: 'Lists',
    when: letter('J'),
    message: { type: 'owner' },
  },
  {
    keys: 'ctrl-d',
    does: 'delete, after asking',
    group: 'Lists',
    when: control('d'),
    message: { type: 'delete' },
  },
  {
    keys: '0',
    does: 'all namespaces',
    group: 'Lists',
    when: letter('0'),
    message: { type: 'all-namespaces' },
  },
  {
    keys: 'shift-n',
    does: 'sort by name; in a text: previous match',
    group: 'Lists',
    when: letter('N'),
    message: { type: 'sort', column: 'NAME' },
  },
  {
    keys: 'n',
    does: 'in a text: next match',
    group: 'Lists',
    when: letter('n'),
    message: { type: 'search-next', by: 1 },
  },
  {
    keys: 'shift-a',
    does: 'sort by age',
    group: 'Lists',
    when: letter('A'),
    message: { type: 'sort', column: 'AGE' },
  },
  {
    keys: 'shift-s',
    does: 'sort by status',
    group: 'Lists',
    when: letter('S'),
    message: { type: 'sort', column: 'STATUS' },
  },
  {
    keys: ',',
    does: 'pause and go on',
    group: 'Time',
    when: letter(','),
    message: { type: 'pause' },
  },
  {
    keys: '.',
    does: 'paused: one unit of work, or the next moment',
    group: 'Time',
    when: letter('.'),
    message: { type: 'step' },
  },
  {
    keys: '<',
    does: 'slower',
    group: 'Time',
    when: letter('<'),
    message: { type: 'speed', by: -1 },
  },
  {
    keys: '>',
    does: 'faster, up to eager',
    group: 'Time',
    when: letter('>'),
    message: { type: 'speed', by: 1 },
  },
  {
    keys: '=',
    does: 'real time',
    group: 'Time',
    when: letter('='),
    message: { type: 'speed', by: 'real' },
  },
];

export interface Focus {
  readonly prompt: boolean;
  readonly confirm: boolean;
}

/** What a key press means where the focus is; undefined for keys without a meaning. */
export function messageFor(input: string, key: Key, focus: Focus): Message | undefined {
  if (key.ctrl && input === 'c') return { type: 'quit' };
  if (focus.confirm) return { type: 'confirm', yes: input === 'y' || key.return };
  if (focus.prompt) return promptMessage(input, key);
  return BINDINGS.find(({ when }) => when(input, key))?.message;
}

function promptMessage(input: string, key: Key): Message | undefined {
  if (key.return) return { type: 'submit' };
  if (key.escape) return { type: 'cancel' };
  if (key.backspace || key.delete) return { type: 'erase' };
  if (key.tab || key.rightArrow || (key.ctrl && input === 'f')) return { type: 'complete' };
  if (key.ctrl && (input === 'u' || input === 'w')) return { type: 'clear-prompt' };
  if (key.ctrl || key.meta) return undefined;
  return input === '' ? undefined : { type: 'typed', text: input };
}
