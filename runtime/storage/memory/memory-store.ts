import { assert, KeyedMap, limits, Ring } from '../../base/index.ts';
import {
  CompactedError,
  type Compare,
  type Entry,
  type ForkableStore,
  FutureRevisionError,
  type Operation,
  type RangeOptions,
  type RangeResult,
  type StoreEvent,
  type StoreOptions,
  type StoreWatch,
  type TxnResult,
} from '../store.ts';

interface Watcher {
  readonly start: string;
  readonly end: string;
  readonly notify: () => void;
  /** Position in the history of the next event to look at. */
  position: number;
  compacted: boolean;
}

/**
 * The store in memory. The present is one persistent map; the past is the list of events that led to it, bounded by
 * `limits.watchHistoryEvents`, and a past revision is read by undoing events on a clone. Values are shared by reference.
 */
export class MemoryStore<V> implements ForkableStore<V> {
  readonly #stamp: StoreOptions<V>['stamp'];
  readonly #entries: KeyedMap<Entry<V>>;
  readonly #history: Ring<StoreEvent<V>>;
  #watchers: readonly Watcher[] = [];
  #revision: number;
  #compacted: number;
  readonly #readOnly: boolean;

  constructor(options: StoreOptions<V> = {}, from?: MemoryStore<V>, undoTo?: number) {
    this.#stamp = options.stamp;
    this.#entries = from ? from.#entries.clone() : new KeyedMap();
    this.#history = from && undoTo === undefined ? from.#history.clone() : new Ring(HISTORY);
    this.#revision = undoTo ?? (from ? from.#revision : 0);
    this.#compacted = undoTo ?? (from ? from.#compacted : 0);
    this.#readOnly = undoTo !== undefined;
    if (from && undoTo !== undefined) undo(this.#entries, from.#history, undoTo);
  }

  get revision(): number {
    return this.#revision;
  }

  get compactedRevision(): number {
    return this.#compacted;
  }

  get(key: string, revision?: number): Entry<V> | undefined {
    return this.#asOf(revision).get(key);
  }

  range({ start, end, limit, revision }: RangeOptions): RangeResult<V> {
    const entries: Entry<V>[] = [];
    let count = 0;
    this.#asOf(revision).scan(start, end, (_, entry) => {
      count++;
      if (limit === undefined || limit === 0 || entries.length < limit) entries.push(entry);
      return true;
    });
    return { entries, count, more: count > entries.length, revision: this.#revision };
  }

