import { render } from 'ink';
import type { World } from '../model/world.ts';
import { themeFor } from '../theme.ts';
import { App } from './app.tsx';
import type { Terminal } from './terminal.ts';

const FRAMES_A_SECOND = 12;

export interface Opened {
  readonly closed: Promise<void>;
  close(): void;
}

/** Opens the screen on a terminal that was entered. Whatever ends it, the terminal is as it was before. */
export function open(
  world: World,
  terminal: Terminal,
  options: { noColor: boolean; ascii: boolean },
): Opened {
  const { stdout } = process;
  const redraw = (): void => {
    app.clear();
    terminal.clear();
  };
  const copy = (text: string): void => terminal.copy(text);
  const theme = themeFor(options);
  const app = render(<App world={world} theme={theme} redraw={redraw} copy={copy} />, {
    exitOnCtrlC: false,
    incrementalRendering: true,
    interactive: true,
    maxFps: FRAMES_A_SECOND,
    patchConsole: false,
  });
  const leave = (): void => {
    app.unmount();
    terminal.leave();
  };
  // What a terminal does with its lines when it is resized is its own affair: begin anew, before Ink looks.
  stdout.prependListener('resize', redraw);
  process.once('exit', leave);
  // An error is printed after this and before 'exit': it has to be readable on the screen that stays.
  process.once('uncaughtExceptionMonitor', leave);
  const closed = app.waitUntilExit().then(() => undefined);
  return {
    closed: closed.finally(() => {
      stdout.off('resize', redraw);
      process.off('exit', leave);
      process.off('uncaughtExceptionMonitor', leave);
      terminal.leave();
    }),
    close: () => app.unmount(),
  };
}
