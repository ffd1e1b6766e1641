import { type Entry, group } from './binding.ts';
import { any, control, controlBackslash, controlSpace, letter, shifted, special } from './press.ts';

/** Moving past columns; where a letter means something else on the kind, the arrows are left. */
export const PANS = group('Lists', [
  [
    '→ l',
    'past a column, to those out of sight (also tab)',
    any(special('rightArrow', 'tab'), letter('l')),
    { type: 'pan', by: 1 },
  ],
  [
    '← h',
    'back to the columns before (also shift-tab)',
    any(special('leftArrow'), shifted('tab'), letter('h')),
    { type: 'pan', by: -1 },
  ],
]);

/** Keys of lists, whatever they list. */
export const LISTS = group('Lists', [
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
