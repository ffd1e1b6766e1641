import type { Key } from 'ink';
import type { Message } from './model/message.ts';

/** One key as Ink reports it. */
export interface Press {
  readonly input: string;
  readonly key: Key;
}

/** Where the keys go: to the view, to the line being typed, or to the question being asked. */
export type Focus = 'list' | 'text' | 'prompt' | 'dialog';

export interface Binding {
  /** As shown in the help. */
  readonly keys: string;
  readonly does: string;
  readonly group: Group;
  readonly when: (press: Press) => boolean;
  readonly message: Message;
  /** For the line at the bottom, where it is among the most useful: a word, and how soon it may go for lack of room. */
  readonly hint?: Hint;
}

export interface Hint {
  readonly word: string;
  readonly expendable: number;
}

export const GROUPS = [
  'Everywhere',
  'Objects',
  'Movement',
  'Lists',
  'Texts',
  'Time',
  'Prompt',
  'Dialog',
] as const;
export type Group = (typeof GROUPS)[number];

const letter =
  (...letters: string[]) =>
  ({ input, key }: Press): boolean =>
    letters.includes(input) && !key.ctrl && !key.meta;
const control =
  (...names: string[]) =>
  ({ input, key }: Press): boolean =>
    key.ctrl && names.includes(input);
const special =
  (...names: readonly (keyof Key)[]) =>
  ({ key }: Press): boolean =>
    !key.shift && names.some((name) => key[name]);
const any =
  (...conditions: readonly Binding['when'][]) =>
  (press: Press): boolean =>
    conditions.some((holds) => holds(press));

type Entry = readonly [
  keys: string,
  does: string,
  when: Binding['when'],
  message: Message,
  hint?: string,
  expendable?: number,
];

const group = (name: Group, entries: readonly Entry[]): readonly Binding[] =>
  entries.map(([keys, does, when, message, word, expendable = 0]) => ({
    keys,
    does,
    group: name,
    when,
    message,
    ...(word === undefined ? {} : { hint: { word, expendable } }),
  }));

const OBJECTS = group('Objects', [
  ['d', 'describe', letter('d'), { type: 'object', page: 'describe' }, 'describe', 3],
  ['W', 'why it is as it is', letter('W'), { type: 'object', page: 'why' }, 'why', 6],
  ['y', 'YAML', letter('y'), { type: 'object', page: 'yaml' }, 'yaml', 9],
  ['J', 'jump to the owner', letter('J'), { type: 'owner' }],
  ['z', 'what it owns', letter('z'), { type: 'owned' }],
  ['o', 'node of a pod', letter('o'), { type: 'node' }],
  ['ctrl-d', 'delete, after asking', control('d'), { type: 'delete' }, 'delete', 12],
]);

