import { any, control, controlBackslash, letter, type When } from '../press.ts';

/** What shift makes of the digits, on the keyboard that k9s counts on. */
const SHIFTED_DIGITS = ')!@#$%^&*(';
/** Keys that terminals do not tell apart from others, or without which nobody gets out. */
const NEVER = new Set(['ctrl-i', 'ctrl-m', 'ctrl-[', 'ctrl-c', ':', '?']);

export interface Shortcut {
  /** As keys are shown here: `b`, `B`, `ctrl-y`. */
  readonly key: string;
  readonly when: When;
}

/** A key as k9s' files name it: `b`, `Shift-B`, `Ctrl-Y`, `Shift-0`. A text says what is wrong with it. */
export function shortcut(text: string): Shortcut | string {
  const key = shownKey(text.trim());
  if (key === undefined) return `${text} is no key: say b, Shift-B, Ctrl-Y or Shift-0`;
  if (NEVER.has(key)) return `${text} cannot be had`;
  return { key, when: whenOf(key) };
}

function shownKey(text: string): string | undefined {
  const [, modifier = '', rest = text] = /^(shift|ctrl)-(.)$/i.exec(text) ?? [];
  if ([...rest].length !== 1 || /\s/.test(rest)) return undefined;
  switch (modifier.toLowerCase()) {
    case 'ctrl':
      return /[a-z[\\]/i.test(rest) ? `ctrl-${rest.toLowerCase()}` : undefined;
    case 'shift':
      return /\d/.test(rest) ? SHIFTED_DIGITS[Number(rest)] : rest.toUpperCase();
    default:
      return rest;
  }
}

function whenOf(key: string): When {
  if (key === 'ctrl-\\') return controlBackslash;
  return key.startsWith('ctrl-') ? any(control(key.slice(5))) : letter(key);
}
