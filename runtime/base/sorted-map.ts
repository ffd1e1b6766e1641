import BTreeModule from 'sorted-btree';

// The package is CommonJS: under native ESM its class arrives as `default.default`.
const BTree = ((BTreeModule as unknown as { default?: unknown }).default ??
  BTreeModule) as typeof BTreeModule.default;

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/**
 * A map sorted by string key whose `clone()` costs nothing: both sides share nodes and copy a path when they write.
 * This is what makes a cluster cheap to fork, and lists cheap to page.
 */
export class SortedMap<V> {
  readonly #tree: InstanceType<typeof BTree<string, V>>;

  constructor(tree?: InstanceType<typeof BTree<string, V>>) {
    this.#tree = tree ?? new BTree<string, V>(undefined, compare);
  }

  get size(): number {
    return this.#tree.size;
  }

  get(key: string): V | undefined {
    return this.#tree.get(key);
  }

  has(key: string): boolean {
    return this.#tree.has(key);
  }

  set(key: string, value: V): void {
    this.#tree.set(key, value);
  }

  delete(key: string): boolean {
    return this.#tree.delete(key);
  }

  /** The smallest key, or undefined when empty. */
  firstKey(): string | undefined {
    return this.#tree.minKey();
  }

  /** Values of keys in [`start`, `end`), in order; stops when `visit` returns false. An undefined bound is open. */
  scan(
    start: string | undefined,
    end: string | undefined,
    visit: (key: string, value: V) => boolean | undefined,
  ): void {
    const from = start ?? this.#tree.minKey();
    const to = end ?? this.#tree.maxKey();
    if (from === undefined || to === undefined) return;
    this.#tree.forRange(from, to, end === undefined, (key, value) =>
      visit(key, value) === false ? { break: true } : undefined,
    );
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

  keys(): IterableIterator<string> {
    return this.#tree.keys();
  }

  values(): IterableIterator<V> {
    return this.#tree.values();
  }

  entries(): IterableIterator<[string, V]> {
    return this.#tree.entries();
  }

  clear(): void {
    this.#tree.clear();
  }

  clone(): SortedMap<V> {
    return new SortedMap(this.#tree.clone());
  }
}

/** The first key after every key that starts with `prefix`; undefined for the empty prefix (no upper bound). */
export function prefixEnd(prefix: string): string | undefined {
  if (prefix === '') return undefined;
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}
