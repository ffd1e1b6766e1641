import type { KindDescriptor, Schema, SchemaSet } from '../model/schema.ts';

/** Texts by definition and field path, as `generated/registry.ts` gives them. */
export type Docs = Readonly<Record<string, string>>;

/** What is to be explained, and how far down. */
export interface ExplainRequest {
  readonly set: SchemaSet;
  readonly docs: Docs;
  readonly kind: KindDescriptor;
  readonly path: readonly string[];
  readonly recursive: boolean;
  readonly maxDepth: number;
}

/** A schema with the key under which its text is kept: `core/v1.PodSpec.containers[]`. */
export interface Place {
  readonly schema: Schema;
  readonly at: string;
}

export function definitionPlace(set: SchemaSet, name: string): Place {
  return { schema: set.definitions[name] ?? {}, at: name };
}

/** What a reference leads to; undefined for a schema that is none. */
export function targetOf(set: SchemaSet, { schema }: Place): Place | undefined {
  return schema.ref === undefined ? undefined : definitionPlace(set, schema.ref);
}

/** The properties by name, sorted as both layouts list them. */
export function propertiesOf(place: Place): [string, Place][] {
  return Object.keys(place.schema.properties ?? {})
    .sort()
    .map((name) => [name, propertyOf(place, name)!]);
}

export function propertyOf({ schema, at }: Place, name: string): Place | undefined {
  const properties = schema.properties ?? {};
  if (!Object.hasOwn(properties, name)) return undefined;
  return { schema: properties[name]!, at: `${at}.${name}` };
}

/** The items of a list or the values of a map. */
export function elementOf({ schema, at }: Place): Place | undefined {
  if (schema.items) return { schema: schema.items, at: `${at}[]` };
  return schema.values && { schema: schema.values, at: `${at}{}` };
}

/** The values that a field may take, in the order of OpenAPI documents. A kind's own name is no choice of values. */
export function enumOf(set: SchemaSet, { schema, at }: Place): readonly string[] {
  if (!schema.enum) return [];
  const isHead = set.kinds.some(
    (kind) => at === `${kind.schema}.apiVersion` || at === `${kind.schema}.kind`,
  );
  return isHead ? [] : [...schema.enum].sort();
}
