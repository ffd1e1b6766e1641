import type { ManifestError } from '../../client/index.ts';
import type { Glyphs } from '../theme.ts';
import type { Action, ActionVerb } from './action.ts';
import type { Moves } from './moves.ts';
import { HOME, type View } from './view.ts';

export interface Prompt {
  /** `value`: what an action still has to be told. */
  readonly kind: 'command' | 'filter' | 'value';
  readonly text: string;
  /** Which suggestion tab would take. */
  readonly suggestion: number;
  /** What is asked for, and the action that gets the answer as its option `value`. */
  readonly asks?: { readonly label: string; readonly action: Action };
}

/** One choice that a dialog offers. */
export interface DialogField {
  /** Name of the action's option. */
  readonly option: string;
  readonly label: string;
  readonly choices: readonly string[];
  readonly at: number;
  /** What is typed into it, in the place of choices. */
  readonly text?: string;
}

/** A program of the user's machine that is to be run. */
export interface ProgramCall {
  /** Of the plugin. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Without the terminal. */
  readonly isBackground: boolean;
}

/** Asks before something is done. */
export interface Dialog {
  /** Of the button that does it. */
  readonly verb: ActionVerb | 'run';
  readonly question: string;
  /** What else there is to know. */
  readonly notes: readonly string[];
  readonly fields: readonly DialogField[];
  /** Where the keys go: `cancel`, `ok`, or the place of a field. */
  readonly focus: 'cancel' | 'ok' | number;
  /** What is done: something to objects, or a program that is run. */
  readonly action?: Action;
  readonly run?: ProgramCall;
  /** Why it cannot be done as it is. */
  readonly problem?: string;
}

export interface Flash {
  readonly text: string;
  readonly tone: 'info' | 'error';
}

/** One line of a log. */
export interface LogLine {
  readonly atMs: number;
  /** `pod/container` */
  readonly source: string;
  readonly text: string;
}

/** What became of the frames of the last save's mistakes. As text: the same mistakes are known again. */
export interface ErrorState {
  /** Those that were there at the last change. */
  readonly seen: string;
  /** Those that were waved away; others cover the view. */
  readonly dismissed: string;
  /** How far they are scrolled. */
  readonly offset: number;
}

/** All that the screen remembers. Plain data; `update` makes the next one. */
export interface State {
  readonly columns: number;
  readonly rows: number;
  readonly glyphs: Glyphs;
  /** Nothing that is asked for reaches the cluster; copies of it may be changed. */
  readonly isReadonly: boolean;
  /** The way here; the last one is shown. Never empty. */
  readonly views: readonly View[];
  /** The namespace that new lists begin with; empty = all. */
  readonly namespace: string;
  readonly prompt?: Prompt;
  readonly dialog?: Dialog;
  readonly flash?: Flash;
  /** Somebody has pressed a key: what greets newcomers is gone. */
  readonly isInUse: boolean;
  readonly errors: ErrorState;
  /** What has moved in the list that is shown. */
  readonly moves?: Moves;
  /** What was last read for the log that is shown; `id` tells for which question. */
  readonly log?: { readonly id: string; readonly lines: readonly LogLine[] };
  /** What the last drain was refused: nothing in the cluster tells of it afterwards. */
  readonly refusals: readonly ManifestError[];
  /** What the copy is of that is looked at instead of the cluster, in words. */
  readonly copy?: string;
  /** Only the view, without what is around it. */
  readonly full?: boolean;
  /** Without the way here. */
  readonly crumbless?: boolean;
  /** Without header and strip. */
  readonly headless?: boolean;
  /** Commands that were run, oldest first, and the one that `[` and `]` stand at. */
  readonly history: readonly string[];
  readonly historyAt: number;
  /** How many shells there were. */
  readonly shells: number;
}

export function initialState(
  columns: number,
  rows: number,
  glyphs: Glyphs,
  isReadonly = false,
): State {
  return {
    columns,
    rows,
    glyphs,
    isReadonly,
    views: [HOME],
    namespace: '',
    isInUse: false,
    refusals: [],
    errors: { seen: '', dismissed: '', offset: 0 },
    history: [],
    historyAt: 0,
    shells: 0,
  };
}

/** Whether what is looked at may be changed. */
export function mayChange({ isReadonly, copy }: State): boolean {
  return !isReadonly || copy !== undefined;
}

export function currentView(state: State): View {
  return state.views.at(-1) ?? HOME;
}

/** A copy without one of the optional parts. */
export function without<K extends 'prompt' | 'dialog' | 'flash' | 'copy'>(
  state: State,
  part: K,
): State {
  if (state[part] === undefined) return state;
  const { [part]: _, ...rest } = state;
  return rest as State;
}

export function pushView(state: State, view: View): State {
  return { ...state, views: [...state.views, view] };
}

export function replaceView(state: State, change: (view: View) => View): State {
  const view = currentView(state);
  const next = change(view);
  return next === view ? state : { ...state, views: [...state.views.slice(0, -1), next] };
}

export function flashed(state: State, text: string, tone: Flash['tone'] = 'info'): State {
  return { ...state, flash: { text, tone } };
}
