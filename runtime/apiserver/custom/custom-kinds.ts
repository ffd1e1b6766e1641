import {
  compileStructural,
  type Interpreter,
  type JsonSchema,
  type KindDescriptor,
  type Schema,
  type SchemaSet,
  type StructuralInterpreter,
} from '../../../generator/model/index.ts';
import { customKind, type KubeObject, resourceId } from '../../meta/index.ts';
import { type KindCache, ResourceCache } from '../cache/resource-cache.ts';
import { ruleCheck } from '../cel/index.ts';
import type { Core } from '../core.ts';
import type { ServedKind } from '../kind.ts';
import {
  type Definition,
  type DefinitionVersion,
  isEstablished,
  isServed,
  storageVersion,
} from './definition.ts';
import { discoveredVerbs } from './descriptor.ts';
import { customStrategy } from './strategy.ts';
import { customView, type ViewConversion, viewedCache } from './view.ts';
import { conversionHook, convertBy } from './webhook-conversion.ts';

/** A schema set with the kinds that definitions add to it. */
export type CustomSchemas = Pick<SchemaSet, 'kinds' | 'definitions'>;

/** A definition with the kinds that it makes, by version, the one in which objects are stored first. */
interface Entry {
  readonly definition: Definition;
  readonly kinds: readonly ServedKind[];
}

/** The kinds of one cluster that are not built in. */
export class CustomKinds {
  readonly #base: SchemaSet;
  readonly #common: Interpreter;
  readonly #entries: Map<string, Entry>;
  readonly #byPath = new Map<string, ServedKind>();
  /** By id of the resource. One stays when its definition goes: readers may come back to it. */
  readonly #caches = new Map<string, KindCache>();
  /** Names of definitions whose objects a webhook converts. */
  readonly #asking = new Set<string>();
  readonly #core: () => Core;
  #schemas: SchemaSet | undefined;

