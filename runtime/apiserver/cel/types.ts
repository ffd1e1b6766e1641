import type { Environment } from '@marcbachmann/cel-js';
import { type JsonSchema, valuesOf } from '../../../generator/model/index.ts';
import { celName } from './names.ts';

const SCALARS: Readonly<Record<string, string>> = {
  boolean: 'bool',
  integer: 'int',
  number: 'double',
  string: 'string',
};
const FORMATS: Readonly<Record<string, string>> = {
  byte: 'bytes',
  date: 'google.protobuf.Timestamp',
  'date-time': 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
};

const TEXT: JsonSchema = { type: 'string' };
const HEAD: Readonly<Record<string, JsonSchema>> = {
  apiVersion: TEXT,
  kind: TEXT,
  metadata: { type: 'object', properties: { name: TEXT, generateName: TEXT } },
};

/** The fields of a value that expressions can name. Of metadata they know names alone. */
export function fieldsOf(
  { properties = {}, ...schema }: JsonSchema,
  isResource: boolean,
): Readonly<Record<string, JsonSchema>> {
  return isResource || schema['x-kubernetes-embedded-resource']
    ? { ...properties, ...HEAD }
    : properties;
}

/** The type of a schema's values, with those of its fields declared in the environment. */
export function declareType(
  environment: Environment,
  schema: JsonSchema,
  isResource = false,
): string {
  if (schema['x-kubernetes-int-or-string'] || schema.nullable) return 'dyn';
  const { type = '', format = '', items } = schema;
  if (type === 'array') return `list<${items ? declareType(environment, items) : 'dyn'}>`;
  if (type === 'string') return FORMATS[format] ?? 'string';
  if (type !== 'object' && !isResource) return SCALARS[type] ?? 'dyn';
  const values = valuesOf(schema);
  if (values) return `map<string, ${declareType(environment, values)}>`;
  const fields: Record<string, string> = {};
  for (const [name, each] of Object.entries(fieldsOf(schema, isResource))) {
    const called = celName(name);
    if (called !== undefined) fields[called] = declareType(environment, each);
  }
  const name = `object${nextOf(environment)}`;
  environment.registerType(name, { fields });
  return name;
}

const counts = new WeakMap<Environment, number>();

function nextOf(environment: Environment): number {
  const next = (counts.get(environment) ?? 0) + 1;
  counts.set(environment, next);
  return next;
}
