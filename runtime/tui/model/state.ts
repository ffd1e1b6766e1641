import type { ManifestError } from '../../client/index.ts';
import type { Glyphs } from '../theme.ts';
import type { Action, ActionVerb, Target } from './action.ts';
import type { ListPage, LogRange, ObjectPage, TextPage } from './message.ts';
import type { Moves } from './moves.ts';

/** Where the cursor stands in a list: on an object, so that it stays there when the list moves. */
export interface Cursor {
  readonly key?: string;
  /** Its row when it was last moved; where the cursor falls when its object is gone. */
  readonly at: number;
  /** First visible row. */
  readonly offset: number;
}

export interface Sort {
  /** Head of the column. */
  readonly column: string;
  readonly descending: boolean;
}

/** A list of one kind's objects. */
export interface TableView {
  readonly type: 'table';
  /** `pods`, `deployments.apps` */
  readonly resource: string;
  /** Empty = all namespaces. */
  readonly namespace: string;
  readonly filter: string;
  readonly cursor: Cursor;
  /** By namespace and name when absent. */
  readonly sort?: Sort;
  /** Narrows the list to what an object owns, selects or runs. */
  readonly scope?: Scope;
  readonly wide?: boolean;
  /** Only what is not at its goal. */
  readonly faults?: boolean;
  /** Keys of the objects that actions are for, in place of the one under the cursor. */
  readonly marks?: readonly string[];
}

/** A list of something else: goals, kinds, sleepers, queues, journal records. */
export interface PageView {
  readonly type: 'page';
  readonly page: ListPage;
  /** What the page is about, for pages about one thing. */
  readonly subject?: Target;
  readonly filter: string;
  readonly cursor: Cursor;
  readonly sort?: Sort;
  readonly wide?: boolean;
  /** Only what differs or is not at its goal, on pages that know. */
  readonly faults?: boolean;
  /** What is listed beside what can be worked out: what a drain was refused. */
  readonly refusals?: readonly ManifestError[];
  /** Keys of the branches of a tree that are folded. */
  readonly folded?: readonly string[];
}

/** Why only some objects are shown: pods of a node, of a workload, of a service. */
export interface Scope {
  readonly title: string;
  readonly by: 'owner' | 'node' | 'labels';
  /** uid of the owner, name of the node, or a label selector as text. */
  readonly value: string;
}

/** Where a text is scrolled to, and what is looked for in it. */
interface Reading {
  readonly offset: number;
  /** Cells scrolled to the right. */
  readonly column: number;
  readonly search: string;
}

export interface ObjectView extends Reading {
  readonly type: 'object';
  readonly page: ObjectPage;
  readonly resource: string;
  readonly key: string;
  readonly managedFields?: boolean;
}

export interface TextView extends Reading {
  readonly type: 'text';
  readonly page: TextPage;
  /** Which outcome is shown, by `outcomeKey`, and what it may be one of beside those that can be worked out. */
  readonly outcome?: string;
  readonly refusals?: readonly ManifestError[];
}

/** What containers have written; kept up to date while it is looked at. */
export interface LogView extends Reading {
  readonly type: 'log';
  readonly title: string;
  /** Pods, each with the container that is asked for, or with all. */
  readonly pods: readonly { readonly key: string; readonly container?: string }[];
  readonly previous: boolean;
  readonly range: LogRange;
  /** Stays at the end when more is written. */
  readonly follows: boolean;
  readonly timestamps: boolean;
  readonly wraps: boolean;
  /** Virtual times at which the reader made a mark. */
  readonly marks?: readonly number[];
  /** Lines written before this virtual time are not shown: they were cleared away. */
  readonly clearedMs?: number;
}

export type ListView = TableView | PageView;
export type ReadView = ObjectView | TextView | LogView;
export type View = ListView | ReadView;

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
}

/** Asks before something is done. */
export interface Dialog {
  /** Of the button that does it. */
  readonly verb: ActionVerb;
  readonly question: string;
  /** What else there is to know. */
  readonly notes: readonly string[];
  readonly fields: readonly DialogField[];
  /** Where the keys go: `cancel`, `ok`, or the place of a field. */
  readonly focus: 'cancel' | 'ok' | number;
  readonly action: Action;
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
}

export const TOP: Cursor = { at: 0, offset: 0 };
export const HOME: PageView = { type: 'page', page: 'convergence', filter: '', cursor: TOP };

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
  };
}

/** Whether what is looked at may be changed. */
export function mayChange({ isReadonly, copy }: State): boolean {
  return !isReadonly || copy !== undefined;
}

export function currentView(state: State): View {
  return state.views.at(-1) ?? HOME;
}

export function isList(view: View): view is ListView {
  return view.type === 'table' || view.type === 'page';
}

/** Whether it is shown as tiles; as a table where wide columns are wanted. */
export function isTiled(view: View): view is PageView {
  return view.type === 'page' && view.page === 'pulses' && !view.wide;
}

/** Whether its rows are branches that can be folded. */
export function isTree(view: View): boolean {
  return view.type === 'page' && (view.page === 'xray' || view.page === 'flows');
}

export function tableView(resource: string, namespace: string, scope?: Scope): TableView {
  return {
    type: 'table',
    resource,
    namespace,
    filter: '',
    cursor: TOP,
    ...(scope ? { scope } : {}),
  };
}

export function objectView(page: ObjectPage, resource: string, key: string): ObjectView {
  return { type: 'object', page, resource, key, offset: 0, column: 0, search: '' };
}

export function textView(page: TextPage): TextView {
  return { type: 'text', page, offset: 0, column: 0, search: '' };
}

export function pageView(page: ListPage, subject?: Target): PageView {
  return { ...HOME, page, ...(subject ? { subject } : {}) };
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
