import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { ALL_BINDINGS, BINDINGS, type Focus, messageFor, pressesOf } from './keys.ts';

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
const says = (focus: Focus, input: string, flags?: Partial<Key>) =>
  messageFor(press(input, flags), focus);

describe('keys', () => {
  it.each([
    ['list', 'j', {}, { type: 'move', by: 1 }],
    ['list', '', { downArrow: true }, { type: 'move', by: 1 }],
    ['list', 'G', { shift: true }, { type: 'move', by: 'bottom' }],
    ['list', 'f', { ctrl: true }, { type: 'move', by: 'page-down' }],
    ['list', '', { return: true }, { type: 'open' }],
    ['list', '', { escape: true }, { type: 'back' }],
    ['list', 'd', {}, { type: 'object', page: 'describe' }],
    ['list', 'd', { ctrl: true }, { type: 'delete' }],
    ['list', 'N', { shift: true }, { type: 'sort', column: 'NAME' }],
    ['text', 'N', { shift: true }, { type: 'search', by: -1 }],
    ['text', 'n', {}, { type: 'search', by: 1 }],
    ['list', 'n', {}, undefined],
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
    ['dialog', '', { tab: true, shift: true }, { type: 'choose' }],
    ['dialog', 'j', {}, undefined],
  ] as const)('%s: %s %o', (focus, input, flags, message) => {
    expect(says(focus, input, flags)).toEqual(message);
  });

  it('quits on ctrl-c wherever the keys go', () => {
    for (const focus of ['list', 'text', 'prompt', 'dialog'] as const)
      expect(says(focus, 'c', { ctrl: true })).toEqual({ type: 'quit' });
  });

  it('gives no key two meanings in one place', () => {
    for (const bindings of Object.values(BINDINGS)) {
      const keys = bindings.filter(({ does }) => does !== '').map((each) => each.keys);
      const twice = keys.filter((each, at) => keys.indexOf(each) !== at);
      expect(twice.filter((each) => each !== 'N')).toEqual([]);
    }
  });

  it('says in the help what every key does', () => {
    const bound = new Set(Object.values(BINDINGS).flat());
    expect([...bound].filter((each) => !ALL_BINDINGS.includes(each))).toEqual([]);
    expect(ALL_BINDINGS.every(({ keys }) => keys.length <= 9)).toBe(true);
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
    expect(pressesOf('', { ...NONE, escape: true, meta: true })).toHaveLength(1);
  });
});
