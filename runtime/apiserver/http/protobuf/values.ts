import type { Schema } from '../../../../generator/model/index.ts';
import { assert } from '../../../base/index.ts';
import { formatTime } from '../../../meta/index.ts';
import {
  FIXED64,
  type Input,
  LENGTH,
  type Output,
  VARINT,
  type Wire,
  WireError,
} from '../../wire/index.ts';
import { checkDepth } from '../depth.ts';

/** How values of one type are written and read; values are those of the JSON form. */
export interface Codec {
  readonly wire: Wire;
  /** Puts the value before all that is there already. */
  write(output: Output, value: unknown): void;
  /** The value; undefined for one that the JSON form leaves out. `before` is what an earlier part of the message said. */
  read(input: Input, before?: unknown): unknown;
}

export const text: Codec = {
  wire: LENGTH,
  write: (output, value) => output.text(value as string),
  read: (input) => input.text(),
};

const bytes: Codec = {
  wire: LENGTH,
  write: (output, value) => output.bytes(Buffer.from(value as string, 'base64')),
  read: (input) => input.bytes().toString('base64'),
};

const bool: Codec = {
  wire: VARINT,
  write: (output, value) => output.varint(value ? 1 : 0),
  read: (input) => input.bool(),
};

const int32: Codec = {
  wire: VARINT,
  write: (output, value) => output.int64(value as number),
  read: (input) => input.int32(),
};

const int64: Codec = { ...int32, read: (input) => input.int64() };

const double: Codec = {
  wire: FIXED64,
  write: (output, value) => output.double(value as number),
  read: (input) => input.double(),
};

/** The fields of a small message by number; what is not said is undefined. */
function fieldsOf(input: Input, codecs: readonly Codec[]): unknown[] {
  const values: unknown[] = [];
  while (!input.isAtEnd) {
    const { number, wire } = input.tag();
    const codec = codecs[number - 1];
    if (!codec) input.skip(wire);
    else values[number - 1] = readAs(codec, input, wire, `${number}`);
  }
  return values;
}

/** Reads a value that has to be written as its codec writes it. */
export function readAs(codec: Codec, input: Input, wire: number, field: string, before?: unknown) {
  if (wire !== codec.wire) throw wrongWire(wire, field);
  return codec.read(input, before);
}

export function wrongWire(wire: number, field: string): WireError {
  const name = field.charAt(0).toUpperCase() + field.slice(1);
  return new WireError(`proto: wrong wireType = ${wire} for field ${name}`);
}

export function writeField(output: Output, number: number, codec: Codec, value: unknown): void {
  output.field(number, codec.wire, () => codec.write(output, value));
}

const quantity: Codec = {
  wire: LENGTH,
  write: (output, value) => writeField(output, 1, text, value),
  read: (input) => fieldsOf(input.inner(), [text])[0] ?? '0',
};

const SECONDS_MIN = Date.parse('0001-01-01T00:00:00Z') / 1000;
const SECONDS_MAX = Date.parse('9999-12-31T23:59:59Z') / 1000;

/** `metav1.Time` and `MicroTime`: seconds and nanoseconds; an empty message is no time. */
function timeCodec(hasMicros: boolean): Codec {
  return {
    wire: LENGTH,
    write(output, value) {
      const ms = Date.parse(value as string);
      const [, digits = ''] = /\.(\d{1,6})/.exec(value as string) ?? [];
      writeField(output, 2, int32, hasMicros ? Number(digits.padEnd(6, '0')) * 1000 : 0);
      writeField(output, 1, int64, Math.floor(ms / 1000));
    },
    read(input) {
      const inner = input.inner();
      if (inner.isAtEnd) return undefined;
      const [seconds = 0, nanos = 0] = fieldsOf(inner, [int64, int32]) as number[];
      if (seconds < SECONDS_MIN || seconds > SECONDS_MAX || nanos < 0 || nanos >= 1e9)
        throw new WireError(`${seconds} seconds and ${nanos} nanoseconds are no time`);
      const whole = formatTime(seconds * 1000).slice(0, -1);
      const micros = String(Math.floor(nanos / 1000)).padStart(6, '0');
      return hasMicros ? `${whole}.${micros}Z` : `${whole}Z`;
    },
  };
}

/** A message that says which of its two values counts. */
const intOrString: Codec = {
  wire: LENGTH,
  write(output, value) {
    const isText = typeof value === 'string';
    writeField(output, 3, text, isText ? value : '');
    writeField(output, 2, int32, isText ? 0 : value);
    writeField(output, 1, int64, isText ? 1 : 0);
  },
  read(input) {
    const [type = 0, number = 0, string = ''] = fieldsOf(input.inner(), [int64, int32, text]);
    if (type !== 0 && type !== 1) throw new WireError('invalid type');
    return type === 1 ? string : number;
  },
};

/** Any JSON, as its text. */
const json: Codec = {
  wire: LENGTH,
  write: (output, value) => writeField(output, 1, text, JSON.stringify(value)),
  read(input) {
    const [content] = fieldsOf(input.inner(), [text]) as string[];
    if (!content) return undefined;
    checkDepth(content);
    try {
      return JSON.parse(content) as unknown;
    } catch (error) {
      throw new WireError((error as Error).message);
    }
  },
};

/** Whether an object may be anything: it goes as JSON in a message of its own. */
export const isOpen = ({ type, properties, values, preserveUnknown }: Schema): boolean =>
  type === 'any' || (type === 'object' && !!preserveUnknown && !properties && !values);

const BY_FORMAT: Readonly<Record<string, Codec>> = {
  byte: bytes,
  quantity,
  'date-time': timeCodec(false),
  'micro-time': timeCodec(true),
};

/** The codec of what is neither a message, a list nor a map. */
export function valueCodec(schema: Schema): Codec {
  if (isOpen(schema)) return json;
  const { type, format = '' } = schema;
  switch (type) {
    case 'string':
      assert(format !== 'duration', 'no field of an API that is spoken in protobuf is a duration');
      return BY_FORMAT[format] ?? text;
    case 'integer':
      return format === 'int32' ? int32 : int64;
    case 'number':
      return double;
    case 'boolean':
      return bool;
    case 'intOrString':
      return intOrString;
    default:
      throw new Error(`protobuf has no form for ${JSON.stringify(schema)}`);
  }
}
