/**
 * A bounded Map whose `clone()` costs nothing: both sides share their tables until either writes, who then copies them. For tables
 * of some thousand entries that are written often. What was not written for long goes: entries live in a young and an old
 * table of half the capacity each; when the young one is full it becomes the old one, whose entries are forgotten.
 */
export class SharedMap<V> {
  readonly #capacity: number;
  #young: Map<string, V>;
  #old: Map<string, V>;
  /** The young table is somebody else's too; the old one is never written to. */
  #shared: boolean;

  constructor(capacity: number, from?: SharedMap<V>) {
    this.#capacity = capacity;
    this.#young = from ? from.#young : new Map();
    this.#old = from ? from.#old : new Map();
    this.#shared = from !== undefined;
    if (from) from.#shared = true;
  }

  get(key: string): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: string, value: V): void {
    if (this.#shared) {
      this.#young = new Map(this.#young);
      this.#shared = false;
    }
    this.#young.set(key, value);
    if (this.#young.size * 2 < this.#capacity) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  clone(): SharedMap<V> {
    return new SharedMap(this.#capacity, this);
  }
}
