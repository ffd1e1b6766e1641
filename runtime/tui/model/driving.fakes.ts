import type { Key } from 'ink';
import { messageFor } from '../keys.ts';
import { ownAt } from '../own-keys.ts';
import { pressesOf } from '../press.ts';
import { UNICODE_GLYPHS } from '../theme.ts';
import { frame } from '../views/frame.ts';
import { traitsAt } from './actions.ts';
import type { LogQuestion } from './log.ts';
import { logQuestion } from './log.ts';
import { initialState, type LogLine, type State } from './state.ts';
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
  pgup: { pageUp: true },
};

interface Size {
  readonly columns?: number;
  readonly rows?: number;
  readonly glyphs?: State['glyphs'];
  readonly isReadonly?: boolean;
  /** What the server would answer. */
  readonly logOf?: (question: LogQuestion) => readonly LogLine[];
}

/** Someone at the keys, without a terminal: what they type changes the state, and they see frames. */
export class Person {
  state: State;
  readonly effects: Effect[] = [];
  readonly #world: World;
  readonly #logOf: NonNullable<Size['logOf']>;

  constructor(
    world: World,
    {
      columns = 80,
      rows = 24,
      glyphs = UNICODE_GLYPHS,
      isReadonly = false,
      logOf = () => [],
    }: Size = {},
  ) {
    this.#world = world;
    this.#logOf = logOf;
    this.state = initialState(columns, rows, glyphs, isReadonly);
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
      const message = messageFor(
        press,
        focusOf(this.state),
        traitsAt(this.state, world),
        ownAt(this.state, world),
      );
      if (!message) continue;
      const next = update(this.state, message, world);
      this.state = next.state;
      if (next.effect) this.effects.push(next.effect);
    }
    this.#notice();
  }

  #notice(): void {
    const world = momentOf(this.#world);
    this.state = update(this.state, { type: 'changed' }, world).state;
    const question = logQuestion(this.state, world);
    if (!question) return;
    const read = { type: 'log-read', id: question.id, lines: this.#logOf(question) } as const;
    this.state = update(this.state, read, world).state;
  }
}

function named(name: string): { input: string; key: Key } {
  const [, modifier, rest = name] = /^(ctrl|shift)-(.+)$/.exec(name) ?? [];
  const flags = modifier === undefined ? {} : { [modifier]: true };
  if (rest === 'space')
    return { input: modifier === 'ctrl' ? '`' : ' ', key: { ...flags } as unknown as Key };
  const known = NAMED[rest];
  return { input: known ? '' : rest, key: { ...known, ...flags } as Key };
}
