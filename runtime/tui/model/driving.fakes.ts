import type { Key } from 'ink';
import { messageFor, pressesOf } from '../keys.ts';
import { UNICODE_GLYPHS } from '../theme.ts';
import { frame } from '../views/frame.ts';
import { initialState, type State } from './state.ts';
import { plain } from './text.ts';
import { type Effect, focusOf, update } from './update.ts';
import { momentOf, type World } from './world.ts';

const NAMED: Readonly<Record<string, Partial<Key>>> = {
  enter: { return: true },
  esc: { escape: true },
  tab: { tab: true },
  up: { upArrow: true },
  down: { downArrow: true },
  left: { leftArrow: true },
  right: { rightArrow: true },
  backspace: { backspace: true },
  pgdn: { pageDown: true },
};

interface Size {
  readonly columns?: number;
  readonly rows?: number;
  readonly glyphs?: State['glyphs'];
}

/** Someone at the keys, without a terminal: what they type changes the state, and they see frames. */
export class Person {
  state: State;
  readonly effects: Effect[] = [];
  readonly #world: World;

  constructor(world: World, { columns = 80, rows = 24, glyphs = UNICODE_GLYPHS }: Size = {}) {
    this.#world = world;
    this.state = initialState(columns, rows, glyphs);
  }

  /** Words in angle brackets are keys, `<enter>`, `<ctrl-d>`, `<shift-left>`; the rest is typed letter by letter. */
  type(text: string): this {
    for (const [part] of text.matchAll(/<[a-z][a-z-]*>|[^<]+|</g)) this.#press(part);
    return this;
  }

  get screen(): string {
    return this.lines.join('\n');
  }

  get lines(): string[] {
    return frame(this.state, momentOf(this.#world)).map(plain);
  }

  #press(part: string): void {
    this.#notice();
    const name = /^<([a-z-]+)>$/.exec(part)?.[1];
    const presses = name === undefined ? pressesOf(part, {} as Key) : [named(name)];
    for (const press of presses) {
      const world = momentOf(this.#world);
      const message = messageFor(press, focusOf(this.state));
      if (!message) continue;
      const next = update(this.state, message, world);
      this.state = next.state;
      if (next.effect) this.effects.push(next.effect);
    }
    this.#notice();
  }

  #notice(): void {
    this.state = update(this.state, { type: 'changed' }, momentOf(this.#world)).state;
  }
}

function named(name: string): { input: string; key: Key } {
  const [, modifier, rest = name] = /^(ctrl|shift)-(.+)$/.exec(name) ?? [];
  const flags = modifier === undefined ? {} : { [modifier]: true };
  const known = NAMED[rest];
  return { input: known ? '' : rest, key: { ...known, ...flags } as Key };
}
