import { type JsonSchema, valuesOf } from '../../../generator/model/index.ts';
import { celName } from './names.ts';
import { fieldsOf } from './types.ts';

type Json = Readonly<Record<string, unknown>>;

/** A JSON value of a schema as a value of its type: integers are no doubles, times and durations no texts. */
export function celValue(schema: JsonSchema, value: unknown, isResource = false): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return schema.type === 'number' ? value : whole(value);
  if (typeof value === 'string') return textValue(schema, value);
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.map((each) => celValue(items, each));
  }
  return typeof value === 'object' ? objectValue(schema, value as Json, isResource) : value;
}

const whole = (value: number): unknown => (Number.isInteger(value) ? BigInt(value) : value);

function textValue({ type, format }: JsonSchema, text: string): unknown {
  if (type !== 'string') return text;
  if (format === 'byte') return new Uint8Array(Buffer.from(text, 'base64'));
  if (format === 'date' || format === 'date-time') return new Date(text);
  return text;
}

function objectValue(schema: JsonSchema, value: Json, isResource: boolean): unknown {
  const values = valuesOf(schema);
  const output: Record<string, unknown> = {};
  if (values) {
    for (const [name, each] of Object.entries(value)) output[name] = celValue(values, each);
    return output;
  }
  const fields = fieldsOf(schema, isResource);
  for (const [name, each] of Object.entries(value)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const called = field && celName(name);
    if (called !== undefined) output[called] = celValue(field!, each);
  }
  return output;
}