  txn(compare: readonly Compare[], operations: readonly Operation<V>[]): TxnResult<V> {
    assert(!this.#readOnly, 'a look at the past cannot be written to');
    let seen: Entry<V> | undefined;
    for (const { key, modRevision } of compare) {
      seen = this.#entries.get(key);
      if ((seen?.modRevision ?? 0) !== modRevision)
        return { succeeded: false, revision: this.#revision, current: this.#currentOf(compare) };
    }
    // The usual transaction compares the one key that it writes.
    const previous =
      compare.length === 1 && operations.length === 1
        ? { key: compare[0]!.key, entry: seen }
        : undefined;
    const next = this.#revision + 1;
    let wrote = false;
    for (const operation of operations) wrote = this.#perform(operation, next, previous) || wrote;
    if (wrote) {
      this.#revision = next;
      for (const { notify } of this.#watchers) notify();
    }
    return { succeeded: true, revision: this.#revision, current: [] };
  }

  watch(
    { start, end, fromRevision }: { start: string; end: string; fromRevision: number },
    notify: () => void,
  ): StoreWatch<V> {
    const watcher: Watcher = {
      start,
      end,
      notify,
      position: this.#positionOf(fromRevision),
      compacted: fromRevision <= this.#compacted && fromRevision <= this.#revision,
    };
    this.#watchers = [...this.#watchers, watcher];
    return {
      next: () => this.#nextFor(watcher),
      close: () => {
        this.#watchers = this.#watchers.filter((each) => each !== watcher);
      },
    };
  }

  compact(revision: number): void {
    if (revision > this.#revision) throw new FutureRevisionError(revision, this.#revision);
    this.#compacted = Math.max(this.#compacted, revision);
  }

  close(): void {
    this.#watchers = [];
  }

  fork(): MemoryStore<V> {
    return new MemoryStore(this.#options(), this);
  }

  at(revision: number): MemoryStore<V> | undefined {
    if (revision < this.#oldest() || revision > this.#revision) return undefined;
    return new MemoryStore(this.#options(), this, revision);
  }

  #options(): StoreOptions<V> {
    return this.#stamp ? { stamp: this.#stamp } : {};
  }

  #asOf(revision: number | undefined): KeyedMap<Entry<V>> {
    if (revision === undefined || revision === 0 || revision === this.#revision)
      return this.#entries;
    if (revision > this.#revision) throw new FutureRevisionError(revision, this.#revision);
    const oldest = this.#oldest();
    if (revision < oldest) throw new CompactedError(oldest);
    const past = this.#entries.clone();
    undo(past, this.#history, revision);
    return past;
  }

  /** The oldest revision that can still be read. */
  #oldest(): number {
    const first = this.#history.at(this.#history.first);
    const lost = this.#history.first > 0 && first ? first.revision : 0;
    return Math.max(this.#compacted, lost);
  }

  #perform(operation: Operation<V>, revision: number, known: Known<V> | undefined): boolean {
    const key = 'put' in operation ? operation.put : operation.delete;
    const previous = known?.key === key ? known.entry : this.#entries.get(key);
    return 'put' in operation
      ? this.#put(key, operation.value, revision, previous)
      : this.#delete(key, revision, previous);
  }

  #put(key: string, value: V, revision: number, previous: Entry<V> | undefined): boolean {
    const entry: Entry<V> = {
      key,
      value: this.#stamp ? this.#stamp(value, revision) : value,
      createRevision: previous?.createRevision ?? revision,
      modRevision: revision,
      version: (previous?.version ?? 0) + 1,
    };
    this.#entries.set(key, entry);
    this.#history.push(previous ? { key, revision, entry, previous } : { key, revision, entry });
    return true;
  }

  #delete(key: string, revision: number, previous: Entry<V> | undefined): boolean {
    if (!previous) return false;
    this.#entries.delete(key);
    this.#history.push({ key, revision, previous });
    return true;
  }

  #currentOf(compare: readonly Compare[]): Entry<V>[] {
    return compare.flatMap(({ key }) => this.#entries.get(key) ?? []);
  }

  /** Where in the history the first event at or after `revision` stands. */
  #positionOf(revision: number): number {
    let low = this.#history.first;
    let high = this.#history.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#history.at(middle)!.revision < revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #nextFor(watcher: Watcher): StoreEvent<V> | undefined {
    if (watcher.compacted || watcher.position < this.#history.first) {
      watcher.compacted = false;
      watcher.position = this.#history.end;
      throw new CompactedError(this.#oldest());
    }
    while (watcher.position < this.#history.end) {
      const event = this.#history.at(watcher.position++)!;
      if (event.key >= watcher.start && event.key < watcher.end) return event;
    }
    return undefined;
  }
}

const HISTORY = limits.watchHistoryEvents;

/** What a transaction has already looked up. */
interface Known<V> {
  readonly key: string;
  readonly entry: Entry<V> | undefined;
}

/** Takes back, newest first, every event after `revision`. */
function undo<V>(
  entries: KeyedMap<Entry<V>>,
  history: Ring<StoreEvent<V>>,
  revision: number,
): void {
  for (let at = history.end - 1; at >= history.first; at--) {
    const event = history.at(at)!;
    if (event.revision <= revision) return;
    if (event.previous) entries.set(event.key, event.previous);
    else entries.delete(event.key);
  }
}
