import { useApp, useInput, useWindowSize } from 'ink';
import { useEffect, useReducer, useRef } from 'react';
import { messageFor } from '../keys.ts';
import { initialState, type State } from '../model/state.ts';
import { confirmedObject, type Effect, update, without } from '../model/update.ts';
import { kindById, type World } from '../model/world.ts';
import type { Theme } from '../theme.ts';
import { frame } from '../views/frame.ts';
import { Screen } from './screen.tsx';

const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 60, 600];

/** The shell: keys become messages, messages states, states frames. What is not a state change happens here. */
export function App({ world, theme }: { world: World; theme: Theme }) {
  const { exit } = useApp();
  const { columns, rows } = useWindowSize();
  const state = useRef<State>(initialState(columns, rows));
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  useEffect(() => world.control.onChange(redraw), [world]);
  state.current = { ...state.current, columns, rows };

  useInput((input, key) => {
    const { prompt, confirm } = state.current;
    const focus = { prompt: prompt !== undefined, confirm: confirm !== undefined };
    const message = messageFor(input, key, focus);
    if (!message) return;
    const next = update(state.current, message, world);
    state.current = next.state;
    if (next.effect === 'quit') exit();
    else if (next.effect) void perform(next.effect);
    redraw();
  });

  async function perform(effect: Exclude<Effect, 'quit'>): Promise<void> {
    const { control } = world;
    const { mode, speed } = control.clock();
    if (effect === 'pause') control.setMode(mode === 'paused' ? 'eager' : 'paused');
    if (effect === 'step') {
      if (mode !== 'paused') control.setMode('paused');
      await control.step();
    }
    if (effect === 'real') changeSpeed(1);
    if (effect === 'slower') changeSpeed(SPEEDS[Math.max(0, speedAt(mode, speed) - 1)] ?? 1);
    if (effect === 'faster') {
      const faster = SPEEDS[speedAt(mode, speed) + 1];
      if (faster === undefined) control.setMode('eager');
      else changeSpeed(faster);
    }
    if (effect === 'delete') await removeConfirmed();
    redraw();
  }

  function changeSpeed(speed: number): void {
    world.control.setSpeed(speed);
    world.control.setMode('real');
  }

  async function removeConfirmed(): Promise<void> {
    const object = confirmedObject(state.current, world);
    const kind = state.current.confirm && kindById(world, state.current.confirm.resource);
    state.current = without(state.current, 'confirm');
    if (!object || !kind) return;
    try {
      await world.remove(kind.ref, object);
      const text = `${kind.descriptor.singular} ${object.metadata.name} is being deleted`;
      state.current = { ...state.current, flash: { text, tone: 'info' } };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      state.current = { ...state.current, flash: { text, tone: 'error' } };
    }
  }

  return <Screen lines={frame(state.current, world, theme.glyphs)} theme={theme} />;
}

function speedAt(mode: string, speed: number): number {
  if (mode === 'eager') return SPEEDS.length;
  const at = SPEEDS.findIndex((each) => each >= speed);
  return at < 0 ? SPEEDS.length - 1 : at;
}
