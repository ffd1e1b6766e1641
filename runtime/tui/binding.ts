import type { Message } from './model/message.ts';
import type { Trait } from './model/traits.ts';
import type { When } from './press.ts';

/** Where the keys go: to the view, to the line being typed, or to the question being asked. */
export type Focus = 'list' | 'text' | 'log' | 'shell' | 'prompt' | 'dialog' | 'form';

export interface Binding {
  /** As shown in the help. */
  readonly keys: string;
  readonly does: string;
  readonly group: Group;
  readonly when: When;
  readonly message: Message;
  /** Means something only on what has this trait. */
  readonly on?: Trait;
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
  'Actions',
  'Yours',
  'Movement',
  'Lists',
  'Texts',
  'Logs',
  'Shell',
  'Time',
  'Prompt',
  'Dialog',
] as const;
export type Group = (typeof GROUPS)[number];

export type Entry = readonly [
  keys: string,
  does: string,
  when: When,
  message: Message,
  hint?: string,
  expendable?: number,
];

export const group = (name: Group, entries: readonly Entry[], on?: Trait): readonly Binding[] =>
  entries.map(([keys, does, when, message, word, expendable = 0]) => ({
    keys,
    does,
    group: name,
    when,
    message,
    ...(on === undefined ? {} : { on }),
    ...(word === undefined ? {} : { hint: { word, expendable } }),
  }));
