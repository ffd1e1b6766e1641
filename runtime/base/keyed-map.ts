import { SortedMap } from './sorted-map.ts';

const SHARDS = 256;

/**
 * A map by string key for many entries that are read and replaced all the time, listed now and then, and copied for forks.
 * Values lie in a hash table of shards, of which a copy takes only those that it writes to; the order of the keys lies in a
 * `SortedMap` that is touched only when a key comes or goes.
 */
export class KeyedMap<V> {
  readonly #order: SortedMap<string>;
  readonly #shards: (Map<string, V> | undefined)[];
  /** 1 where the shard is this map's alone. */
  readonly #owned: Uint8Array;

  constructor(from?: KeyedMap<V>) {
    this.#order = from ? from.#order.clone() : new SortedMap();
    this.#shards = from ? from.#shards.slice() : new Array(SHARDS).fill(undefined);
    this.#owned = new Uint8Array(SHARDS);
    if (from) from.#owned.fill(0);
  }

  get size(): number {
    return this.#order.size;
  }

  get(key: string): V | undefined {
    return this.#shards[shardOf(key)]?.get(key);
  }

  set(key: string, value: V): void {
    const shard = this.#writable(shardOf(key));
    if (!shard.has(key)) this.#order.set(key, key);
    shard.set(key, value);
  }

  delete(key: string): boolean {
    const at = shardOf(key);
    if (!this.#shards[at]?.has(key)) return false;
    this.#writable(at).delete(key);
    return this.#order.delete(key);
  }

  /** The smallest key, or undefined when empty. */
  firstKey(): string | undefined {
    return this.#order.firstKey();
  }

  /** Values of keys in [`start`, `end`), in order; stops when `visit` returns false. An undefined bound is open. */
  scan(
    start: string | undefined,
    end: string | undefined,
    visit: (key: string, value: V) => boolean | undefined,
  ): void {
    this.#order.scan(start, end, (key) => visit(key, this.get(key)!));
  }

  clone(): KeyedMap<V> {
    return new KeyedMap(this);
  }

  #writable(at: number): Map<string, V> {
    const shard = this.#shards[at];
    if (shard && this.#owned[at] === 1) return shard;
    const own = new Map(shard);
    this.#shards[at] = own;
    this.#owned[at] = 1;
    return own;
  }
}

/** By the end of the key, where names differ. */
function shardOf(key: string): number {
  const last = key.length - 1;
  return (
    (key.charCodeAt(last) * 31 + key.charCodeAt(last - 1) * 7 + key.charCodeAt(last - 2)) &
    (SHARDS - 1)
  );
}
