import { forbidden, invalid, type Problem, required } from '../problem.ts';
import { asSchema, type WrittenSchema } from './schema-rules.ts';

type Level = 'root' | 'item' | 'field';

const EMPTY_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/**
 * What keeps a schema from being structural: each value has one type that is said once, outside of allOf, anyOf, oneOf and not, which
 * only say what values may be.
 */
export function structuralProblems(schema: WrittenSchema, at: string): Problem[] {
  const found = [...invariantProblems(schema, at, 'root'), ...incomplete(schema, schema, at, at)];
  const textOf = ({ field, message }: Problem): string => `${field}: ${message}`;
  return found.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

function invariantProblems(schema: WrittenSchema, at: string, level: Level): Problem[] {
  const values = asSchema(schema.additionalProperties);
  return [
    ...(schema.type === 'array' && !schema.items
      ? [required(`${at}.items`, 'must be specified')]
      : []),
    ...(schema.items ? invariantProblems(schema.items, `${at}.items`, 'item') : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
      invariantProblems(each, `${at}.properties[${name}]`, 'field'),
    ),
    ...(schema.additionalProperties !== undefined && level === 'root'
      ? [forbidden(`${at}.additionalProperties`, 'must not be used at the root')]
      : []),
    ...(values ? invariantProblems(values, `${at}.additionalProperties`, 'field') : []),
    ...extensionProblems(schema, at),
    ...junctors(schema, at),
    ...patternProblems(schema, at),
    ...typeProblems(schema, at, level),
    ...headProblems(schema, at, level),
  ];
}

function extensionProblems(schema: WrittenSchema, at: string): Problem[] {
  if (!schema['x-kubernetes-int-or-string']) return [];
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter((name) => schema[name])
    .map((name) =>
      invalid(`${at}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true'),
    );
}

function typeProblems(schema: WrittenSchema, at: string, level: Level): Problem[] {
  const { type = '', additionalProperties, properties = {} } = schema;
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  const keepsAll = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const found: Problem[] = [];
  if (isResource && type !== 'object') {
    const words = 'must be object if x-kubernetes-embedded-resource is true';
    found.push(type === '' ? required(`${at}.type`, words) : invalid(`${at}.type`, type, words));
  } else if (type === '' && !schema['x-kubernetes-int-or-string'] && !keepsAll)
    found.push(required(`${at}.type`, EMPTY_TYPE[level]));
  if (isResource && additionalProperties !== undefined)
    found.push(
      forbidden(
        `${at}.additionalProperties`,
        'must not be used if x-kubernetes-embedded-resource is set',
      ),
    );
  if (level === 'root' && type !== '' && type !== 'object')
    found.push(invalid(`${at}.type`, type, 'must be object at the root'));
  if (isResource && !keepsAll && Object.keys(properties).length === 0)
    found.push(
      required(
        `${at}.properties`,
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ),
    );
  return found;
}

/** apiVersion, kind and metadata of whole objects are what they always are. */
function headProblems(schema: WrittenSchema, at: string, level: Level): Problem[] {
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  const isWhole = level === 'root' || schema['x-kubernetes-embedded-resource'] === true;
  if (!isWhole) return [];
  const found: Problem[] = [];
  for (const [name, each] of Object.entries({ kind, apiVersion }))
    if (each && each.type !== 'string')
      found.push(invalid(`${at}.properties[${name}].type`, each.type ?? '', 'must be string'));
  if (!metadata) return found;
  const path = `${at}.properties[metadata]`;
  if (metadata.type !== 'object')
    found.push(invalid(`${path}.type`, metadata.type ?? '', 'must be object'));
  if (level === 'root' && saysMore(metadata))
    found.push(
      forbidden(
        path,
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    );
  return found;
}

function saysMore({
  type: _,
  default: __,
  description: ___,
  properties = {},
  ...rest
}: WrittenSchema): boolean {
  const isNamed = Object.keys(properties).every(
    (name) => name === 'name' || name === 'generateName',
  );
  return !isNamed || Object.keys(rest).length > 0;
}

/** Integer or text, said in the way that clients without the extension understand: types are allowed there. */
function isIntOrString(schemas: readonly WrittenSchema[] | undefined): boolean {
  const types = (schemas ?? []).map((each) => (Object.keys(each).length === 1 ? each.type : ''));
  return types.length === 2 && types[0] === 'integer' && types[1] === 'string';
}

function patternProblems({ pattern }: WrittenSchema, at: string): Problem[] {
  if (!pattern) return [];
  try {
    new RegExp(pattern);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      invalid(`${at}.pattern`, pattern, `must be a valid regular expression, but isn't: ${why}`),
    ];
  }
}

function junctors(
  schema: WrittenSchema,
  at: string,
  skipsAny = isIntOrString(schema.anyOf),
): Problem[] {
  const { anyOf = [], allOf = [], oneOf = [], not } = schema;
  return [
    ...(skipsAny
      ? []
      : anyOf.flatMap((each, index) => nestedProblems(each, `${at}.anyOf[${index}]`, false))),
    ...allOf.flatMap((each, index) =>
      nestedProblems(each, `${at}.allOf[${index}]`, index === 0 && isIntOrString(each.anyOf)),
    ),
    ...oneOf.flatMap((each, index) => nestedProblems(each, `${at}.oneOf[${index}]`, false)),
    ...(not ? nestedProblems(not, `${at}.not`, false) : []),
  ];
}

/** What may not be said under a junctor, and how a value has to be for it not to be said. */
const FORBIDDEN: readonly (readonly [keyof WrittenSchema, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

function nestedProblems(schema: WrittenSchema, at: string, skipsAny: boolean): Problem[] {
  const found = junctors(schema, at, skipsAny);
  if (schema.items) found.push(...nestedProblems(schema.items, `${at}.items`, false));
  for (const [name, each] of Object.entries(schema.properties ?? {}))
    found.push(...nestedProblems(each, `${at}.properties[${name}]`, false));
  for (const [name, words] of FORBIDDEN) {
    const value = schema[name];
    if (value === undefined || value === '' || value === false) continue;
    found.push(forbidden(`${at}.${name}`, words));
  }
  if (schema.properties?.metadata)
    found.push(
      forbidden(`${at}.properties[metadata]`, 'must not be specified in a nested context'),
    );
  return found;
}

/** Fields and items that a junctor of the whole object says something of, but that are not in the schema itself. */
function incomplete(
  schema: WrittenSchema | undefined,
  said: WrittenSchema,
  at: string,
  saidAt: string,
): Problem[] {
  const { anyOf = [], allOf = [], oneOf = [], not } = said;
  const all: [string, WrittenSchema][] = [
    ...anyOf.map((each, index): [string, WrittenSchema] => [`anyOf[${index}]`, each]),
    ...allOf.map((each, index): [string, WrittenSchema] => [`allOf[${index}]`, each]),
    ...oneOf.map((each, index): [string, WrittenSchema] => [`oneOf[${index}]`, each]),
    ...(not ? [['not', not] satisfies [string, WrittenSchema]] : []),
  ];
  return all.flatMap(([name, each]) => lacking(schema, each, at, `${saidAt}.${name}`));
}

function lacking(
  schema: WrittenSchema | undefined,
  said: WrittenSchema,
  at: string,
  saidAt: string,
): Problem[] {
  const found = incomplete(schema, said, at, saidAt);
  const why = (place: string): string => `because it is defined in ${saidAt}.${place}`;
  if (said.items) {
    if (!schema?.items) found.push(required(`${at}.items`, why('items')));
    else found.push(...lacking(schema.items, said.items, `${at}.items`, `${saidAt}.items`));
  }
  for (const [name, each] of Object.entries(said.properties ?? {})) {
    const place = `properties[${name}]`;
    const own = schema?.properties?.[name];
    if (!own) found.push(required(`${at}.${place}`, why(place)));
    else found.push(...lacking(own, each, `${at}.${place}`, `${saidAt}.${place}`));
  }
  return found;
}
