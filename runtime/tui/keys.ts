import { ACTIONS, EDIT, TILES, TREES } from './action-keys.ts';
import { type Binding, type Focus, group } from './binding.ts';
import { LISTS, PANS } from './list-keys.ts';
import { isDangerous, type Message } from './model/message.ts';
import { NO_TRAITS, type Trait } from './model/traits.ts';
import { any, control, letter, type Press, special } from './press.ts';
import { LOGS, SHELL, TEXTS } from './text-keys.ts';
import { DIALOG, FORM, PROMPT } from './typing-keys.ts';

const OBJECTS = group(
  'Objects',
  [
    ['d', 'describe', letter('d'), { type: 'object', page: 'describe' }, 'describe', 3],
    ['W', 'why it is as it is', letter('W'), { type: 'object', page: 'why' }, 'why', 4],
    ['D', 'manifest, store and status', letter('D'), { type: 'page', page: 'diff' }, 'diff', 9],
    ['y', 'YAML', letter('y'), { type: 'object', page: 'yaml' }, 'yaml', 6],
    ['J', 'jump to the owner', letter('J'), { type: 'owner' }],
    ['z', 'what it owns', letter('z'), { type: 'owned' }],
    ['c', 'copy the name', letter('c'), { type: 'copy', what: 'name' }],
  ],
  'object',
);

const EVERYWHERE = group('Everywhere', [
  [
    'T',
    'timeline: what was done, to the object',
    letter('T'),
    { type: 'page', page: 'timeline' },
    'timeline',
    10,
  ],
  [
    '/',
    'filter a list, search a text',
    letter('/'),
    { type: 'prompt', kind: 'filter' },
    'filter',
    5,
  ],
  [':', 'command', letter(':'), { type: 'prompt', kind: 'command' }, 'command', 4],
  ['?', 'this help', letter('?'), { type: 'text', page: 'help' }, 'help', 1],
  ['q', 'back', letter('q'), { type: 'back' }, 'back', 14],
  ['esc', 'clear the filter, else back', special('escape'), { type: 'back' }],
  ['ctrl-c', 'quit', control('c'), { type: 'quit' }],
  ['X', 'faults', letter('X'), { type: 'list', page: 'faults' }],
  ['H', 'convergence, the home screen', letter('H'), { type: 'list', page: 'convergence' }],
  ['E', 'errors of the last save', letter('E'), { type: 'text', page: 'errors' }],
  [
    '!',
    'outcomes: what came out otherwise than wanted',
    letter('!'),
    { type: 'list', page: 'outcomes' },
  ],
  ['ctrl-a', 'all kinds', control('a'), { type: 'list', page: 'kinds' }],
  ['[', 'command before', letter('['), { type: 'history', by: -1 }],
  [']', 'command after', letter(']'), { type: 'history', by: 1 }],
  ['-', 'last command again', letter('-'), { type: 'last-command' }],
  ['ctrl-u', 'clear the filter', control('u', 'q'), { type: 'clear-filter' }],
  ['ctrl-r', 'draw again', control('r'), { type: 'redraw' }],
  ['ctrl-e', 'header away, and back', control('e'), { type: 'screen', what: 'headless' }],
  ['ctrl-g', 'the way here away, and back', control('g'), { type: 'screen', what: 'crumbs' }],
  ['ctrl-p', 'the next start begins like this', control('p'), { type: 'persist' }],
  ['ctrl-s', 'save what is shown to a file', control('s'), { type: 'save' }],
]);

const MOVEMENT = group('Movement', [
  ['j ↓', 'down', any(special('downArrow'), letter('j')), { type: 'move', by: 1 }],
  ['k ↑', 'up', any(special('upArrow'), letter('k')), { type: 'move', by: -1 }],
  ['g', 'top', any(special('home'), letter('g')), { type: 'move', by: 'top' }],
  ['G', 'bottom', any(special('end'), letter('G')), { type: 'move', by: 'bottom' }],
  [
    'ctrl-f',
    'page down',
    any(special('pageDown'), control('f')),
    { type: 'move', by: 'page-down' },
  ],
  ['ctrl-b', 'page up', any(special('pageUp'), control('b')), { type: 'move', by: 'page-up' }],
]);

