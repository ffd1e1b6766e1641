import type { JsonRule, JsonSchema } from '../../../../generator/model/index.ts';
import { pathIn } from '../../cel/index.ts';
import { forbidden, invalid, notSupported, type Problem, required } from '../problem.ts';

/** A schema with what JSON schema has, and definitions may not use. */
export interface WrittenSchema extends JsonSchema {
  readonly $ref?: string;
  readonly id?: string;
  readonly title?: string;
  readonly uniqueItems?: boolean;
  readonly additionalItems?: unknown;
  readonly definitions?: Readonly<Record<string, WrittenSchema>>;
  readonly dependencies?: unknown;
  readonly patternProperties?: unknown;
}

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const METADATA = new Set(['metadata', 'kind', 'apiVersion']);
const LIST_TYPES = ['atomic', 'set', 'map'];
const MAP_TYPES = ['atomic', 'granular'];
export const REASONS: readonly string[] = [
  'FieldValueDuplicate',
  'FieldValueForbidden',
  'FieldValueInvalid',
  'FieldValueRequired',
];

/** Where a schema stands, as far as that matters for what it may say. */
interface Place {
  readonly isRoot: boolean;
  readonly isInMetadata: boolean;
  /** Why there may be no default. */
  readonly noDefault?: string;
}

const ELSEWHERE: Place = { isRoot: false, isInMetadata: false };

/** What the API refuses in a schema whatever it describes. `at` is the path of the schema. */
export function schemaProblems(
  schema: WrittenSchema,
  at: string,
  place: Place = { ...ELSEWHERE, isRoot: true },
): Problem[] {
  return [
    ...ownProblems(schema, at, place),
    ...additionalProblems(schema, at, place),
    ...propertyProblems(schema, at, place),
    ...nested(schema).flatMap(([name, each]) =>
      schemaProblems(each, `${at}.${name}`, below(place)),
    ),
    ...extensionProblems(schema, at),
    ...listProblems(schema, at),
    ...(schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) =>
      ruleProblems(rule, schema, `${at}.x-kubernetes-validations[${index}]`),
    ),
  ];
}

const below = (place: Place): Place => ({ ...place, isRoot: false });

/** Schemas in a schema that are about the same value, or about items. */
export function nested(schema: WrittenSchema): [string, WrittenSchema][] {
  const several = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((name) =>
    (schema[name] ?? []).map((each, index): [string, WrittenSchema] => [`${name}[${index}]`, each]),
  );
  return [
    ...(schema.not ? [['not', schema.not] satisfies [string, WrittenSchema]] : []),
    ...several,
    ...Object.entries(schema.definitions ?? {}).map(([name, each]): [string, WrittenSchema] => [
      `definitions[${name}]`,
      each,
    ]),
    ...(schema.items ? [['items', schema.items] satisfies [string, WrittenSchema]] : []),
  ];
}

function ownProblems(schema: WrittenSchema, at: string, place: Place): Problem[] {
  const { type, uniqueItems } = schema;
  const found: Problem[] = [];
  if (type && !TYPES.includes(type)) found.push(notSupported(`${at}.type`, type, TYPES));
  if (type === 'null')
    found.push(
      forbidden(`${at}.type`, 'type cannot be set to null, use nullable as an alternative'),
    );
  if (schema.default !== undefined && place.noDefault)
    found.push(forbidden(`${at}.default`, `must not be set ${place.noDefault}`));
  for (const name of REFUSED)
    if (schema[name] !== undefined)
      found.push(forbidden(`${at}.${name}`, `${name} is not supported`));
  if (schema['x-kubernetes-embedded-resource'] && place.isInMetadata)
    found.push(
      forbidden(`${at}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'),
    );
  if (uniqueItems)
    found.push(
      forbidden(
        `${at}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  return found;
}

const REFUSED = [
  'id',
  'additionalItems',
  'patternProperties',
  'definitions',
  'dependencies',
  '$ref',
] as const;

function additionalProblems(schema: WrittenSchema, at: string, place: Place): Problem[] {
  const { additionalProperties, properties = {} } = schema;
  if (additionalProperties === undefined) return [];
  const found: Problem[] = [];
  if (Object.keys(properties).length > 0 && additionalProperties !== true)
    found.push(
      forbidden(
        `${at}.additionalProperties`,
        'additionalProperties and properties are mutual exclusive',
      ),
    );
  const inside = place.isInMetadata
    ? { ...below(place), noDefault: 'inside additionalProperties applying to object metadata' }
    : below(place);
  const values = asSchema(additionalProperties);
  if (values) found.push(...schemaProblems(values, `${at}.additionalProperties`, inside));
  return found;
}

export function asSchema(value: unknown): WrittenSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as WrittenSchema)
    : undefined;
}

