import { KeyedMap } from '../../base/index.ts';
import type { KubeObject, WatchEvent } from '../../meta/index.ts';
import type { StoreEvent } from '../../storage/index.ts';
import type { Row } from '../row.ts';
import { EventLog, type LogReader, type ReadOptions } from './event-log.ts';
import { Expiries } from './expiries.ts';
import { FieldIndex } from './field-index.ts';

/** Maps an object to the values under which it is found; a pure function of the object. */
export type IndexFunction = (object: KubeObject) => readonly string[];

/** All that can be done with a cache. */
export type KindCache = Omit<Pick<ResourceCache, keyof ResourceCache>, 'fork'> & {
  fork(): KindCache;
};

/**
 * What the server knows of one resource, kept from the store's events: the objects by key, indexes over them, readers of
 * their changes. Reading costs no trip to the store; a fork shares all of it.
 */
export class ResourceCache {
  readonly #rows: KeyedMap<Row>;
  readonly #indexes = new Map<string, FieldIndex>();
  /** The same, for the walk with every change. */
  #every: readonly FieldIndex[] = [];
  readonly #log = new EventLog();
  readonly #ttlMs: number;
  readonly #expiries: Expiries | undefined;

  constructor(ttlSeconds: number | undefined, from?: ResourceCache) {
    this.#rows = from ? from.#rows.clone() : new KeyedMap();
    this.#ttlMs = (ttlSeconds ?? 0) * 1000;
    const inherited = from ? from.#expiries : undefined;
    this.#expiries =
      inherited?.fork() ?? (ttlSeconds === undefined ? undefined : new Expiries(ttlSeconds));
    if (from) for (const [name, index] of from.#indexes) this.#indexes.set(name, index.fork());
    this.#every = [...this.#indexes.values()];
  }

  fork(): ResourceCache {
    return new ResourceCache(this.#ttlMs > 0 ? this.#ttlMs / 1000 : undefined, this);
  }

  get size(): number {
    return this.#rows.size;
  }

  row(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** The first object in the order of keys. */
  first(): KubeObject | undefined {
    const key = this.#rows.firstKey();
    return key === undefined ? undefined : this.#rows.get(key)?.object;
  }

  /** Objects of one namespace, or all, in the order of their keys. */
  list(namespace?: string): KubeObject[] {
    const found: KubeObject[] = [];
    const start = namespace === undefined ? undefined : `${namespace}/`;
    const end = namespace === undefined ? undefined : `${namespace}0`;
    this.#rows.scan(start, end, (_, { object }) => {
      found.push(object);
      return true;
    });
    return found;
  }

  addIndex(name: string, values: IndexFunction): void {
    if (this.#indexes.has(name)) return;
    const index = new FieldIndex(values);
    this.#rows.scan(undefined, undefined, (key, { object }) => {
      index.change(key, undefined, object);
      return true;
    });
    this.#indexes.set(name, index);
    this.#every = [...this.#indexes.values()];
  }

  hasIndex(name: string): boolean {
    return this.#indexes.has(name);
  }

  byIndex(name: string, value: string): KubeObject[] {
    return this.#index(name)
      .keys(value)
      .map((key) => this.#rows.get(key)!.object);
  }

  countIndex(name: string, value: string): number {
    return this.#index(name).count(value);
  }

  /** A reader of changes; `initial` puts what exists before it first. */
  subscribe(options: ReadOptions, initial: boolean): LogReader {
    const existing = initial
      ? this.list().map(
          (object): WatchEvent => ({
            type: 'ADDED',
            object,
            revision: Number(object.metadata.resourceVersion),
          }),
        )
      : [];
    return this.#log.read(options, existing);
  }

  /** Keys of objects that have outlived their kind's time to live. Each is told once: who asks deletes. */
  expired(nowMs: number): string[] {
    const due = this.#expiries?.due(nowMs) ?? [];
    return due.filter((key) => (this.#rows.get(key)?.writtenMs ?? nowMs) + this.#ttlMs <= nowMs);
  }

  /** Takes in one change of the store. */
  apply(key: string, { entry, previous, revision }: StoreEvent<Row>, nowMs: number): void {
    const before = previous?.value.object;
    const after = entry?.value.object;
    if (entry) this.#rows.set(key, entry.value);
    else this.#rows.delete(key);
    for (const index of this.#every) index.change(key, before, after);
    if (entry && this.#expiries) this.#expiries.renew(key, nowMs);
    this.#log.push(watchEvent(before, after, revision));
  }

  #index(name: string): FieldIndex {
    const index = this.#indexes.get(name);
    if (!index) throw new Error(`there is no index ${name}: add it before reading it`);
    return index;
  }
}

function watchEvent(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  revision: number,
): WatchEvent {
  if (!after) return { type: 'DELETED', object: lastState(before!, revision), revision };
  return before
    ? { type: 'MODIFIED', object: after, previous: before, revision }
    : { type: 'ADDED', object: after, revision };
}

/** As it was when it went, at the revision at which it went. */
function lastState(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
