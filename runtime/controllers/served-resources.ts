import { customresourcedefinitions } from '../../generated/apiextensions/v1/resources.ts';
import type { CustomResourceDefinition } from '../../generated/apiextensions/v1/types.ts';
import { type ControllerDeps, type Lister, listerOf, type Watch, watch } from '../client/index.ts';
import { customResource, type KubeObject, type ResourceRef, resourceId } from '../meta/index.ts';

/** Every resource that is served: those that are built in, and those that definitions have made by now. */
export class ServedResources {
  readonly #builtIn: readonly ResourceRef<KubeObject>[];
  readonly #definitions: Lister<CustomResourceDefinition> | undefined;
  /** Tells when they may have changed; of those who serve definitions. */
  readonly watches: readonly Watch[];
  #all: readonly ResourceRef<KubeObject>[] | undefined;

  constructor(deps: ControllerDeps, builtIn: readonly ResourceRef[]) {
    this.#builtIn = builtIn as readonly ResourceRef<KubeObject>[];
    const id = resourceId(customresourcedefinitions);
    const hasDefinitions = builtIn.some((each) => resourceId(each) === id);
    this.#definitions = hasDefinitions ? listerOf(deps, customresourcedefinitions) : undefined;
    this.watches = hasDefinitions ? [watch(customresourcedefinitions, () => this.#forget())] : [];
  }

  /** The same list until a definition changes. */
  get all(): readonly ResourceRef<KubeObject>[] {
    this.#all ??= [...this.#builtIn, ...this.#custom()];
    return this.#all;
  }

  #custom(): ResourceRef<KubeObject>[] {
    return (this.#definitions?.list() ?? []).flatMap((each) => customResource(each) ?? []);
  }

  #forget(): readonly string[] {
    this.#all = undefined;
    return NOBODY;
  }
}

const NOBODY: readonly string[] = [];

/**
 * Something about each resource that is served, made when the resource appears and kept for as long as it is there. Where the version
 * in which a resource is stored changes, it is another one.
 */
export class ByResource<T> {
  readonly #served: ServedResources;
  readonly #make: (resource: ResourceRef<KubeObject>) => T | undefined;
  #from: readonly ResourceRef<KubeObject>[] = [];
  #made = new Map<string, T>();
  #values: readonly T[] = [];

  constructor(served: ServedResources, make: (resource: ResourceRef<KubeObject>) => T | undefined) {
    this.#served = served;
    this.#make = make;
  }

  /** The same list until what is served changes. */
  get values(): readonly T[] {
    const { all } = this.#served;
    if (all === this.#from) return this.#values;
    this.#from = all;
    const before = this.#made;
    this.#made = new Map();
    for (const resource of all) {
      const key = `${resourceId(resource)}/${resource.version}`;
      const value = before.get(key) ?? this.#make(resource);
      if (value !== undefined) this.#made.set(key, value);
    }
    const now = [...this.#made.values()];
    const isSame =
      now.length === this.#values.length && now.every((each, at) => each === this.#values[at]);
    if (!isSame) this.#values = now;
    return this.#values;
  }
}