function propertyProblems(schema: WrittenSchema, at: string, place: Place): Problem[] {
  const isResource = place.isRoot || schema['x-kubernetes-embedded-resource'] === true;
  return Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const isHead = isResource && METADATA.has(name);
    const inside: Place = {
      ...below(place),
      ...(isHead ? { isInMetadata: true } : {}),
      ...(isHead && place.isRoot ? { noDefault: `in top-level ${name}` } : {}),
    };
    return schemaProblems(each, `${at}.properties[${name}]`, inside);
  });
}

/** An extension that is only for values of one type. */
function typeFor(schema: WrittenSchema, at: string, type: string, extension: string): Problem[] {
  if (schema.type === type) return [];
  const words = `must be ${type} if ${extension} is specified`;
  return [schema.type ? invalid(`${at}.type`, schema.type, words) : required(`${at}.type`, words)];
}

function extensionProblems(schema: WrittenSchema, at: string): Problem[] {
  const found: Problem[] = [];
  const mapType = schema['x-kubernetes-map-type'];
  const listType = schema['x-kubernetes-list-type'];
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    found.push(
      invalid(`${at}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'),
    );
  if (mapType !== undefined) {
    found.push(...typeFor(schema, at, 'object', 'x-kubernetes-map-type'));
    if (!MAP_TYPES.includes(mapType))
      found.push(notSupported(`${at}.x-kubernetes-map-type`, mapType, MAP_TYPES));
  }
  if (listType === undefined) return found;
  const mistyped = typeFor(schema, at, 'array', 'x-kubernetes-list-type');
  found.push(...mistyped);
  if (mistyped.length === 0 && listType === 'set') found.push(...setProblems(schema, at));
  if (!LIST_TYPES.includes(listType))
    found.push({
      field: `${at}.x-kubernetes-list-type`,
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(listType)}: supported values: "atomic", "set", "map"`,
    });
  return found;
}

/** Items of a set are one thing each. */
function setProblems({ items }: WrittenSchema, at: string): Problem[] {
  const words = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const of = (extension: 'x-kubernetes-list-type' | 'x-kubernetes-map-type'): Problem[] => [
    invalid(`${at}.items.${extension}`, items?.[extension] ?? null, words),
  ];
  const { type } = items ?? {};
  const inner = items?.['x-kubernetes-list-type'];
  if (type === 'array' && inner !== undefined && inner !== 'atomic')
    return of('x-kubernetes-list-type');
  return type === 'object' && items?.['x-kubernetes-map-type'] !== 'atomic'
    ? of('x-kubernetes-map-type')
    : [];
}

