import { type Entry, group } from './binding.ts';
import type { ShellKey } from './model/message.ts';
import { any, control, letter, shifted, special, type When } from './press.ts';

/** Keys of texts that are read: descriptions, YAML, reasons, help. */
export const TEXTS = group('Texts', [
  ['n', 'next match', letter('n'), { type: 'search', by: 1 }],
  ['N', 'match before', letter('N'), { type: 'search', by: -1 }],
  ['tab', 'the next part', special('tab'), { type: 'part', by: 1 }],
  ['shift-tab', 'the part before', shifted('tab'), { type: 'part', by: -1 }],
  ['h ←', 'to the left', any(special('leftArrow'), letter('h')), { type: 'pan', by: -1 }],
  ['l →', 'to the right', any(special('rightArrow'), letter('l')), { type: 'pan', by: 1 }],
  ['r', 'stay as it is, and follow again', letter('r'), { type: 'hold' }],
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

export const LOGS = group('Logs', [
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

const shell = (
  keys: string,
  does: string,
  when: When,
  key: ShellKey,
  ...hint: readonly [] | readonly [string, number]
): Entry => [keys, does, when, { type: 'shell-key', key }, ...hint];

export const SHELL = group('Shell', [
  shell('enter', 'run the line, or hand it to what runs', special('return'), 'enter', 'run', 0),
  shell('ctrl-d', 'no more input; at the prompt, leave', control('d'), 'end', 'leave', 1),
  shell('esc esc', 'leave', special('escape'), 'leave', 'leave', 2),
  shell('ctrl-c', 'stop what runs', control('c'), 'interrupt', 'stop', 3),
  shell('↑', 'line before', special('upArrow'), 'before'),
  shell('↓', 'line after', special('downArrow'), 'after'),
  shell('ctrl-l', 'clear the screen', control('l'), 'clear'),
  ['ctrl-u', 'clear the line', control('u', 'w'), { type: 'clear-prompt' }],
  ['backspace', 'erase', special('backspace', 'delete'), { type: 'erase' }],
  ['PgUp', 'scroll back', special('pageUp'), { type: 'move', by: 'page-up' }],
  ['PgDn', 'scroll forth', special('pageDown'), { type: 'move', by: 'page-down' }],
]);
