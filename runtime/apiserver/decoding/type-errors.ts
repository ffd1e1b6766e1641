import { FORMAT_CHECKS, type Schema } from '../../../generator/model/index.ts';
import { timeError } from './go-time.ts';
import { namedType } from './named-types.ts';

/** The schema of a body and the way to follow its references. */
export interface TypeSource {
  readonly schema: Schema;
  resolve(schema: Schema): Schema;
  /** Whole numbers that are written otherwise, by path. */
  readonly literals: Readonly<Record<string, string>>;
  /** Whether the body is what a strategic patch made: the object is then restored from its values, not decoded from text. */
  readonly isRestored?: boolean;
}

/** Where a value stands. */
interface Place {
  /** The Go struct whose field holds the value, and the fields on the way to it from the root. */
  readonly struct: string;
  readonly fields: readonly string[];
  /** `spec.containers[0].name` */
  readonly path: string;
}

const INT32_MAX = 2 ** 31 - 1;

/**
 * The first thing for which a body cannot be decoded, in the words of Go's decoder, in the order of the body; undefined where there is
 * none.
 */
export function typeError(body: unknown, source: TypeSource): string | undefined {
  return new Walk(source).value(source.schema, body, { struct: '', fields: [], path: '' });
}

class Walk {
  readonly #source: TypeSource;

  constructor(source: TypeSource) {
    this.#source = source;
  }

  value(schema: Schema, value: unknown, place: Place): string | undefined {
    if (value === null || value === undefined) return undefined;
    const resolved = this.#source.resolve(schema);
    switch (resolved.type) {
      case 'object':
        return this.#object(schema, resolved, value, place);
      case 'array':
        return this.#array(schema, resolved, value, place);
      case undefined:
      case 'any':
        return undefined;
      default:
        return this.#scalar(resolved, value, place);
    }
  }

  #object(
    schema: Schema,
    { properties, values }: Schema,
    value: object | unknown,
    place: Place,
  ): string | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.#mistyped(schema, value, place);
    const struct = structOf(schema) ?? place.struct;
    for (const [name, each] of Object.entries(value)) {
      const field = properties?.[name];
      const path = place.path === '' ? name : `${place.path}.${name}`;
      const wrong = field
        ? this.value(field, each, { struct, fields: [...place.fields, name], path })
        : values && this.value(values, each, { ...place, path });
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  #array(schema: Schema, { items = {} }: Schema, value: unknown, place: Place): string | undefined {
    if (!Array.isArray(value)) return this.#mistyped(schema, value, place);
    for (const [at, each] of value.entries()) {
      const wrong = this.value(items, each, { ...place, path: `${place.path}[${at}]` });
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  #scalar(schema: Schema, value: unknown, place: Place): string | undefined {
    const { type, format } = schema;
    const literal = this.#source.literals[place.path];
    if (type === 'intOrString') return intOrStringError(value, literal);
    if (format === 'quantity') return quantityError(value);
    if (format === 'date-time' || format === 'micro-time') return timeProblem(value, format);
    if (type === 'integer') {
      const wrong = integerError(schema, value, { place, literal });
      const isOfOtherKind = wrong !== undefined && !Number.isInteger(value);
      return isOfOtherKind && this.#source.isRestored
        ? this.#mistyped(schema, value, place)
        : wrong;
    }
    if (typeof value !== (type === 'number' ? 'number' : type))
      return format === 'byte' && !this.#source.isRestored
        ? bytesError(value, place)
        : this.#mistyped(schema, value, place);
    if (format === 'byte') return this.#base64Error(value as string);
    return format === 'duration' ? durationError(value as string) : undefined;
  }

  #base64Error(text: string): string | undefined {
    const wrong = base64Error(text);
    return wrong && this.#source.isRestored ? `error decoding from json: ${wrong}` : wrong;
  }

  #mistyped(schema: Schema, value: unknown, place: Place): string {
    const type = this.#goType(schema, place);
    return this.#source.isRestored
      ? unrestored(this.#source.resolve(schema), value, type)
      : mistyped(value, place, type);
  }

  #goType(schema: Schema, place: Place): string {
    const struct = structOf(schema);
    const resolved = this.#source.resolve(schema);
    const { type, format, properties, values, items } = resolved;
    if (properties && struct) return `${packageOf(schema)}.${struct}`;
    if (type === 'array') return `[]${this.#goType(items ?? {}, place)}`;
    if (values) {
      const isAmounts = this.#source.resolve(values).format === 'quantity';
      return isAmounts ? 'v1.ResourceList' : `map[string]${this.#goType(values, place)}`;
    }
    if (format === 'byte') return '[]uint8';
    const named = namedType(place.struct, place.fields.at(-1) ?? '');
    if (named && type === 'string') return named;
    if (type === 'integer') return format ?? 'int32';
    return GO_TYPES[type ?? 'any'] ?? 'runtime.RawExtension';
  }
}

