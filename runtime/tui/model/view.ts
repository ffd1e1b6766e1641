import type { ContainerTarget, ManifestError } from '../../client/index.ts';
import type { Target } from './action.ts';
import type { ListPage, LogRange, ObjectPage, TextPage } from './message.ts';
import type { Line, Tone } from './text.ts';

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
  /** Columns that were moved past. */
  readonly pan?: number;
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
  /** Columns that were moved past. */
  readonly pan?: number;
  /** Only what differs or is not at its goal, on pages that know. */
  readonly faults?: boolean;
  /** What is listed beside what can be worked out: what a drain was refused. */
  readonly refusals?: readonly ManifestError[];
  /** What is in a folder, as it was read. */
  readonly entries?: readonly DirEntry[];
  /** Keys of the branches of a tree that are folded. */
  readonly folded?: readonly string[];
}

/** What is in a folder of this machine. */
export interface DirEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly bytes?: number;
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
  /** The text as it was when it was told to stay as it is. */
  readonly held?: readonly Line[];
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

/** A line of what processes wrote, and of what was typed. */
export interface ShellLine {
  readonly text: string;
  readonly tone: Tone;
}

/** A container to type commands to, or what its own process writes. */
export interface ShellView extends Reading {
  readonly type: 'shell';
  readonly id: string;
  readonly door: 'exec' | 'attach';
  readonly target: ContainerTarget;
  readonly lines: readonly ShellLine[];
  /** The last line has not ended yet. */
  readonly isOpen: boolean;
  /** What is being typed. */
  readonly input: string;
  /** What was typed before, oldest first, and where the arrows stand in it. */
  readonly typed: readonly string[];
  readonly typedAt: number;
  /** What lines did to their shells, done again for each line. */
  readonly kept: readonly string[];
  /** The line that runs, or ran last. */
  readonly running?: string;
  /** How many processes it has had; the last of them runs, or none does. */
  readonly runs: number;
  readonly isRunning: boolean;
  /** The next escape leaves. */
  readonly isLeaving: boolean;
}

export type ListView = TableView | PageView;
export type ReadView = ObjectView | TextView | LogView | ShellView;
export type View = ListView | ReadView;

export const TOP: Cursor = { at: 0, offset: 0 };
export const HOME: PageView = { type: 'page', page: 'convergence', filter: '', cursor: TOP };

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
