/**
 * The journal's records. Causes link them: a reconcile names the write whose watch event led to it, a write names the
 * record that made it. Following both ways answers "why" and "what came of it".
 */
export type JournalRecord = ReconcileRecord | WriteRecord | InputRecord | StrikeRecord;

interface RecordBase {
  /** Position in the journal, from 1 on. */
  readonly id: number;
  /** Virtual time, ms since the Unix epoch. */
  readonly atMs: number;
  readonly component: string;
  /** A further record that it is due to: the fault in whose reach it happened. */
  readonly because?: number | undefined;
}

/** One unit of work of a component. */
export interface ReconcileRecord extends RecordBase {
  readonly type: 'reconcile';
  /** Work item, `namespace/name` or what the component counts as one. */
  readonly key: string;
  /**
   * Revision of the write whose event put the item into the queue. Below 0, the record of whatever else did, negated: the
   * reconcile that set a timer, a fault. 0 for the initial list, and where nobody knows.
   */
  readonly trigger: number;
  /** What was decided, as the component words it: typed data, no prose. */
  readonly decision?: unknown;
  readonly outcome: 'done' | 'requeue' | 'error';
  readonly message?: string;
  readonly requeueAfterMs?: number;
}

/** One committed change of one object. */
export interface WriteRecord extends RecordBase {
  readonly type: 'write';
  readonly verb: 'create' | 'update' | 'patch' | 'apply' | 'delete';
  /** `deployments.apps` */
  readonly resource: string;
  /** `namespace/name` or `name` */
  readonly key: string;
  readonly subresource?: string | undefined;
  readonly revision: number;
  /** The record that made this write; 0 if nothing recorded did. */
  readonly by: number;
}

/** Something from outside: a seed, a save, a fault's beginning or end, a command of a user. Its content is part of the hash. */
export interface InputRecord extends RecordBase {
  readonly type: 'input';
  readonly what: string;
  readonly detail: unknown;
}

/** What a fault did at one place: a request refused, a component killed, a watch broken. `because` is the fault. */
export interface StrikeRecord extends RecordBase {
  readonly type: 'strike';
  readonly what: string;
  readonly detail: unknown;
}
