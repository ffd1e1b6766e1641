import { group } from './binding.ts';
import { any, control, letter, shifted, special } from './press.ts';

/** Keys while a command, a filter or a value is typed. */
export const PROMPT = group('Prompt', [
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

export const DIALOG = group('Dialog', [
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

/** A dialog while something is typed into one of its fields. */
export const FORM = group('Dialog', [
  ['ctrl-c', '', control('c'), { type: 'quit' }],
  ['tab ↓', '', special('tab', 'downArrow'), { type: 'choose', by: 1 }, 'next', 1],
  ['shift-tab ↑', '', any(shifted('tab'), special('upArrow')), { type: 'choose', by: -1 }],
  ['enter', '', special('return'), { type: 'answer' }, 'next', 0],
  ['esc', '', special('escape'), { type: 'answer', yes: false }, 'no', 2],
  ['ctrl-u', '', control('u', 'w'), { type: 'clear-prompt' }],
  ['backspace', '', special('backspace', 'delete'), { type: 'erase' }],
]);
