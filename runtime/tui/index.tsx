/**
 * The terminal screen: key → message → `update` → state → `frame` → Ink.
 *
 * `keys.ts` decodes keys and is the help; `model/` is pure (state, update, and the selection of rows and texts from the
 * world); `views/frame.ts` lays a whole screen out as lines; `components/` hands them to Ink. Everything but the last is
 * tested without a terminal.
 *
 * Invariant: the frame is a function of the state and the world, is exactly as wide as the terminal and one row shorter;
 * lists are windowed before they are laid out, so a frame costs the same for ten objects and for ten thousand.
 *
 * It reaches the cluster only through `Control` and listers: whoever opens it (cli) hands them in.
 */
import { render } from 'ink';
import { App } from './components/app.tsx';
import type { World } from './model/world.ts';
import { themeFor } from './theme.ts';

export type { World } from './model/world.ts';

export interface TuiOptions {
  readonly noColor: boolean;
  readonly ascii: boolean;
}

export interface Tui {
  /** Resolves when the user quits or `close` is called; the terminal is as it was. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Opens the screen on this process's terminal. */
export function startTui(world: World, options: TuiOptions): Tui {
  const app = render(<App world={world} theme={themeFor(options)} />, {
    alternateScreen: true,
    exitOnCtrlC: false,
    incrementalRendering: true,
    maxFps: 12,
    patchConsole: false,
  });
  return { closed: app.waitUntilExit().then(() => undefined), close: () => app.unmount() };
}
