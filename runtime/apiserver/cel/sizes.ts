import { type JsonSchema, valuesOf } from '../../../generator/model/index.ts';
import { celName } from './names.ts';
import { fieldsOf } from './types.ts';

/** The largest request that is taken in, in bytes; what has no bound of its own cannot be larger. */
export const REQUEST_BYTES_MAX = 3 * 1024 * 1024;

/** How large the values of a schema can be. */
export interface Shape {
  /** Of a text its bytes, of a list its items, of a map its entries; 0 for what has no size. */
  readonly most: number;
  /** Bytes that a value takes in JSON at least. */
  readonly leastBytes: number;
  readonly fields?: Readonly<Record<string, Shape>>;
  /** What a list or a map holds. */
  readonly elements?: Shape;
  readonly isMap?: boolean;
}

const LEAST: Readonly<Record<string, number>> = { boolean: 4, integer: 1, number: 1 };
const BRACKETS = 2;
/** Bytes of a character in UTF-8 at most. */
const CHARACTER = 4;
/** Texts of a form: how long they are at most, and at least in JSON. */
const FORMS: Readonly<Record<string, readonly [most: number, leastBytes: number]>> = {
  duration: [32, 3],
  date: [12, 12],
  'date-time': [32, 21],
};

/** The shape of a schema's values; undefined where nothing is known of them. */
export function shapeOf(schema: JsonSchema, isResource = false): Shape | undefined {
  const { maxLength, format = '', items } = schema;
  if (schema['x-kubernetes-int-or-string'])
    return { most: lengthOf(maxLength) ?? REQUEST_BYTES_MAX - BRACKETS, leastBytes: 1 };
  if (schema.type === 'array') {
    const elements = items && shapeOf(items, !!items['x-kubernetes-embedded-resource']);
    if (!elements) return undefined;
    const fitting = Math.floor((REQUEST_BYTES_MAX - BRACKETS) / (elements.leastBytes + 1));
    return { most: schema.maxItems ?? fitting, leastBytes: BRACKETS, elements };
  }
  if (schema.type === 'string') {
    const [most, leastBytes] = FORMS[format] ?? [];
    if (most !== undefined && leastBytes !== undefined) return { most, leastBytes };
    const bound = format === 'byte' ? maxLength : lengthOf(maxLength);
    return { most: bound ?? longestOf(schema), leastBytes: BRACKETS };
  }
  if (schema.type !== 'object' && !isResource) {
    const leastBytes = LEAST[schema.type ?? ''];
    return leastBytes === undefined ? undefined : { most: 0, leastBytes };
  }
  return objectShape(schema, isResource);
}

const lengthOf = (characters: number | undefined): number | undefined =>
  characters === undefined ? undefined : characters * CHARACTER;

/** The longest of an enumeration, or all that fits into a request. */
function longestOf({ enum: values = [] }: JsonSchema): number {
  const lengths = values.map((each) => (typeof each === 'string' ? Buffer.byteLength(each) : 0));
  return lengths.length > 0 ? Math.max(...lengths) : REQUEST_BYTES_MAX - BRACKETS;
}

function objectShape(schema: JsonSchema, isResource: boolean): Shape | undefined {
  const values = valuesOf(schema);
  if (values) {
    const elements = shapeOf(values, !!values['x-kubernetes-embedded-resource']);
    if (!elements) return undefined;
    const fitting = Math.floor((REQUEST_BYTES_MAX - BRACKETS) / (elements.leastBytes + 6));
    const most = schema.maxProperties ?? fitting;
    return { most, leastBytes: BRACKETS, elements, isMap: true };
  }
  let leastBytes = BRACKETS;
  const fields: Record<string, Shape> = {};
  for (const [name, each] of Object.entries(fieldsOf(schema, isResource))) {
    const shape = shapeOf(each, !!each['x-kubernetes-embedded-resource']);
    if (!shape) continue;
    const called = celName(name);
    if (called !== undefined) fields[called] = shape;
    const isRequired = schema.required?.includes(name) && each.default === undefined;
    if (isRequired) leastBytes += name.length + shape.leastBytes + 4;
  }
  return { most: 0, leastBytes, fields };
}
