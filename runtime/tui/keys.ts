import { ACTIONS, EDIT, TILES, TREES } from './action-keys.ts';
import { type Binding, type Entry, type Focus, group } from './binding.ts';
import { isDangerous, type Message } from './model/message.ts';
import { NO_TRAITS, type Trait } from './model/traits.ts';
import {
  any,
  control,
  controlBackslash,
  controlSpace,
  letter,
  type Press,
  shifted,
  special,
} from './press.ts';

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

const LISTS = group('Lists', [
  ['enter', 'drill in', special('return'), { type: 'open' }, 'open', 0],
  ['space', 'mark; fold a branch', letter(' '), { type: 'mark', what: 'one' }],
  ['ctrl-space', 'mark from the last mark to here', controlSpace, { type: 'mark', what: 'range' }],
  ['ctrl-\\', 'marks away', controlBackslash, { type: 'mark', what: 'none' }],
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
  ['w', 'only the namespace of this row', letter('w'), { type: 'warp' }],
  ['n', 'copy the namespace', letter('n'), { type: 'copy', what: 'namespace' }],
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
  ['c', 'copy the text', letter('c'), { type: 'copy', what: 'text' }],
  ['f', 'full screen, and back', letter('f'), { type: 'screen', what: 'full' }],
]);

const range = (keys: string, does: string, value: 'tail' | 'head' | number): Entry => [
  keys,
  does,
  letter(keys),
  { type: 'log-range', range: value },
];

const LOGS = group('Logs', [
  ['s', 'follow, and stop', letter('s'), { type: 'log-switch', what: 'follows' }, 'follow', 1],
  ['t', 'timestamps', letter('t'), { type: 'log-switch', what: 'timestamps' }, 'timestamps', 2],
  ['w', 'wrap lines', letter('w'), { type: 'log-switch', what: 'wraps' }, 'wrap', 3],
  ['p', 'the run before, and back', letter('p'), { type: 'logs', previous: true }, 'previous', 4],
  range('0', 'the last lines', 'tail'),
  range('1', 'the first lines', 'head'),
  range('2', 'the last minute', 60),
  range('3', 'the last 5 minutes', 300),
  range('4', 'the last 15 minutes', 900),
  range('5', 'the last 30 minutes', 1800),
  range('6', 'the last hour', 3600),
  ['m', 'a mark: what is above was written before', letter('m'), { type: 'log-mark' }],
  ['a', 'all containers of the pod', letter('a'), { type: 'log-all' }],
  ['C', 'clear: only what is written from now on', letter('C'), { type: 'log-clear' }],
  ['h ←', 'to the left', any(special('leftArrow'), letter('h')), { type: 'pan', by: -1 }],
  ['l →', 'to the right', any(special('rightArrow'), letter('l')), { type: 'pan', by: 1 }],
  ['c', 'copy the lines', letter('c'), { type: 'copy', what: 'text' }],
  ['f', 'full screen, and back', letter('f'), { type: 'screen', what: 'full' }],
]);

const TIME = group('Time', [
  [',', 'pause, and go on', letter(','), { type: 'pause' }, 'pause', 12],
  ['.', 'one step: a unit of work, or the next moment', letter('.'), { type: 'step' }, 'step', 13],
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
    'tab ↓',
    'the next button or choice',
    any(special('tab', 'downArrow'), letter('j')),
    { type: 'choose', by: 1 },
    'next',
  ],
  [
    'shift-tab ↑',
    'the one before',
    any(shifted('tab'), special('upArrow'), letter('k')),
    { type: 'choose', by: -1 },
  ],
  [
    '→',
    'another value',
    any(special('rightArrow'), letter('l', ' ')),
    { type: 'choice', by: 1 },
    'change',
    1,
  ],
  ['←', 'the value before', any(special('leftArrow'), letter('h')), { type: 'choice', by: -1 }],
  ['enter', 'press the button', special('return'), { type: 'answer' }, 'press', 0],
  ['y', 'yes', letter('y'), { type: 'answer', yes: true }, 'yes', 2],
  [
    'w',
    'what if: do it to a copy and show the difference',
    letter('w'),
    { type: 'answer', tries: true },
    'what if',
    4,
  ],
  ['n', 'no', any(special('escape'), letter('n', 'q')), { type: 'answer', yes: false }, 'no', 3],
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
  ],
  text: [...TEXTS, ...ACTIONS, ...EDIT, ...OBJECTS, ...TIME, ...EVERYWHERE, ...MOVEMENT],
  log: [...LOGS, ...TIME, ...EVERYWHERE, ...MOVEMENT],
  prompt: PROMPT,
  dialog: DIALOG,
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
  ...TEXTS,
  ...LOGS,
  ...TIME,
  ...PROMPT,
  ...DIALOG,
];

/** The bindings that mean something where the focus is, on what is chosen; without what would change it where it may not. Of two with one key, the first. */
export function bindingsFor(
  focus: Focus,
  traits: ReadonlySet<Trait>,
  mayChange = true,
): readonly Binding[] {
  const taken = new Set<string>();
  return BINDINGS[focus].filter(({ on, keys, message }) => {
    const [key = ''] = keys.split(' ');
    if (!mayChange && isDangerous(message)) return false;
    if (taken.has(key) || (on !== undefined && !traits.has(on))) return false;
    taken.add(key);
    return true;
  });
}

/** What a key press means where the focus is, on what has these traits; undefined for keys without a meaning. */
export function messageFor(
  press: Press,
  focus: Focus,
  traits: ReadonlySet<Trait> = NO_TRAITS,
): Message | undefined {
  const bound = bindingsFor(focus, traits).find(({ when }) => when(press));
  if (bound || focus !== 'prompt') return bound?.message;
  const { input, key } = press;
  return input === '' || key.ctrl || key.meta ? undefined : { type: 'typed', text: input };
}
