import { render } from 'ink';
import type { TuiOptions } from '../index.tsx';
import type { World } from '../model/world.ts';
import { SettingsFolder, settingsFolder } from '../settings/index.ts';
import { App } from './app.tsx';
import { type Editor, editorOf, runEditor } from './editor.ts';
import { onTerminal } from './program.ts';
import type { Terminal } from './terminal.ts';

const FRAMES_A_SECOND = 12;

export interface Opened {
  readonly closed: Promise<void>;
  close(): void;
}

/** Opens the screen on a terminal that was entered. Whatever ends it, the terminal is as it was before. */
export function open(world: World, terminal: Terminal, options: TuiOptions): Opened {
  const redraw = (): void => {
    if (!terminal.isBorrowed) return;
    app.clear();
    terminal.clear();
  };
  let isOver = false;
  /** Over when whoever has the terminal has done with it. */
  let lent: Promise<unknown> = Promise.resolve();
  const away = async <T,>(use: () => Promise<T>): Promise<T> => {
    terminal.leave();
    try {
      const using = use();
      lent = using.catch(() => {});
      return await using;
    } finally {
      // Who was told to end meanwhile has given it back for good.
      if (!isOver) terminal.enter();
    }
  };
  const editor: Editor = (file) => away(() => runEditor(editorOf(process.env), file));
  const settings = new SettingsFolder(settingsFolder(process.env));
  settings.read();
  const app = render(
    <App
      world={world}
      look={options}
      settings={settings}
      redraw={redraw}
      copy={(text) => terminal.copy(text)}
      editor={editor}
      program={(call) => away(() => onTerminal(call))}
      isReadonly={options.readonly}
      stopwatch={options.stopwatch}
    />,
    {
      exitOnCtrlC: false,
      incrementalRendering: true,
      interactive: true,
      maxFps: FRAMES_A_SECOND,
      patchConsole: false,
    },
  );
  const forget = listen({
    leave() {
      isOver = true;
      app.unmount();
      terminal.leave();
    },
    gone() {
      isOver = true;
      app.unmount();
    },
    redraw,
    ...stops(terminal),
  });
  const closed = app.waitUntilExit().then(async () => void (await lent));
  return {
    closed: closed.finally(() => {
      isOver = true;
      terminal.leave();
      forget();
    }),
    close() {
      isOver = true;
      app.unmount();
    },
  };
}

/** What a process is told that has to do with its terminal. */
interface Listener {
  leave(): void;
  /** There is nobody at the terminal any more. */
  gone(): void;
  redraw(): void;
  stop(): void;
  goOn(): void;
}

function listen({ leave, gone, redraw, stop, goOn }: Listener): () => void {
  const { stdout } = process;
  // What a terminal does with its lines when it is resized is its own affair: begin anew, before Ink looks.
  stdout.prependListener('resize', redraw);
  process.once('exit', leave);
  // An error is printed after this and before 'exit': it has to be readable on the screen that stays.
  process.once('uncaughtExceptionMonitor', leave);
  // A terminal that has gone without a word is read to its end, and fails from then on, as often as it is asked for something.
  const { stdin } = process;
  stdin.on('end', gone);
  stdin.on('error', gone);
  stdout.on('error', gone);
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', goOn);
  const giveWarnings = keepWarnings();
  return () => {
    giveWarnings();
    stdout.off('resize', redraw);
    process.off('exit', leave);
    process.off('uncaughtExceptionMonitor', leave);
    stdin.off('end', gone);
    process.off('SIGTSTP', stop);
    process.off('SIGCONT', goOn);
  };
}

/** What Node warns of would be written over the frame: it is kept until the screen is left. Returns the way to tell it. */
function keepWarnings(): () => void {
  const own = process.listeners('warning');
  const kept: Error[] = [];
  const keep = (warning: Error): void => void kept.push(warning);
  process.removeAllListeners('warning');
  process.on('warning', keep);
  return () => {
    process.off('warning', keep);
    for (const listener of own) process.on('warning', listener);
    for (const warning of kept) for (const listener of own) listener(warning);
  };
}

/** Job control: who is stopped gives the terminal back before, and takes it again when it goes on, whatever became of it. */
function stops(terminal: Terminal): Pick<Listener, 'stop' | 'goOn'> {
  let isStopped = false;
  return {
    stop() {
      isStopped = terminal.isBorrowed;
      if (isStopped) terminal.lend();
      process.kill(process.pid, 'SIGSTOP');
    },
    goOn() {
      if (!isStopped && !terminal.isBorrowed) return;
      isStopped = false;
      terminal.takeBack();
      // Its size may be another: Node looks only when it is told.
      process.emit('SIGWINCH', 'SIGWINCH');
      process.stdout.emit('resize');
    },
  };
}
