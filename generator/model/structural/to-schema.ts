import type { FieldType, ListType, Schema } from '../schema.ts';
import { type JsonSchema, valuesOf } from './json-schema.ts';

/** Of a custom resource: what all objects of the API have beside the fields of their kind. */
export const OBJECT_META = 'meta/v1.ObjectMeta';

/**
 * The schema in our own model: how values split into fields and items for those who merge and own them, and of which types fields
 * are. What values must be is held against the JSON schema itself.
 */
export function toSchema(
  json: JsonSchema,
  isResource = json['x-kubernetes-embedded-resource'] === true,
): Schema {
  const values = valuesOf(json);
  const listType = json['x-kubernetes-list-type'] as ListType | undefined;
  const listMapKeys = json['x-kubernetes-list-map-keys'];
  const mapType = json['x-kubernetes-map-type'] as 'granular' | 'atomic' | undefined;
  const isObject = json.type === 'object' || isResource;
  const properties = isObject ? propertiesOf(json, isResource) : undefined;
  return {
    type: typeOf(json),
    ...(properties ? { properties } : {}),
    ...(values ? { values: toSchema(values) } : {}),
    ...(json.items ? { items: toSchema(json.items) } : {}),
    ...(listType ? { listType } : {}),
    ...(listMapKeys ? { listMapKeys } : {}),
    ...(mapType ? { mapType } : {}),
    ...(json['x-kubernetes-preserve-unknown-fields'] ? { preserveUnknown: true } : {}),
    ...(json.nullable ? { nullable: true } : {}),
    ...(isScalar(json.default) ? { default: json.default } : {}),
  };
}

/** Defaults of keys tell items apart; those of objects are no matter of merging. */
const isScalar = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function propertiesOf(json: JsonSchema, isResource: boolean): Schema['properties'] | undefined {
  const own = json.properties && Object.entries(json.properties);
  if (!own && !isResource && !json['x-kubernetes-preserve-unknown-fields']) return undefined;
  const fields = (own ?? []).map(([name, each]) => [name, toSchema(each)] as const);
  const head = isResource
    ? { apiVersion: TEXT, kind: TEXT, metadata: { ref: OBJECT_META } satisfies Schema }
    : {};
  return { ...Object.fromEntries(fields), ...head };
}

const TEXT: Schema = { type: 'string' };

const TYPES: readonly FieldType[] = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

function typeOf(json: JsonSchema): FieldType {
  if (json['x-kubernetes-int-or-string']) return 'intOrString';
  return TYPES.find((each) => each === json.type) ?? 'any';
}
