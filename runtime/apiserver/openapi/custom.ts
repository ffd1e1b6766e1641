import type { JsonSchema } from '../../../generator/model/index.ts';
import type { Json } from './definitions.ts';
import type { Dialect } from './names.ts';

/** Keywords that both versions have, in the words of the definition. */
const PLAIN = [
  'description',
  'title',
  'type',
  'format',
  'default',
  'maximum',
  'minimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'multipleOf',
  'enum',
  'maxProperties',
  'minProperties',
  'required',
  'externalDocs',
  'example',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
] as const;
/** Those of which false is the same as none. */
const FLAGS = [
  'exclusiveMaximum',
  'exclusiveMinimum',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
] as const;

const KEEPS_ALL = 'x-kubernetes-preserve-unknown-fields';
const EITHER = [{ type: 'integer' }, { type: 'string' }];

/** How metadata, and the fields that name a type, are written. */
export interface Head {
  readonly metadata: () => Json;
}

const TYPE_FIELDS: Json = {
  apiVersion: {
    description: 'APIVersion defines the group and version of the schema that this object follows.',
    type: 'string',
  },
  kind: { description: 'Kind is the name of the kind that this object is.', type: 'string' },
};

/**
 * The schema of a custom resource as a document shows it. Readers of version 2 know no junctors and no null, and take an object with
 * properties for one that has no others: where unknown fields are kept they are told of none.
 */
export function customSchema(root: JsonSchema, dialect: Dialect, head: Head): Json {
  if (dialect === 'v2' && root[KEEPS_ALL]) return { type: 'object' };
  const schema = published(root, dialect, head);
  return { ...schema, properties: { ...(schema.properties as Json), ...headOf(head) } };
}

const headOf = ({ metadata }: Head): Json => ({ ...TYPE_FIELDS, metadata: metadata() });

type Written = JsonSchema & Json;

function published(schema: JsonSchema, dialect: Dialect, head: Head): Json {
  const written = schema as Written;
  const json: Record<string, unknown> = {};
  for (const name of PLAIN) if (isSaid(written[name])) json[name] = written[name];
  for (const name of FLAGS) if (written[name]) json[name] = true;
  const inside = (each: JsonSchema): Json => published(each, dialect, head);
  if (schema.items) json.items = inside(schema.items);
  if (schema.properties) json.properties = mapped(schema.properties, inside);
  const { additionalProperties: values } = schema;
  if (values !== undefined)
    json.additionalProperties = typeof values === 'object' ? inside(values as JsonSchema) : values;
  if (dialect === 'v2') return plainer(schema, json, head);
  addJunctors(schema, json, inside);
  if (schema.nullable) json.nullable = true;
  return schema['x-kubernetes-embedded-resource'] ? asResource(json, head) : json;
}

const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);

const mapped = (
  properties: Readonly<Record<string, JsonSchema>>,
  inside: (each: JsonSchema) => Json,
): Json =>
  Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, inside(each)]));

function addJunctors(
  { allOf, anyOf, oneOf, not, ...schema }: JsonSchema,
  json: Record<string, unknown>,
  inside: (each: JsonSchema) => Json,
): void {
  for (const [name, each] of Object.entries({ allOf, anyOf, oneOf }))
    if (each?.length) json[name] = each.map(inside);
  if (not) json.not = inside(not);
  const isTold = json.anyOf !== undefined || allOf?.[0]?.anyOf !== undefined;
  if (schema['x-kubernetes-int-or-string'] && !isTold) json.anyOf = EITHER;
}

/** What readers of version 2 can do with a schema. */
function plainer(schema: JsonSchema, json: Record<string, unknown>, head: Head): Json {
  const { properties = {}, additionalProperties } = schema;
  const keepsAll = schema[KEEPS_ALL] === true;
  const isOpen = schema.nullable === true || keepsAll;
  if (isOpen) {
    delete json.items;
    delete json.properties;
  }
  if (isOpen && (schema.nullable || schema.type === 'object' || schema.type === 'array'))
    delete json.type;
  const isNullable = (name: string): boolean => properties[name]?.nullable === true;
  const required = (schema.required ?? []).filter((name) => isOpen || !isNullable(name));
  const values = additionalProperties as JsonSchema | boolean | undefined;
  const valuesAreNullable = typeof values === 'object' && values.nullable === true;
  if (required.length === 0 || valuesAreNullable) delete json.required;
  else json.required = required;
  return schema['x-kubernetes-embedded-resource'] && !keepsAll ? asResource(json, head) : json;
}

/** An object within another has the fields that all objects have. */
function asResource(json: Json, head: Head): Json {
  const { properties, required = [] } = json as {
    properties?: Json;
    required?: readonly string[];
  };
  const missing = ['kind', 'apiVersion'].filter((name) => !required.includes(name));
  return {
    ...json,
    properties: { ...properties, ...headOf(head) },
    required: [...required, ...missing],
  };
}
