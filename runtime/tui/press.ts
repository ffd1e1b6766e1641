import type { Key } from 'ink';

/** One key as Ink reports it. */
export interface Press {
  readonly input: string;
  readonly key: Key;
}

/** Whether a key press is one that is meant. */
export type When = (press: Press) => boolean;

export const letter =
  (...letters: string[]): When =>
  ({ input, key }) =>
    letters.includes(input) && !key.ctrl && !key.meta;

export const control =
  (...names: string[]): When =>
  ({ input, key }) =>
    key.ctrl && names.includes(input);

export const special =
  (...names: readonly (keyof Key)[]): When =>
  ({ key }) =>
    !key.shift && names.some((name) => key[name]);

export const shifted =
  (name: keyof Key): When =>
  ({ key }) =>
    key.shift && key[name] === true;

export const any =
  (...conditions: readonly When[]): When =>
  (press) =>
    conditions.some((holds) => holds(press));

/** Ctrl-space, as terminals send it (NUL) and as Ink reports that. */
export const controlSpace: When = ({ input, key }) =>
  input === '\u0000' || (key.ctrl && (input === '`' || input === ' ' || input === '@'));

/** Ctrl-\. */
export const controlBackslash: When = ({ input, key }) =>
  input === '\u001c' || (key.ctrl && (input === '\\' || input === '|'));

/**
 * Keys typed faster than they are read arrive as one input of several characters: each is a key of its own. A key right
 * after escape arrives as that key with meta, escape itself too; nothing here is bound to meta, so it is the two again.
 */
export function pressesOf(input: string, key: Key): readonly Press[] {
  const { meta, ...rest } = key;
  if (meta && (input !== '' || key.escape)) {
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
  if (character === '\u007f') return { input: '', key: { ...key, backspace: true } };
  const code = character.charCodeAt(0);
  if (code >= CONTROL_A && code <= CONTROL_Z)
    return { input: String.fromCharCode(code + 96), key: { ...key, ctrl: true } };
  return { input: character, key: { ...key, shift: /^[A-Z]$/.test(character) } };
}
