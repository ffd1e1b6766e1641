import { SortedMap } from '../../base/index.ts';
import { type KubeObject, keyOf, type WatchEvent } from '../../meta/index.ts';
import type { IndexFunction, Lister } from '../transport.ts';

interface Index {
  readonly valuesOf: IndexFunction<KubeObject>;
  readonly found: Map<string, SortedMap<KubeObject>>;
}

/** All objects of one resource as a watch has told of them, with indexes. Sorted by key. */
export class ObjectCache implements Lister<KubeObject> {
  readonly #objects = new SortedMap<KubeObject>();
  readonly #indexes = new Map<string, Index>();

  get size(): number {
    return this.#objects.size;
  }

  get(name: string, namespace?: string): KubeObject | undefined {
    return this.byKey(namespace ? `${namespace}/${name}` : name);
  }

  byKey(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  list(namespace?: string): readonly KubeObject[] {
    return namespace ? this.#objects.withPrefix(`${namespace}/`) : [...this.#objects.values()];
  }

  byIndex(index: string, value: string): readonly KubeObject[] {
    return [...(this.#index(index).found.get(value)?.values() ?? [])];
  }

  countIndex(index: string, value: string): number {
    return this.#index(index).found.get(value)?.size ?? 0;
  }

  addIndex(name: string, valuesOf: IndexFunction<KubeObject>): void {
    if (this.#indexes.has(name)) return;
    const index: Index = { valuesOf, found: new Map() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#objects.entries()) enter(index, key, object);
  }

  /** Takes an object as it is now. Undefined if that is no news. */
  set(object: KubeObject): WatchEvent | undefined {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    if (previous && revisionOf(previous) === revisionOf(object)) return undefined;
    this.#replace(key, previous, object);
    const revision = revisionOf(object);
    return previous
      ? { type: 'MODIFIED', object, previous, revision }
      : { type: 'ADDED', object, revision };
  }

  /** Takes an object out; the last that is known of it, if it is not at hand. Undefined if it was not there. */
  delete(key: string, last?: KubeObject): WatchEvent | undefined {
    const previous = this.#objects.get(key);
    if (!previous) return undefined;
    this.#replace(key, previous, undefined);
    const object = last ?? previous;
    return { type: 'DELETED', object, previous, revision: revisionOf(object) };
  }

  /** Takes these for all that there is, and says what is different. */
  reset(objects: readonly KubeObject[]): WatchEvent[] {
    const present = new Set(objects.map(keyOf));
    const gone = [...this.#objects.keys()].filter((key) => !present.has(key));
    return [
      ...gone.map((key) => this.delete(key)),
      ...objects.map((each) => this.set(each)),
    ].filter((event) => event !== undefined);
  }

  #replace(key: string, previous: KubeObject | undefined, now: KubeObject | undefined): void {
    if (now) this.#objects.set(key, now);
    else this.#objects.delete(key);
    for (const index of this.#indexes.values()) {
      if (previous) leave(index, key, previous);
      if (now) enter(index, key, now);
    }
  }

  #index(name: string): Index {
    const index = this.#indexes.get(name);
    if (!index) throw new Error(`there is no index ${name}`);
    return index;
  }
}

export const revisionOf = ({ metadata }: KubeObject): number => Number(metadata.resourceVersion);

function enter({ valuesOf, found }: Index, key: string, object: KubeObject): void {
  for (const value of valuesOf(object)) {
    const under = found.get(value) ?? new SortedMap<KubeObject>();
    found.set(value, under);
    under.set(key, object);
  }
}

function leave({ valuesOf, found }: Index, key: string, object: KubeObject): void {
  for (const value of valuesOf(object)) {
    const under = found.get(value);
    under?.delete(key);
    if (under?.size === 0) found.delete(value);
  }
}