const EVERYWHERE = group('Everywhere', [
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
  ['q', 'back', letter('q'), { type: 'back' }, 'back', 10],
  ['esc', 'clear the filter, else back', special('escape'), { type: 'back' }],
  ['ctrl-c', 'quit', control('c'), { type: 'quit' }],
  ['H', 'convergence, the home screen', letter('H'), { type: 'list', page: 'convergence' }],
  ['E', 'errors of the last save', letter('E'), { type: 'text', page: 'errors' }],
  ['ctrl-a', 'all kinds', control('a'), { type: 'list', page: 'kinds' }],
  ['[', 'command before', letter('['), { type: 'history', by: -1 }],
  [']', 'command after', letter(']'), { type: 'history', by: 1 }],
  ['-', 'last command again', letter('-'), { type: 'last-command' }],
  ['ctrl-u', 'clear the filter', control('u', 'q'), { type: 'clear-filter' }],
  ['ctrl-r', 'draw again', control('r'), { type: 'redraw' }],
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

const shifted = (name: 'leftArrow' | 'rightArrow') => (press: Press) =>
  press.key.shift && press.key[name];

const LISTS = group('Lists', [
  ['enter', 'drill in', special('return'), { type: 'open' }, 'open', 0],
  ['0', 'all namespaces', letter('0'), { type: 'namespace', at: 0 }],
  ...Array.from(
    { length: 9 },
    (_, at): Entry => [
      `${at + 1}`,
      at === 0 ? 'first namespace, and so on' : '',
      letter(`${at + 1}`),
      { type: 'namespace', at: at + 1 },
    ],
  ),
  ['N', 'sort by name', letter('N'), { type: 'sort', column: 'NAME' }],
  ['A', 'sort by age', letter('A'), { type: 'sort', column: 'AGE' }],
  ['S', 'sort by status', letter('S'), { type: 'sort', column: 'STATUS' }],
  ['P', 'sort by namespace', letter('P'), { type: 'sort', column: 'NAMESPACE' }],
  [
    'shift-←',
    'sort by the column to the left',
    shifted('leftArrow'),
    { type: 'sort-neighbour', by: -1 },
  ],
  [
    'shift-→',
    'sort by the column to the right',
    shifted('rightArrow'),
    { type: 'sort-neighbour', by: 1 },
  ],
  ['O', 'turn the order round', letter('O'), { type: 'sort-flip' }],
  ['ctrl-w', 'wide columns', control('w'), { type: 'toggle', what: 'wide' }],
  ['ctrl-z', 'only what is not at its goal', control('z'), { type: 'toggle', what: 'faults' }],
]);

const TEXTS = group('Texts', [
  ['n', 'next match', letter('n'), { type: 'search', by: 1 }],
  ['N', 'match before', letter('N'), { type: 'search', by: -1 }],
  ['h ←', 'to the left', any(special('leftArrow'), letter('h')), { type: 'pan', by: -1 }],
  ['l →', 'to the right', any(special('rightArrow'), letter('l')), { type: 'pan', by: 1 }],
  ['m', 'managedFields', letter('m'), { type: 'toggle', what: 'managedFields' }],
]);

const TIME = group('Time', [
  [',', 'pause, and go on', letter(','), { type: 'pause' }, 'pause', 7],
  ['.', 'one step: a unit of work, or the next moment', letter('.'), { type: 'step' }, 'step', 8],
  ['<', 'slower', letter('<'), { type: 'speed', to: 'slower' }],
  ['>', 'faster, up to eager', letter('>'), { type: 'speed', to: 'faster' }],
  ['=', 'real time', letter('='), { type: 'speed', to: 'real' }],
]);

const PROMPT = group('Prompt', [
  ['ctrl-c', '', control('c'), { type: 'quit' }],
  ['enter', 'run', any(special('return'), control('e')), { type: 'submit' }, 'run', 0],
  ['esc', 'cancel', special('escape'), { type: 'cancel' }, 'cancel', 2],
  [
    'tab →',
    'take the suggestion',
    any(special('tab', 'rightArrow'), control('f')),
    { type: 'complete' },
    'complete',
  ],
  ['↓', 'next suggestion', special('downArrow'), { type: 'suggest', by: 1 }],
  ['↑', 'suggestion before', special('upArrow'), { type: 'suggest', by: -1 }],
  ['ctrl-u', 'clear', control('u', 'w'), { type: 'clear-prompt' }],
  ['backspace', 'erase', special('backspace', 'delete'), { type: 'erase' }],
]);

const DIALOG = group('Dialog', [
  ['ctrl-c', '', control('c'), { type: 'quit' }],
  [
    'tab',
    'the other button',
    any(({ key }) => key.tab, special('leftArrow', 'rightArrow')),
    { type: 'choose' },
    'choose',
  ],
  ['enter', 'press the button', special('return'), { type: 'answer' }, 'press', 0],
  ['y', 'yes', letter('y'), { type: 'answer', yes: true }, 'yes', 2],
  ['n', 'no', any(special('escape'), letter('n', 'q')), { type: 'answer', yes: false }, 'no', 3],
]);

/** One table a focus: it decodes keys and writes help and hints. The first that matches wins. */
export const BINDINGS: Readonly<Record<Focus, readonly Binding[]>> = {
  list: [...LISTS, ...OBJECTS, ...TIME, ...EVERYWHERE, ...MOVEMENT],
  text: [...TEXTS, ...OBJECTS, ...TIME, ...EVERYWHERE, ...MOVEMENT],
  prompt: PROMPT,
  dialog: DIALOG,
};

/** Every binding once, for the help. */
export const ALL_BINDINGS: readonly Binding[] = [
  ...EVERYWHERE,
  ...OBJECTS,
  ...MOVEMENT,
  ...LISTS,
  ...TEXTS,
  ...TIME,
  ...PROMPT,
  ...DIALOG,
];

/** What a key press means where the focus is; undefined for keys without a meaning. */
export function messageFor(press: Press, focus: Focus): Message | undefined {
  const bound = BINDINGS[focus].find(({ when }) => when(press));
  if (bound || focus !== 'prompt') return bound?.message;
  const { input, key } = press;
  return input === '' || key.ctrl || key.meta ? undefined : { type: 'typed', text: input };
}

/**
 * Keys typed faster than they are read arrive as one input of several characters: each is a key of its own. A key right
 * after escape arrives as that key with meta; nothing here is bound to meta, so it is the two again.
 */
export function pressesOf(input: string, key: Key): readonly Press[] {
  const { meta, ...rest } = key;
  if (meta && input !== '' && !key.escape) {
    const plain: Key = { ...rest, meta: false };
    return [{ input: '', key: { ...plain, escape: true } }, ...pressesOf(input, plain)];
  }
  const characters = [...input];
  return characters.length < 2 ? [{ input, key }] : characters.map((each) => pressOf(each, key));
}

const CONTROL_A = 1;
const CONTROL_Z = 26;

function pressOf(character: string, key: Key): Press {
  if (character === '\r' || character === '\n') return { input: '', key: { ...key, return: true } };
  if (character === '\t') return { input: '', key: { ...key, tab: true } };
  const code = character.charCodeAt(0);
  if (code >= CONTROL_A && code <= CONTROL_Z)
    return { input: String.fromCharCode(code + 96), key: { ...key, ctrl: true } };
  return { input: character, key: { ...key, shift: /^[A-Z]$/.test(character) } };
}
