/**
 * A bounded Map whose `clone()` costs nothing: both sides share one table until either writes, who then copies it. For tables of
 * some thousand entries that are written often; the oldest entry goes when the bound is reached.
 */
export class SharedMap<V> {
  readonly #capacity: number;
  #table: Map<string, V>;
  #shared: boolean;

  constructor(capacity: number, from?: SharedMap<V>) {
    this.#capacity = capacity;
    this.#table = from ? from.#table : new Map();
    this.#shared = from !== undefined;
    if (from) from.#shared = true;
  }

  get size(): number {
    return this.#table.size;
  }

  get(key: string): V | undefined {
    return this.#table.get(key);
  }

  set(key: string, value: V): void {
    if (this.#shared) {
      this.#table = new Map(this.#table);
      this.#shared = false;
    }
    if (this.#table.size >= this.#capacity && !this.#table.has(key))
      for (const oldest of this.#table.keys()) {
        this.#table.delete(oldest);
        break;
      }
    this.#table.set(key, value);
  }

  clone(): SharedMap<V> {
    return new SharedMap(this.#capacity, this);
  }
}
