import type { KindDescriptor } from '../../../generator/model/schema.ts';
import type { GroupVersionKind } from '../discovery/resources.ts';
import { type Definitions, GVK, type Json } from './definitions.ts';
import { DELETE_OPTIONS, type Dialect, referenceTo, WATCH_EVENT } from './names.ts';
import type { World } from './world.ts';

type GroupVersion = Pick<GroupVersionKind, 'group' | 'version'>;

/** The definitions of one document: whatever is referred to is in it, with all that it refers to. */
export class Components {
  readonly #definitions: Definitions;
  readonly #dialect: Dialect;
  readonly #own: ReadonlyMap<string, readonly GroupVersionKind[]>;
  readonly #used = new Set<string>();

  /** `versions` are those of the document: options and events are of each of them. */
  constructor(world: World, dialect: Dialect, versions: readonly GroupVersion[]) {
    this.#definitions = world.definitions(dialect);
    this.#dialect = dialect;
    this.#own = new Map(
      [DELETE_OPTIONS, WATCH_EVENT].map((definition) => [
        world.nameOf(definition),
        kindsIn(versions, definition.slice(definition.indexOf('.') + 1)),
      ]),
    );
  }

  /** A reference to a definition of the schemas. */
  of(definition: string): Json {
    return this.#use(this.#definitions.of(definition));
  }

  /** A reference to the list of a kind. */
  listOf(kind: KindDescriptor): Json {
    return this.#use(this.#definitions.listOf(kind));
  }

  patch(): Json {
    return this.#use(this.#definitions.patch());
  }

  versionInfo(fields: readonly string[]): Json {
    return this.#use(this.#definitions.versionInfo(fields));
  }

  /** All definitions, sorted by name. */
  written(): Json {
    const entries = [...this.#used].sort().map((name) => {
      const { json } = this.#definitions.get(name);
      const own = this.#own.get(name);
      return [name, own ? { ...json, [GVK]: own } : json];
    });
    return Object.fromEntries(entries);
  }

  #use(name: string): Json {
    const open = [name];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.#used.has(next)) continue;
      this.#used.add(next);
      open.push(...this.#definitions.get(next).needs);
    }
    return { $ref: referenceTo(this.#dialect, name) };
  }
}

/** The kind in each of the versions, and in that of the core group. */
function kindsIn(versions: readonly GroupVersion[], kind: string): GroupVersionKind[] {
  const hasCore = versions.some(({ group }) => group === '');
  return [...(hasCore ? [] : [{ group: '', version: 'v1' }]), ...versions].map(
    ({ group, version }) => ({ group, version, kind }),
  );
}
