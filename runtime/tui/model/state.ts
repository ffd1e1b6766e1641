import type { ManifestState } from '../../client/index.ts';

/** Where the cursor stands in a list: by key, so that it stays on its object when the list moves. */
export interface Cursor {
  readonly key?: string;
  /** First visible row. */
  readonly offset: number;
}

export interface ConvergenceView {
  readonly type: 'convergence';
  readonly filter: string;
  readonly cursor: Cursor;
}

export interface TableView {
  readonly type: 'table';
  /** `pods`, `deployments.apps` */
  readonly resource: string;
  /** Empty = all namespaces. */
  readonly namespace: string;
  readonly filter: string;
  readonly cursor: Cursor;
  /** Column by which rows are sorted, and whether backwards; by key when absent. */
  readonly sort?: { readonly column: string; readonly descending: boolean };
  /** Narrows the list to what an object owns, selects or runs. */
  readonly scope?: Scope;
}

/** Why only some objects are shown: pods of a node, of a workload, of a service. */
export interface Scope {
  readonly title: string;
  readonly by: 'owner' | 'node' | 'labels';
  /** uid of the owner, name of the node, or a label selector as text. */
  readonly value: string;
}

export interface ObjectView {
  readonly type: 'yaml' | 'describe' | 'why';
  readonly resource: string;
  readonly key: string;
  readonly offset: number;
  readonly search: string;
}

export interface PageView {
  readonly type: 'help' | 'sleepers' | 'queues' | 'errors';
  readonly offset: number;
  readonly search: string;
}

export type View = ConvergenceView | TableView | ObjectView | PageView;

export interface Prompt {
  readonly kind: 'command' | 'filter';
  readonly text: string;
}

export interface Flash {
  readonly text: string;
  readonly tone: 'info' | 'error';
}

/** All that the screen remembers. Plain data; `update` makes the next one. */
export interface State {
  readonly columns: number;
  readonly rows: number;
  /** The way here; the last one is shown. Never empty. */
  readonly views: readonly View[];
  readonly prompt?: Prompt;
  /** Asks before something is deleted. */
  readonly confirm?: { readonly resource: string; readonly key: string };
  readonly flash?: Flash;
  /** The error frames that were waved away; they come back with other errors. */
  readonly dismissedErrors?: ManifestState['errors'];
  readonly commandHistory: readonly string[];
}

export const HOME: ConvergenceView = { type: 'convergence', filter: '', cursor: { offset: 0 } };

export function initialState(columns: number, rows: number): State {
  return { columns, rows, views: [HOME], commandHistory: [] };
}

export function currentView(state: State): View {
  return state.views.at(-1) ?? HOME;
}
