import { type Key, useAnimation, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { TuiOptions } from '../index.tsx';
import { messageFor, TAKES_TEXT } from '../keys.ts';
import { traitsAt } from '../model/actions.ts';
import { logQuestion } from '../model/log.ts';
import type { Message } from '../model/message.ts';
import { restored, resumed } from '../model/persist.ts';
import { isOfShell, runningProcesses } from '../model/shell.ts';
import { initialState, type State } from '../model/state.ts';
import { type Effect, focusOf, update } from '../model/update.ts';
import { usageQuestion } from '../model/usage.ts';
import { momentOf, type Usage, type World } from '../model/world.ts';
import { ownAt } from '../own-keys.ts';
import { pressesOf } from '../press.ts';
import type { Settings } from '../settings/index.ts';
import { type Look, themeFor } from '../theme.ts';
import { frame } from '../views/frame.ts';
import { tryOut, worldOf } from './copies.ts';
import type { Editor } from './editor.ts';
import { BEAT_MS, FRAME_MS, mayLook } from './pacing.ts';
import { type Lent, perform, readLog, said } from './perform.ts';
import { Processes } from './processes.ts';
import { Screen } from './screen.tsx';
import { type SettingsSource, useSettings } from './settings.ts';
import { useUsage } from './usage.ts';

const STANDING = (): (() => number) => () => 0;
const FLASH_TICK_MS = 2000;
const FLASH_TICKS = 3;

interface AppProps {
  readonly world: World;
  readonly look: Look;
  readonly settings?: SettingsSource;
  /** Empties the terminal, so that the next frame is drawn whole. */
  readonly redraw: () => void;
  /** Puts a text into the clipboard of the terminal's user. */
  readonly copy: (text: string) => void;
  /** Lets the user change a file; the terminal is the editor's meanwhile. */
  readonly editor: Editor;
  /** Runs a program on the terminal, which is the program's meanwhile. */
  readonly program: Lent['program'];
  readonly isReadonly?: boolean;
  /** Tells what a frame costs, so that a large cluster still gets most of the time for its work. */
  readonly stopwatch?: TuiOptions['stopwatch'];
}

/** The shell: keys become messages, messages states, states frames. What is not a change of state happens here. */
export function App({ world: cluster, look, redraw, copy, ...options }: AppProps) {
  const { isReadonly, stopwatch = STANDING, editor, program } = options;
  const { exit, suspendTerminal } = useApp();
  const { columns, rows } = useWindowSize();
  const frameMs = useRef(0);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const own = useSettings(
    options.settings,
    () => {
      moment.renew();
      draw();
    },
    (message) => {
      send(message);
      draw();
    },
  );
  const { skin } = own;
  const theme = useMemo(() => themeFor({ ...look, skin }), [look, skin]);
  const moment = useMoment(cluster, frameMs, own.current);
  const copies = useCopies(cluster, moment);
  const state = useRef<State>(
    restored(initialState(columns, rows, theme.glyphs, isReadonly), own.current().screen),
  );
  const resume = useRef(own.current().screen?.command);
  const processes = useProcesses((message) => {
    send(message);
    draw();
  });
  const send = (message: Message): void => {
    const next = update(state.current, message, moment.current());
    state.current = next.state;
    processes.keep(runningProcesses(next.state));
    const { effect } = next;
    if (effect?.type === 'quit') exit();
    else if (effect?.type === 'redraw') redraw();
    else if (effect?.type === 'copy') copy(effect.text);
    else if (effect?.type === 'copy-of') {
      void copies.enter(effect).then((answers) => {
        for (const answer of answers) send(answer);
        draw();
      });
    } else if (effect && isOfShell(effect)) processes.perform(effect, moment.world());
    else if (effect?.type === 'skin') own.choose(effect.name);
    else if (effect?.type === 'persist') send(own.keep(effect.screen));
    else if (effect?.type === 'now') {
      copies.leave();
      send({ type: 'left' });
    } else if (effect) {
      const lent: Lent = {
        editor: (file) => suspendTerminal(() => editor(file)),
        program: (call) => suspended(suspendTerminal, () => program(call)),
      };
      void perform(effect, moment.world(), lent).then((answer) => {
        moment.renew();
        if (answer) send(answer);
        draw();
      });
    }
  };

  useInput((input: string, key: Key) => {
    for (const press of pressesOf(input, key)) {
      const traits = traitsAt(state.current, moment.current());
      const mine = ownAt(state.current, moment.current());
      const message = messageFor(press, focusOf(state.current), traits, mine);
      if (message) send(message);
    }
    draw();
  });
  usePaste((text: string) => {
    if (TAKES_TEXT.has(focusOf(state.current))) send({ type: 'typed', text });
    draw();
  });

  if (state.current.columns !== columns || state.current.rows !== rows)
    state.current = { ...state.current, columns, rows };
  state.current = update(state.current, { type: 'changed' }, moment.current()).state;
  const next = resumed(state.current, resume.current, moment.current());
  if (next || state.current.isInUse) resume.current = undefined;
  state.current = next ?? state.current;
  const [shown, seen] = [state.current, moment.current()];
  useLog(shown, seen, (answer) => {
    send(answer);
    draw();
  });
  useUsage({ question: usageQuestion(shown, seen), moment, stopwatch }, draw);
  useBeat((shown.moves?.marked.size ?? 0) > 0, () => {
    send({ type: 'beat' });
    draw();
  });
  useFlashEnd(shown.flash, () => {
    send({ type: 'flash-over' });
    draw();
  });
  const lines = useMemo(() => {
    const elapsed = stopwatch();
    const drawn = frame(shown, seen);
    frameMs.current = Math.max(frameMs.current, elapsed());
    return drawn;
  }, [shown, seen, stopwatch]);
  return <Screen lines={lines} theme={theme} />;
}

/** Tells of the time that passes while something waits for it. */
function useBeat(isWaiting: boolean, tell: () => void): void {
  const { frame: beat } = useAnimation({ interval: BEAT_MS, isActive: isWaiting });
  const last = useRef(0);
  useEffect(() => {
    if (isWaiting && beat > 0 && beat !== last.current) tell();
    last.current = beat;
  });
}

/** What comes of what is done while the terminal is somebody else's. */
async function suspended(
  suspend: (use: () => Promise<void>) => Promise<void>,
  use: () => Promise<string>,
): Promise<string> {
  let said = '';
  await suspend(async () => {
    said = await use();
  });
  return said;
}

/** What is said is said for a while: six seconds at least, and eight at most. */
function useFlashEnd(flash: State['flash'], end: () => void): void {
  const { frame: tick } = useAnimation({
    interval: FLASH_TICK_MS,
    isActive: flash !== undefined,
  });
  const shown = useRef<{ flash: State['flash']; tick: number }>({ flash, tick });
  useEffect(() => {
    if (shown.current.flash !== flash) shown.current = { flash, tick };
    else if (flash && tick - shown.current.tick > FLASH_TICKS) end();
  });
}

/** Lets copies of the cluster be looked at in its place; from one moment to the next, so that no key reaches the wrong one. */
function useCopies(cluster: World, moment: Moment) {
  const copy = useRef<{ readonly world: World; stop(): Promise<void> }>(undefined);
  const show = (next: typeof copy.current): void => {
    void copy.current?.stop();
    copy.current = next;
    moment.turnTo(next?.world ?? cluster);
  };
  useEffect(() => () => void copy.current?.stop(), []);
  return {
    leave: () => show(undefined),
    async enter({ of, text, trial }: Extract<Effect, { type: 'copy-of' }>): Promise<Message[]> {
      try {
        const taken = await cluster.copy(of);
        const entered = { world: worldOf(taken), stop: () => taken.stop() };
        const outcome = trial ? await said(tryOut(trial, entered.world)) : undefined;
        show(entered);
        const went = outcome?.type === 'flash' && outcome.tone !== 'error';
        const compares = trial !== undefined && went;
        return [{ type: 'entered', copy: text, compares }, ...(outcome ? [outcome] : [])];
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return [{ type: 'flash', text: why, tone: 'error' }];
      }
    },
  };
}

/** The processes that shells run; they are left with the screen. */
function useProcesses(tell: (message: Message) => void): Processes {
  const latest = useRef(tell);
  latest.current = tell;
  const [processes] = useState(() => new Processes((message) => latest.current(message)));
  useEffect(() => () => processes.keep(new Set()), [processes]);
  return processes;
}

/** Asks for the log that is shown, whenever another is or something has changed; one question at a time. */
function useLog(state: State, moment: World, tell: (answer: Message) => void): void {
  const question = logQuestion(state, moment);
  const asked = useRef<{ id?: string; moment?: World; isUnderWay: boolean }>({ isUnderWay: false });
  useEffect(() => {
    const { id, moment: before, isUnderWay } = asked.current;
    if (!question || isUnderWay || (id === question.id && before === moment)) return;
    asked.current = { id: question.id, moment, isUnderWay: true };
    void readLog(question, moment).then((answer) => {
      asked.current.isUnderWay = false;
      tell(answer);
    });
  });
}

export interface Moment {
  /** Itself, as it goes on. */
  world(): World;
  /** As it was last looked at. */
  current(): World;
  /** Another world is looked at from now on. */
  turnTo(world: World): void;
  renew(): void;
  /** The world as it was last looked at, and what is used in it. */
  measure(usage: Usage): void;
}

/**
 * The world as last looked at: looked at again after changes, at most once a frame, and never while nothing changes. `frameMs`
 * is what frames cost since then: the next look waits so long that they keep to their share of the time.
 */
function useMoment(first: World, frameMs: { current: number }, settings: () => Settings): Moment {
  const [world, setWorld] = useState(first);
  const [waiting, setWaiting] = useState(false);
  const isStale = useRef(false);
  const latest = useRef(settings);
  latest.current = settings;
  const moment = useRef(momentOf(first, { settings: settings() }));
  const source = useRef(first);
  const usage = useRef<Usage>(undefined);
  const renew = (): void => {
    isStale.current = false;
    moment.current = momentOf(source.current, { usage: usage.current, settings: latest.current() });
  };
  const { frame: tick } = useAnimation({ interval: FRAME_MS, isActive: waiting });
  const lastTick = useRef(0);
  const ticksWaited = useRef(0);
  useEffect(
    () =>
      world.control.onChange(() => {
        isStale.current = true;
        setWaiting(true);
      }),
    [world],
  );
  if (waiting && tick > 0 && tick !== lastTick.current && isStale.current) {
    ticksWaited.current++;
    if (mayLook(ticksWaited.current, frameMs.current)) {
      ticksWaited.current = 0;
      frameMs.current = 0;
      renew();
    }
  }
  lastTick.current = tick;
  useEffect(() => {
    if (waiting && tick > 0 && !isStale.current) setWaiting(false);
  }, [waiting, tick]);
  const turnTo = (next: World): void => {
    source.current = next;
    usage.current = undefined;
    renew();
    setWorld(next);
  };
  const measure = (measured: Usage): void => {
    usage.current = measured;
    moment.current = momentOf(moment.current, { usage: measured });
  };
  return { world: () => source.current, current: () => moment.current, renew, turnTo, measure };
}