const TIME = group('Time', [
  [',', 'pause, and go on', letter(','), { type: 'pause' }, 'pause', 12],
  ['.', 'one step: a unit of work, or the next moment', letter('.'), { type: 'step' }, 'step', 13],
  ['<', 'slower', letter('<'), { type: 'speed', to: 'slower' }],
  ['>', 'faster, up to eager', letter('>'), { type: 'speed', to: 'faster' }],
  ['=', 'real time', letter('='), { type: 'speed', to: 'real' }],
]);

/** One table a focus: it decodes keys and writes help and hints. The first that matches wins. */
export const BINDINGS: Readonly<Record<Focus, readonly Binding[]>> = {
  list: [
    ...LISTS,
    ...TREES,
    ...TILES,
    ...ACTIONS,
    ...EDIT,
    ...OBJECTS,
    ...TIME,
    ...EVERYWHERE,
    ...MOVEMENT,
    ...PANS,
  ],
  text: [...TEXTS, ...ACTIONS, ...EDIT, ...OBJECTS, ...TIME, ...EVERYWHERE, ...MOVEMENT],
  log: [...LOGS, ...TIME, ...EVERYWHERE, ...MOVEMENT],
  shell: SHELL,
  prompt: PROMPT,
  dialog: DIALOG,
  form: FORM,
};

/** Every binding once, for the help. */
export const ALL_BINDINGS: readonly Binding[] = [
  ...EVERYWHERE,
  ...OBJECTS,
  ...ACTIONS,
  ...EDIT,
  ...MOVEMENT,
  ...LISTS,
  ...TREES,
  ...TILES,
  ...PANS,
  ...TEXTS,
  ...LOGS,
  ...SHELL,
  ...TIME,
  ...PROMPT,
  ...DIALOG,
  ...FORM,
];

/** Keys of the user's own, those that may take others' place first. */
export interface OwnBindings {
  readonly over: readonly Binding[];
  readonly under: readonly Binding[];
}

const NO_OWN: OwnBindings = { over: [], under: [] };
const OWN_IN: ReadonlySet<Focus> = new Set(['list', 'text']);

/** Whether a key means something on lists already, whatever is chosen. */
export function isTaken(key: string): boolean {
  return BINDINGS.list.some(({ keys }) => keys.split(' ').includes(key));
}

/** The bindings that mean something where the focus is, on what is chosen; without what would change it where it may not. Of two with one key, the first. */
export function bindingsFor(
  focus: Focus,
  traits: ReadonlySet<Trait>,
  mayChange = true,
  own: OwnBindings = NO_OWN,
): readonly Binding[] {
  const taken = new Set<string>();
  const all = OWN_IN.has(focus) ? [...own.over, ...BINDINGS[focus], ...own.under] : BINDINGS[focus];
  return all.filter(({ on, keys, message }) => {
    const [key = ''] = keys.split(' ');
    if (!mayChange && isDangerous(message)) return false;
    if (taken.has(key) || (on !== undefined && !traits.has(on))) return false;
    taken.add(key);
    return true;
  });
}

/** Where letters without a meaning are text. */
export const TAKES_TEXT: ReadonlySet<Focus> = new Set(['prompt', 'shell', 'form']);

/** What a key press means where the focus is, on what has these traits; undefined for keys without a meaning. */
export function messageFor(
  press: Press,
  focus: Focus,
  traits: ReadonlySet<Trait> = NO_TRAITS,
  own?: OwnBindings,
): Message | undefined {
  const bound = bindingsFor(focus, traits, true, own).find(({ when }) => when(press));
  if (bound || !TAKES_TEXT.has(focus)) return bound?.message;
  const { input, key } = press;
  return input === '' || key.ctrl || key.meta ? undefined : { type: 'typed', text: input };
}
