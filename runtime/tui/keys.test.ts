import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import type { Focus } from './binding.ts';
import { ALL_BINDINGS, BINDINGS, messageFor } from './keys.ts';
import type { Trait } from './model/traits.ts';
import { pressesOf } from './press.ts';

const NONE: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};
const press = (input: string, flags: Partial<Key> = {}) => ({ input, key: { ...NONE, ...flags } });
const says = (focus: Focus, input: string, flags?: Partial<Key>, traits: readonly Trait[] = []) =>
  messageFor(press(input, flags), focus, new Set(traits));

const TRAITS: readonly Trait[] = [
  'object',
  'pod',
  'log',
  'template',
  'scalable',
  'revision',
  'node',
  'cron',
  'secret',
  'service',
  'referable',
  'editable',
];

describe('keys', () => {
  it.each([
    ['list', 'j', {}, { type: 'move', by: 1 }],
    ['list', '', { downArrow: true }, { type: 'move', by: 1 }],
    ['list', 'G', { shift: true }, { type: 'move', by: 'bottom' }],
    ['list', 'f', { ctrl: true }, { type: 'move', by: 'page-down' }],
    ['list', '', { return: true }, { type: 'open' }],
    ['list', '', { escape: true }, { type: 'back' }],
    ['list', 'd', {}, undefined],
    ['list', 'T', {}, { type: 'page', page: 'timeline' }],
    ['list', 'N', { shift: true }, { type: 'sort', column: 'NAME' }],
    ['text', 'N', { shift: true }, { type: 'search', by: -1 }],
    ['text', 'n', {}, { type: 'search', by: 1 }],
    ['list', 'n', {}, { type: 'copy', what: 'namespace' }],
    ['list', 's', {}, undefined],
    ['list', 'd', { ctrl: true }, undefined],
    ['list', ' ', {}, { type: 'mark', what: 'one' }],
    ['list', '`', { ctrl: true }, { type: 'mark', what: 'range' }],
    ['list', '\u001c', {}, { type: 'mark', what: 'none' }],
    ['log', 's', {}, { type: 'log-switch', what: 'follows' }],
    ['log', '5', {}, { type: 'log-range', range: 1800 }],
    ['log', 'f', {}, { type: 'screen', what: 'full' }],
    ['text', 'c', {}, { type: 'copy', what: 'text' }],
    ['list', '', { leftArrow: true, shift: true }, { type: 'sort-neighbour', by: -1 }],
    ['text', '', { rightArrow: true }, { type: 'pan', by: 1 }],
    ['list', '0', {}, { type: 'namespace', at: 0 }],
    ['list', '7', {}, { type: 'namespace', at: 7 }],
    ['list', ',', {}, { type: 'pause' }],
    ['text', '.', {}, { type: 'step' }],
    ['list', '=', {}, { type: 'speed', to: 'real' }],
    ['prompt', 'j', {}, { type: 'typed', text: 'j' }],
    ['prompt', '日', {}, { type: 'typed', text: '日' }],
    ['prompt', '', { tab: true }, { type: 'complete' }],
    ['prompt', '', { backspace: true }, { type: 'erase' }],
    ['prompt', '', { delete: true }, { type: 'erase' }],
    ['prompt', 'u', { ctrl: true }, { type: 'clear-prompt' }],
    ['prompt', 'x', { meta: true }, undefined],
    ['dialog', 'y', {}, { type: 'answer', yes: true }],
    ['dialog', '', { escape: true }, { type: 'answer', yes: false }],
    ['dialog', '', { return: true }, { type: 'answer' }],
    ['dialog', '', { tab: true }, { type: 'choose', by: 1 }],
    ['dialog', '', { tab: true, shift: true }, { type: 'choose', by: -1 }],
    ['dialog', '', { rightArrow: true }, { type: 'choice', by: 1 }],
    ['dialog', 'x', {}, undefined],
  ] as const)('%s: %s %o', (focus, input, flags, message) => {
    expect(says(focus, input, flags)).toEqual(message);
  });

  it.each([
    ['s', {}, 'scalable', { type: 'act', verb: 'scale' }],
    ['s', {}, 'cron', { type: 'act', verb: 'suspend' }],
    ['t', {}, 'cron', { type: 'act', verb: 'trigger' }],
    ['r', {}, 'template', { type: 'act', verb: 'restart' }],
    ['r', {}, 'node', { type: 'act', verb: 'drain' }],
    ['c', {}, 'node', { type: 'act', verb: 'cordon' }],
    ['d', {}, 'object', { type: 'object', page: 'describe' }],
    ['c', {}, 'object', { type: 'copy', what: 'name' }],
    ['u', {}, 'node', { type: 'act', verb: 'uncordon' }],
    ['u', {}, 'referable', { type: 'page', page: 'used-by' }],
    ['l', {}, 'log', { type: 'logs', previous: false }],
    ['p', {}, 'log', { type: 'logs', previous: true }],
    ['x', {}, 'secret', { type: 'object', page: 'decode' }],
    ['f', {}, 'service', { type: 'page', page: 'flows' }],
    ['k', { ctrl: true }, 'pod', { type: 'act', verb: 'kill' }],
    ['l', { ctrl: true }, 'revision', { type: 'act', verb: 'rollback' }],
    ['d', { ctrl: true }, 'deletable', { type: 'act', verb: 'delete' }],
    ['e', {}, 'editable', { type: 'edit' }],
    ['x', {}, 'pod', undefined],
  ] as const)('%s %o on what is %s', (input, flags, trait, message) => {
    expect(says('list', input, flags, [trait])).toEqual(message);
  });

  it('quits on ctrl-c wherever the keys go', () => {
    for (const focus of ['list', 'text', 'log', 'prompt', 'dialog'] as const)
      expect(says(focus, 'c', { ctrl: true })).toEqual({ type: 'quit' });
  });

  it('gives no key two meanings in one place', () => {
    for (const focus of Object.keys(BINDINGS) as Focus[])
      for (const traits of [...TRAITS.map((each) => [each]), []]) {
        const keys = BINDINGS[focus]
          .filter(({ does, on }) => does !== '' && (on === undefined || traits.includes(on)))
          .map((each) => each.keys.split(' ')[0]);
        const twice = keys.filter((each, at) => keys.indexOf(each) !== at);
        const known = focus === 'text' ? ['N', 'c', 'f', 'l', 'n', 'r'] : ['c'];
        expect(twice.filter((each) => !known.includes(each!))).toEqual([]);
      }
  });

  it('says in the help what every key does', () => {
    const bound = new Set(Object.values(BINDINGS).flat());
    expect([...bound].filter((each) => !ALL_BINDINGS.includes(each))).toEqual([]);
    expect(ALL_BINDINGS.every(({ keys }) => keys.length <= 11)).toBe(true);
  });

  it('takes keys apart that were typed faster than they were read', () => {
    const presses = pressesOf(':po\r', NONE);
    expect(presses.map(({ input, key }) => (key.return ? 'enter' : input))).toEqual([
      ':',
      'p',
      'o',
      'enter',
    ]);
    expect(pressesOf('jG', NONE)[1]?.key.shift).toBe(true);
    expect(pressesOf('a', { ...NONE, ctrl: true })).toHaveLength(1);
    expect(pressesOf('j\u0004', NONE)[1]).toEqual(press('d', { ctrl: true }));
  });

  it('takes a key right after escape for the two keys', () => {
    expect(pressesOf('q', { ...NONE, meta: true })).toEqual([
      press('', { escape: true }),
      press('q'),
    ]);
    expect(pressesOf('', { ...NONE, escape: true, meta: true })).toEqual([
      press('', { escape: true }),
      press('', { escape: true }),
    ]);
    expect(pressesOf('', { ...NONE, escape: true })).toHaveLength(1);
  });
});
