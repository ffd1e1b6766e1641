/**
 * The storage contract: the part of etcd v3's semantics that an API server stands on. Keys are strings in one sorted space,
 * every transaction that writes raises the one revision by one, a key remembers the revision of its creation and of its last
 * change, and past revisions stay readable until compacted.
 *
 * `V` is what is stored, opaque to the backend. A backend in memory shares values by reference; a durable one encodes them.
 * Operations may answer at once or with a promise; callers await either.
 */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with `next` at once where the value is there, else when it comes. */
export function andThen<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

export interface Entry<V> {
  readonly key: string;
  readonly value: V;
  readonly createRevision: number;
  readonly modRevision: number;
  /** Number of writes since creation, 1 for a new key. */
  readonly version: number;
}

export interface RangeOptions {
  /** Inclusive. */
  readonly start: string;
  /** Exclusive; a single key is `range({start: key, end: key + '\0'})`. */
  readonly end: string;
  readonly limit?: number;
  /** Reads as of this revision; `CompactedError` if it is gone. */
  readonly revision?: number;
}

export interface RangeResult<V> {
  readonly entries: readonly Entry<V>[];
  /** All keys in the range, also those beyond the limit. */
  readonly count: number;
  readonly more: boolean;
  /** The store's revision at the read. */
  readonly revision: number;
}

/** Holds when the key's last change is at `modRevision`; 0 means that the key does not exist. */
export interface Compare {
  readonly key: string;
  readonly modRevision: number;
}

export type Operation<V> =
  | { readonly put: string; readonly value: V }
  | { readonly delete: string };

export interface TxnResult<V> {
  /** Whether all comparisons held, and so whether the operations were done. */
  readonly succeeded: boolean;
  /** Revision after the transaction. */
  readonly revision: number;
  /** When not succeeded: the current entries of the compared keys (absent ones are left out). */
  readonly current: readonly Entry<V>[];
}

export interface StoreEvent<V> {
  readonly key: string;
  readonly revision: number;
  /** Absent when the key was deleted. */
  readonly entry?: Entry<V>;
  readonly previous?: Entry<V>;
}

export interface StoreWatch<V> {
  /** The next event in revision order, or undefined when there is none now. Throws `CompactedError` once. */
  next(): StoreEvent<V> | undefined;
  close(): void;
}

export interface StoreOptions<V> {
  /**
   * Gives a value the revision at which it was written. A backend in memory calls it once, in the commit, before anybody else
   * sees the value; a durable one whenever it decodes.
   */
  readonly stamp?: (value: V, revision: number) => V;
}

export interface Store<V> {
  readonly revision: number;
  readonly compactedRevision: number;
  get(key: string, revision?: number): Awaitable<Entry<V> | undefined>;
  range(options: RangeOptions): Awaitable<RangeResult<V>>;
  txn(compare: readonly Compare[], operations: readonly Operation<V>[]): Awaitable<TxnResult<V>>;
  /** Events of keys in [start, end) from `fromRevision` on (inclusive); `notify` is called when `next` may have something. */
  watch(
    options: { readonly start: string; readonly end: string; readonly fromRevision: number },
    notify: () => void,
  ): StoreWatch<V>;
  /** Forgets the history before `revision`. */
  compact(revision: number): Awaitable<void>;
  close(): Awaitable<void>;
}

/** A store that can be copied at no cost; both sides go their own way from there. Watches stay with the original. */
export interface ForkableStore<V> extends Store<V> {
  fork(): ForkableStore<V>;
  /** A read-only look at a past revision, or undefined if it is no longer held. */
  at(revision: number): ForkableStore<V> | undefined;
}

/** A read or watch asked for a revision that has been compacted. The API answers 410 Gone. */
export class CompactedError extends Error {
  override readonly name = 'CompactedError';
  readonly compactedRevision: number;

  constructor(compactedRevision: number) {
    super(`required revision has been compacted: ${compactedRevision} is the oldest kept`);
    this.compactedRevision = compactedRevision;
  }
}

/** A read asked for a revision that has not been reached. */
export class FutureRevisionError extends Error {
  override readonly name = 'FutureRevisionError';

  constructor(revision: number, current: number) {
    super(`required revision ${revision} is a future revision: the store is at ${current}`);
  }
}
