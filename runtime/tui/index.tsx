/**
 * The terminal screen: key → message → `update` → state → `frame` → Ink.
 *
 * `keys.ts` decodes keys and is the help. `model/` is pure: the state, `update`, and what is selected from the world for
 * each view (lists of rows, lines of text). `views/` lays a whole screen out as lines. `components/` hands them to Ink and
 * does what is no change of state. Everything but the last is tested without a terminal.
 *
 * Invariant: the frame is a function of the state and of one moment of the world, is exactly as wide as the terminal and
 * one row shorter. Lists are windowed before they are laid out: a frame costs the same for ten objects and for ten
 * thousand.
 *
 * It reaches the cluster only through `Control` and listers; whoever opens it (cli) hands them in, and decides whether
 * there is a terminal at all. Left out: signals, which are the command's; it calls `close`.
 */
import { Terminal } from './components/terminal.ts';
import type { World } from './model/world.ts';
import type { ColourMode } from './theme.ts';

export type { World } from './model/world.ts';
export { type ColourMode, coloursOf, prefersAscii } from './theme.ts';

export interface TuiOptions {
  readonly colours: ColourMode;
  /** Only ASCII reaches the terminal. */
  readonly ascii: boolean;
  /** The cluster is only looked at; copies of it may be changed. */
  readonly readonly: boolean;
  /** Measures real work, in milliseconds. */
  stopwatch(): () => number;
}

export interface Tui {
  /** Resolves when the user quits or `close` is called; the terminal is as it was. Rejects when the screen failed. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Opens the screen on this process's terminal, which must be one. */
export function startTui(world: World, options: TuiOptions): Tui {
  const terminal = new Terminal(process);
  terminal.enter();
  let isClosed = false;
  const opening = loadForProduction(options.colours).then(({ open }) =>
    isClosed ? undefined : open(world, terminal, options),
  );
  return {
    closed: opening.then((opened) => opened?.closed).finally(() => terminal.leave()),
    close: () => {
      isClosed = true;
      void opening.then((opened) => opened?.close());
    },
  };
}

/**
 * React decides when it is loaded whether it is the one for development, which takes twice the time a frame, and what writes
 * styles how many colours there are: bold and inverse need the first level.
 */
async function loadForProduction(
  colours: ColourMode,
): Promise<typeof import('./components/open.tsx')> {
  const { NODE_ENV, FORCE_COLOR, NO_COLOR } = process.env;
  const before = { NODE_ENV, FORCE_COLOR, NO_COLOR };
  process.env.NODE_ENV = 'production';
  process.env.FORCE_COLOR = colours === 'true' ? '3' : '1';
  // Node warns of the two together, in the middle of the screen.
  delete process.env.NO_COLOR;
  try {
    return await import('./components/open.tsx');
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}
