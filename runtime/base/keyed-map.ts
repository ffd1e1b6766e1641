import { prefixEnd, SortedMap } from './sorted-map.ts';

const SHARDS = 256;

/** Keys that may have come and gone unsorted, beside as many as there are entries. */
const UNSORTED_MIN = 4096;
/** Lists of unsorted keys that copies share before they are sorted after all. */
const LISTS_MAX = 64;

/**
 * A map by string key for many entries that are read and replaced all the time, listed now and then, and copied for forks.
 * Values lie in a hash table of shards, of which a copy takes only those that it writes to. The order of the keys lies in a
 * `SortedMap` that takes in what came and went when somebody asks for it: what is never listed is never sorted.
 */
export class KeyedMap<V> {
  readonly #order: SortedMap<string>;
  /** Keys that came or went since the order was asked for: lists that copies share, and this map's own. */
  #earlier: readonly (readonly string[])[];
  #recent: string[] = [];
  #unsorted: number;
  readonly #shards: (Map<string, V> | undefined)[];
  /** 1 where the shard is this map's alone. */
  readonly #owned = new Uint8Array(SHARDS);
  #size: number;

  constructor(from?: KeyedMap<V>) {
    this.#earlier = from ? from.#share() : [];
    this.#order = from ? from.#order.clone() : new SortedMap();
    this.#unsorted = from ? from.#unsorted : 0;
    this.#shards = from ? from.#shards.slice() : new Array(SHARDS).fill(undefined);
    this.#size = from ? from.#size : 0;
    if (from) from.#owned.fill(0);
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    return this.#shards[shardOf(key)]?.get(key);
  }

  set(key: string, value: V): void {
    const shard = this.#writable(shardOf(key));
    const before = shard.size;
    shard.set(key, value);
    if (shard.size === before) return;
    this.#size++;
    this.#note(key);
  }

  delete(key: string): boolean {
    const at = shardOf(key);
    if (!this.#shards[at]?.has(key)) return false;
    this.#writable(at).delete(key);
    this.#size--;
    this.#note(key);
    return true;
  }

  has(key: string): boolean {
    return this.#shards[shardOf(key)]?.has(key) ?? false;
  }

  /** The smallest key, or undefined when empty. */
  firstKey(): string | undefined {
    return this.#sorted().firstKey();
  }

  /** Values of keys in [`start`, `end`), in order; stops when `visit` returns false. An undefined bound is open. */
  scan(
    start: string | undefined,
    end: string | undefined,
    visit: (key: string, value: V) => boolean | undefined,
  ): void {
    this.#sorted().scan(start, end, (key) => visit(key, this.get(key)!));
  }

  /** All values whose key starts with `prefix`, in order. */
  withPrefix(prefix: string): V[] {
    const found: V[] = [];
    this.scan(prefix, prefixEnd(prefix), (_, value) => {
      found.push(value);
      return true;
    });
    return found;
  }

  *keys(): IterableIterator<string> {
    yield* this.#sorted().keys();
  }

  *values(): IterableIterator<V> {
    for (const key of this.#sorted().keys()) yield this.get(key)!;
  }

  *entries(): IterableIterator<[string, V]> {
    for (const key of this.#sorted().keys()) yield [key, this.get(key)!];
  }

  clone(): KeyedMap<V> {
    return new KeyedMap(this);
  }

  #note(key: string): void {
    this.#recent.push(key);
    if (++this.#unsorted > UNSORTED_MIN + this.#size) this.#tidy();
  }

  /** The same few keys come and go, and are noted once; or there are many, and they are sorted. */
  #tidy(): void {
    const keys = new Set([...this.#earlier, this.#recent].flat());
    if (keys.size * 2 > this.#unsorted) {
      this.#sorted();
      return;
    }
    this.#earlier = [];
    this.#recent = [...keys];
    this.#unsorted = keys.size;
  }

  /** The keys that are not sorted yet, none of them this map's alone any more. */
  #share(): readonly (readonly string[])[] {
    if (this.#earlier.length >= LISTS_MAX) this.#sorted();
    if (this.#recent.length > 0) this.#earlier = [...this.#earlier, this.#recent];
    this.#recent = [];
    return this.#earlier;
  }

  #sorted(): SortedMap<string> {
    if (this.#unsorted === 0) return this.#order;
    for (const key of [...this.#earlier, this.#recent].flat().sort())
      if (this.has(key)) this.#order.set(key, key);
      else this.#order.delete(key);
    this.#earlier = [];
    this.#recent = [];
    this.#unsorted = 0;
    return this.#order;
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