const GO_TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'bool',
  number: 'float64',
  intOrString: 'intstr.IntOrString',
};

/** `Container` of `core/v1.Container`. */
const structOf = ({ ref }: Schema): string | undefined => ref?.slice(ref.indexOf('.') + 1);

/** `v1` of `core/v1.Container`. */
function packageOf({ ref = '' }: Schema): string {
  return ref.slice(ref.indexOf('/') + 1, ref.indexOf('.'));
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function mistyped(value: unknown, { struct, fields }: Place, type: string, what?: string): string {
  const found = `json: cannot unmarshal ${what ?? kindOf(value)} into Go`;
  return fields.length === 0
    ? `${found} value of type ${type}`
    : `${found} struct field ${struct}.${fields.join('.')} of type ${type}`;
}

/** Why a value cannot become a Go value of the type, in the words of the conversion from values of no type. */
function unrestored({ type, format, values }: Schema, value: unknown, goType: string): string {
  const kind = reflectedKind(value);
  if (type === 'object')
    return values ? `cannot restore map from ${kind}` : `cannot restore struct from: ${kind}`;
  if (type === 'array' || format === 'byte') return `cannot restore slice from ${kind}`;
  // Go converts between whole numbers and text, and between numbers, but for what would not mean the same.
  const isNear = type === 'string' ? kind === 'int64' : type === 'integer' && kind === 'float64';
  if (isNear) return `cannot convert ${kind} to ${goType}`;
  return `unrecognized type: ${type === 'string' ? type : goType}`;
}

/** Of which kind a value that was JSON is in Go. */
function reflectedKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'object' ? 'map' : kindOf(value);
}

function integerError(
  { format = 'int32' }: Schema,
  value: unknown,
  { place, literal }: { readonly place: Place; readonly literal: string | undefined },
): string | undefined {
  if (typeof value !== 'number') return mistyped(value, place, format);
  const fits =
    Number.isInteger(value) &&
    literal === undefined &&
    (format !== 'int32' || (value <= INT32_MAX && value >= -INT32_MAX - 1));
  return fits ? undefined : mistyped(value, place, format, `number ${literal ?? value}`);
}

function intOrStringError(value: unknown, literal: string | undefined): string | undefined {
  if (typeof value === 'string') return undefined;
  if (typeof value !== 'number')
    return `json: cannot unmarshal ${kindOf(value)} into Go value of type int32`;
  const isWhole = Number.isInteger(value) && literal === undefined && Math.abs(value) <= INT32_MAX;
  return isWhole
    ? undefined
    : `json: cannot unmarshal number ${literal ?? value} into Go value of type int32`;
}

function quantityError(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return FORMAT_CHECKS.quantity(text);
}

function timeProblem(value: unknown, format: 'date-time' | 'micro-time'): string | undefined {
  if (typeof value !== 'string')
    return `json: cannot unmarshal ${kindOf(value)} into Go value of type string`;
  return FORMAT_CHECKS[format](value) ? timeError(value, format === 'micro-time') : undefined;
}

/** A list of bytes is taken as numbers, of which Go says that this one is none. */
function bytesError(value: unknown, place: Place): string {
  if (!Array.isArray(value)) return mistyped(value, place, '[]uint8');
  return mistyped(value[0], place, 'uint8');
}

function base64Error(text: string): string | undefined {
  if (!FORMAT_CHECKS.byte(text)) return undefined;
  const clean = text.replace(/[\r\n]/g, '');
  const stray = clean.search(/[^A-Za-z0-9+/]/);
  const at = stray >= 0 ? stray : clean.length - (clean.length % 4);
  return `illegal base64 data at input byte ${at}`;
}

function durationError(text: string): string | undefined {
  return FORMAT_CHECKS.duration(text)
    ? `time: invalid duration ${JSON.stringify(text)}`
    : undefined;
}