  constructor(base: SchemaSet, common: Interpreter, core: () => Core, from?: CustomKinds) {
    this.#base = base;
    this.#common = common;
    this.#core = core;
    this.#entries = new Map();
    if (!from) return;
    this.#schemas = from.#schemas;
    for (const [id, cache] of from.#caches) this.#caches.set(id, cache.fork());
    for (const [name, { definition, kinds }] of from.#entries) {
      // Who converts by a webhook asks that of its own cluster.
      const isAsking = conversionHook(definition) !== undefined && kinds.length > 0;
      const own = isAsking ? this.#kindsOf(definition) : kinds.map((kind) => this.#over(kind));
      this.#put(name, { definition, kinds: own });
    }
  }

  /** For another cluster, of which `core` is the server. */
  fork(core: () => Core): CustomKinds {
    return new CustomKinds(this.#base, this.#common, core, this);
  }

  /** The built-in schemas, and those of all kinds that are established. The same until a definition changes. */
  get schemas(): SchemaSet {
    this.#schemas ??= this.#withCustom();
    return this.#schemas;
  }

  /** The kind of `<group>/<version>/<plural>`. */
  at(path: string): ServedKind | undefined {
    return this.#byPath.get(path);
  }

  /** The kind of a resource in the version in which it is stored. */
  byId(id: string): ServedKind | undefined {
    return this.#entries.get(id)?.kinds[0];
  }

  /** Whether a kind is converted by a webhook. */
  get asksWebhooks(): boolean {
    return this.#asking.size > 0;
  }

  /** Each in the version in which it is stored. */
  *all(): IterableIterator<ServedKind> {
    for (const { kinds } of this.#entries.values()) if (kinds[0]) yield kinds[0];
  }

  /** What is stored of a resource, whether it has a definition or not. */
  cacheOf(id: string): KindCache {
    const cache = this.#caches.get(id) ?? new ResourceCache(undefined);
    this.#caches.set(id, cache);
    return cache;
  }

  /** A definition is now this, or gone. */
  change(name: string, definition: Definition | undefined): void {
    for (const kind of this.#entries.get(name)?.kinds ?? []) this.#byPath.delete(pathOf(kind));
    this.#entries.delete(name);
    this.#asking.delete(name);
    this.#schemas = undefined;
    if (!definition) return;
    this.#put(name, { definition, kinds: isServed(definition) ? this.#kindsOf(definition) : [] });
  }

  #put(name: string, entry: Entry): void {
    this.#entries.set(name, entry);
    if (conversionHook(entry.definition)) this.#asking.add(name);
    for (const kind of entry.kinds) {
      const { version } = kind.descriptor;
      const isOffered = entry.definition.spec.versions?.some(
        ({ name: each, served }) => each === version && served,
      );
      if (isOffered) this.#byPath.set(pathOf(kind), kind);
    }
  }

  #over(kind: ServedKind): ServedKind {
    return { ...kind, cache: viewedCache(this.cacheOf(kind.id), kind.custom!) };
  }

  #kindsOf(definition: Definition): ServedKind[] {
    const { versions = [] } = definition.spec;
    const stored = storageVersion(definition);
    if (!stored) return [];
    return [stored, ...versions.filter((each) => each !== stored)].map((version) =>
      this.#kindOf(definition, version, stored),
    );
  }

  #kindOf(
    definition: Definition,
    version: DefinitionVersion,
    stored: DefinitionVersion,
  ): ServedKind {
    const { group = '' } = definition.spec;
    const descriptor = {
      ...customKind(definition, version),
      ...storedAs(group, version, stored),
    };
    const interpreter = interpreterOf(version, this.#common);
    const apiVersion = `${group}/${version.name}`;
    const view = customView(
      { apiVersion, schema: interpreter },
      { apiVersion: `${group}/${stored.name}`, schema: interpreterOf(stored, this.#common) },
      this.#conversionOf(definition),
    );
    const id = resourceId({ group, resource: descriptor.plural });
    const { schema } = interpreter;
    return {
      descriptor,
      id,
      apiVersion,
      prefix: `/registry/${id}/`,
      strategy: customStrategy(definition, descriptor),
      interpreter,
      schema,
      ownershipSchema: {
        schema,
        resolve: (each) => interpreter.resolve(each),
        hasStatus: descriptor.subresources.status !== undefined,
      },
      cache: viewedCache(this.cacheOf(id), view),
      custom: view,
    };
  }

  #conversionOf(definition: Definition): ViewConversion | undefined {
    const hook = conversionHook(definition);
    if (!hook) return undefined;
    return {
      isOutside: hook.clientConfig?.url !== undefined,
      convert: (objects, apiVersion) => {
        const [{ kind = '', apiVersion: given }] = objects as readonly [KubeObject];
        const one = `${given}, Kind=${kind}`;
        const what = objects.length === 1 ? one : `${apiVersion}, Kind=${kind}List`;
        return convertBy(this.#core(), hook, objects, { apiVersion, what });
      },
    };
  }

  #withCustom(): SchemaSet {
    const kinds: KindDescriptor[] = [];
    const definitions: Record<string, Schema> = {};
    for (const { definition, kinds: own } of this.#entries.values()) {
      if (!isEstablished(definition)) continue;
      for (const kind of own) {
        const { descriptor } = kind;
        if (this.#byPath.get(pathOf(kind)) !== kind) continue;
        kinds.push({ ...descriptor, verbs: discoveredVerbs(definition) });
        definitions[descriptor.schema] = published(definition, kind);
      }
    }
    if (kinds.length === 0) return this.#base;
    return {
      ...this.#base,
      kinds: [...this.#base.kinds, ...kinds],
      definitions: { ...this.#base.definitions, ...definitions },
    };
  }
}

function pathOf({ descriptor: { group, version, plural } }: ServedKind): string {
  return `${group}/${version}/${plural}`;
}

function storedAs(
  group: string,
  version: DefinitionVersion,
  stored: DefinitionVersion,
): Pick<KindDescriptor, 'storageVersion'> | object {
  return version === stored ? {} : { storageVersion: `${group}/${stored.name}` };
}

const interpreters = new WeakMap<DefinitionVersion, StructuralInterpreter>();

function interpreterOf(version: DefinitionVersion, common: Interpreter): StructuralInterpreter {
  const known = interpreters.get(version);
  if (known) return known;
  const json = jsonOf(version);
  const made = compileStructural(json, common, ruleCheck(json));
  interpreters.set(version, made);
  return made;
}

const ANYTHING: JsonSchema = { type: 'object' };

const jsonOf = ({ schema }: DefinitionVersion): JsonSchema =>
  (schema?.openAPIV3Schema as JsonSchema | undefined) ?? ANYTHING;

/** The schema as documents show it: as its definition has it. */
function published(definition: Definition, { schema, descriptor }: ServedKind): Schema {
  const version = definition.spec.versions?.find(({ name }) => name === descriptor.version);
  return version ? { ...schema, json: jsonOf(version) } : schema;
}