function listProblems(schema: WrittenSchema, at: string): Problem[] {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const listType = schema['x-kubernetes-list-type'];
  const found: Problem[] = [];
  if (keys.length > 0 && listType !== 'map') {
    const path = `${at}.x-kubernetes-list-type`;
    const words = 'must be map if x-kubernetes-list-map-keys is non-empty';
    found.push(listType === undefined ? required(path, words) : invalid(path, listType, words));
  }
  if (listType === 'map') found.push(...keyedProblems(schema, keys, at));
  if ((listType === 'map' || listType === 'set') && schema.items?.nullable)
    found.push(
      forbidden(
        `${at}.items.nullable`,
        `cannot be nullable when x-kubernetes-list-type is ${listType}`,
      ),
    );
  if (listType === 'map') found.push(...keys.flatMap((key) => absentKeyProblems(schema, key, at)));
  return found;
}

function keyedProblems({ items }: WrittenSchema, keys: readonly string[], at: string): Problem[] {
  const path = `${at}.x-kubernetes-list-map-keys`;
  const found: Problem[] = [];
  if (keys.length === 0)
    found.push(required(path, 'must not be empty if x-kubernetes-list-type is map'));
  if (!items) {
    const words = 'must have a schema if x-kubernetes-list-type is map';
    return [...found, required(`${at}.items`, words)];
  }
  if (items.type !== 'object') {
    const words = "must be object if parent array's x-kubernetes-list-type is map";
    return [...found, invalid(`${at}.items.type`, items.type ?? '', words)];
  }
  for (const [index, key] of keys.entries()) {
    const { type } = items.properties?.[key] ?? {};
    const words = "must be a scalar type if parent array's x-kubernetes-list-type is map";
    if (type === 'array' || type === 'object')
      found.push(invalid(`${at}.items.properties[${key}].type`, items.type, words));
    if (!items.properties?.[key])
      found.push(invalid(path, keys, 'entries must all be names of item properties'));
    if (keys.indexOf(key) < index)
      found.push(invalid(path, keys, 'must not contain duplicate entries'));
  }
  return found;
}

/** A key that an item could do without. */
function absentKeyProblems({ items }: WrittenSchema, key: string, at: string): Problem[] {
  const own = items?.properties?.[key];
  if (!own) return [];
  const path = `${at}.items.properties[${key}]`;
  const keys = 'this property is in x-kubernetes-list-map-keys';
  const found: Problem[] = [];
  if (own.default === undefined && !items?.required?.includes(key))
    found.push(
      required(`${path}.default`, `${keys}, so it must have a default or be a required property`),
    );
  if (own.nullable) found.push(forbidden(`${path}.nullable`, `${keys}, so it cannot be nullable`));
  return found;
}

const hasBreaks = (text: string): boolean => /[\r\n]/.test(text);

/** The form of a rule; what it says is asked of CEL. */
function ruleProblems(rule: JsonRule, schema: WrittenSchema, at: string): Problem[] {
  const { message = '', messageExpression, reason, fieldPath } = rule;
  const text = (rule.rule ?? '').trim();
  const said = message.trim();
  const found: Problem[] = [];
  if (text === '') found.push(required(`${at}.rule`, 'rule is not specified'));
  else if (message !== '' && said === '')
    found.push(invalid(`${at}.message`, message, 'must be non-empty if specified'));
  else if (hasBreaks(said))
    found.push(invalid(`${at}.message`, message, 'must not contain line breaks'));
  else if (hasBreaks(text) && said === '')
    found.push(required(`${at}.message`, 'message must be specified if rule contains line breaks'));
  if (messageExpression && messageExpression.trim() === '')
    found.push(
      required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'),
    );
  if (reason !== undefined && !REASONS.includes(reason))
    found.push(notSupported(`${at}.reason`, reason, REASONS));
  if (fieldPath && fieldPath.trim() === '')
    found.push(invalid(`${at}.fieldPath`, fieldPath, 'must be non-empty if specified'));
  if (fieldPath && hasBreaks(fieldPath))
    found.push(invalid(`${at}.fieldPath`, fieldPath, 'must not contain line breaks'));
  if (fieldPath && pathIn(schema, fieldPath.trim()) === undefined)
    found.push(invalid(`${at}.fieldPath`, fieldPath, 'must be a valid path'));
  return found;
}
