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

/** Scalars that OpenAPI has a definition of its own for, because no one JSON type covers them. */
const SCALARS: Readonly<Record<string, string>> = {
  IntOrString: 'Either a whole number or a text, for instance a percentage or the name of a port.',
  Quantity:
    'An amount with an optional suffix: decimal ones such as m, k, M or G, or binary ones such as Ki, Mi or Gi; or with a ' +
    'decimal exponent, as in 1e3.',
};

/** `Quantity` or `IntOrString`, where the schema is one. */
export function scalarName({ type, format }: Schema): string | undefined {
  if (type === 'intOrString') return 'IntOrString';
  return format === 'quantity' ? 'Quantity' : undefined;
}

export const scalarText = (name: string): string | undefined => SCALARS[name];

/** The values that a field may take, in the order of OpenAPI documents. A kind's own name is no choice of values. */
export function enumOf(set: SchemaSet, { schema, at }: Place): readonly string[] {
  if (!schema.enum) return [];
  const isHead = set.kinds.some(
    (kind) => at === `${kind.schema}.apiVersion` || at === `${kind.schema}.kind`,
  );
  return isHead ? [] : [...schema.enum].sort();
}
