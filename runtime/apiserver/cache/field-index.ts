import { SortedMap } from '../../base/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { IndexFunction } from './resource-cache.ts';

const SEPARATOR = '\0';

/**
 * Keys of objects by what a function says of them. Touched only when that changes, so that most writes cost two calls of
 * the function and nothing else. Persistent: a fork shares it.
 */
export class FieldIndex {
  readonly #values: IndexFunction;
  readonly #keys: SortedMap<string>;
  readonly #counts: SortedMap<number>;

  constructor(values: IndexFunction, from?: FieldIndex) {
    this.#values = values;
    this.#keys = from ? from.#keys.clone() : new SortedMap();
    this.#counts = from ? from.#counts.clone() : new SortedMap();
  }

  fork(): FieldIndex {
    return new FieldIndex(this.#values, this);
  }

  change(key: string, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const old = before ? this.#values(before) : NONE;
    const now = after ? this.#values(after) : NONE;
    if (same(old, now)) return;
    for (const value of old) if (!now.includes(value)) this.#remove(value, key);
    for (const value of now) if (!old.includes(value)) this.#add(value, key);
  }

  /** Keys under `value`, sorted. */
  keys(value: string): string[] {
    return this.#keys.withPrefix(value + SEPARATOR);
  }

  count(value: string): number {
    return this.#counts.get(value) ?? 0;
  }

  #add(value: string, key: string): void {
    this.#keys.set(value + SEPARATOR + key, key);
    this.#counts.set(value, this.count(value) + 1);
  }

  #remove(value: string, key: string): void {
    if (!this.#keys.delete(value + SEPARATOR + key)) return;
    const left = this.count(value) - 1;
    if (left > 0) this.#counts.set(value, left);
    else this.#counts.delete(value);
  }
}

const NONE: readonly string[] = [];

function same(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
