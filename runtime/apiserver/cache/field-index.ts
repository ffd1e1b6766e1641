import { KeyedMap } from '../../base/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { IndexFunction } from './resource-cache.ts';

/** The keys under one value. */
interface Bucket {
  /** Who may write to it: a fork copies the bucket first. */
  readonly owner: object;
  readonly keys: Set<string>;
  /** The keys in order, until one comes or goes. */
  sorted: readonly string[] | undefined;
}

/**
 * Keys of objects by what a function says of them. Touched only when that changes, so that most writes cost two calls of
 * the function and nothing else. A fork shares it, and copies a bucket when it first writes to it.
 */
export class FieldIndex {
  readonly #values: IndexFunction;
  readonly #buckets: KeyedMap<Bucket>;
  /** Changes with every fork: what was written before belongs to both sides. */
  #owner = {};

  constructor(values: IndexFunction, from?: FieldIndex) {
    this.#values = values;
    this.#buckets = from ? from.#buckets.clone() : new KeyedMap();
    if (from) from.#owner = {};
  }

  fork(): FieldIndex {
    return new FieldIndex(this.#values, this);
  }

  change(key: string, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const old = before ? this.#values(before) : NONE;
    const now = after ? this.#values(after) : NONE;
    if (same(old, now)) return;
    for (const value of old) if (!now.includes(value)) this.#remove(value, key);
    for (const value of now) if (!old.includes(value)) this.#writable(value).keys.add(key);
  }

  /** Keys under `value`, sorted. */
  keys(value: string): readonly string[] {
    const bucket = this.#buckets.get(value);
    if (!bucket) return NONE;
    bucket.sorted ??= [...bucket.keys].sort();
    return bucket.sorted;
  }

  count(value: string): number {
    return this.#buckets.get(value)?.keys.size ?? 0;
  }

  #remove(value: string, key: string): void {
    if (!this.#buckets.get(value)?.keys.has(key)) return;
    const { keys } = this.#writable(value);
    keys.delete(key);
    if (keys.size === 0) this.#buckets.delete(value);
  }

  #writable(value: string): Bucket {
    const bucket = this.#buckets.get(value);
    if (bucket?.owner === this.#owner) {
      bucket.sorted = undefined;
      return bucket;
    }
    const own = { owner: this.#owner, keys: new Set(bucket?.keys), sorted: undefined };
    this.#buckets.set(value, own);
    return own;
  }
}

const NONE: readonly string[] = [];

function same(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
