import type { EitherPlace, MessageFields, Schema } from '../../../../generator/model/index.ts';
import { Input, LENGTH, type Output } from '../../wire/index.ts';
import { type Codec, readAs, text, writeField, wrongWire } from './values.ts';

type Json = Record<string, unknown>;

/** One number of a message, and the field or fields of the JSON form that it holds. */
interface Part {
  readonly number: number;
  write(output: Output, object: Json): void;
  read(input: Input, wire: number, object: Json): void;
}

/** Gives the codec of a schema's values, be they messages or not. */
export type CodecOf = (schema: Schema) => Codec;

/** What a message is made from. */
export interface MessageSource {
  readonly schema: Schema;
  readonly fields: MessageFields;
  /** The fields of a message inside by its name. */
  fieldsOf(message: string): MessageFields;
  readonly codecOf: CodecOf;
}

/** A message as an object of the JSON form. Its parts are made when first needed: messages may hold themselves. */
export class MessageCodec implements Codec {
  readonly wire = LENGTH;
  readonly #source: MessageSource;
  #parts: readonly Part[] | undefined;
  readonly #byNumber = new Map<number, Part>();

  constructor(source: MessageSource) {
    this.#source = source;
  }

  write(output: Output, value: unknown): void {
    for (const part of this.#all()) part.write(output, value as Json);
  }

  read(input: Input, before?: unknown): Json {
    const object = (before ?? {}) as Json;
    this.readAll(input.inner(), object);
    return object;
  }

  /** Reads the fields up to the end of the input into an object. */
  readAll(input: Input, object: Json): void {
    this.#all();
    while (!input.isAtEnd) {
      const { number, wire } = input.tag();
      const part = this.#byNumber.get(number);
      if (part) part.read(input, wire, object);
      else input.skip(wire);
    }
  }

  /** The highest number first: so they are written. */
  #all(): readonly Part[] {
    if (!this.#parts) {
      this.#parts = partsOf(this.#source).sort((a, b) => b.number - a.number);
      for (const part of this.#parts) this.#byNumber.set(part.number, part);
    }
    return this.#parts;
  }
}

function partsOf(source: MessageSource): Part[] {
  const { schema, fields, codecOf } = source;
  const { properties = {}, required = [] } = schema;
  return Object.entries(fields).flatMap(([name, place]): Part[] => {
    if (isEither(place)) {
      const codec = eitherCodec(place, codecOf);
      const isMap = properties[name]?.values !== undefined;
      return [(isMap ? mapped : single)(place.number, name, codec, isNever)];
    }
    if (typeof place !== 'number') {
      const [number, inner] = place;
      return [
        inlined(number, new MessageCodec({ ...source, fields: source.fieldsOf(inner) }), name),
      ];
    }
    const field = properties[name];
    if (!field) return [];
    if (field.type === 'array') return [listed(place, name, codecOf(field.items!))];
    if (field.values) return [mapped(place, name, mapValueCodec(field.values, codecOf))];
    return [
      single(place, name, codecOf(field), required.includes(name) ? isNever : emptiness(field)),
    ];
  });
}

const isNever = (): boolean => false;

const isEither = (place: MessageFields[string]): place is EitherPlace =>
  typeof place === 'object' && !Array.isArray(place);

/** A value of one of several types. */
function eitherCodec(place: EitherPlace, codecOf: CodecOf): Codec {
  const truth = codecOf({ type: 'boolean' });
  const { boolean, message, messages, strings } = place;
  const parts = [
    ...(boolean === undefined ? [] : [single(boolean, 'boolean', truth, isNever)]),
    ...(message ? [single(message[0], 'message', codecOf({ ref: message[1] }), isNever)] : []),
    ...(messages ? [listed(messages[0], 'list', codecOf({ ref: messages[1] }))] : []),
    ...(strings === undefined ? [] : [listed(strings, 'list', text)]),
  ].sort((a, b) => b.number - a.number);
  const said = (value: unknown): Json => {
    if (Array.isArray(value)) return { list: value };
    return typeof value === 'boolean' ? { boolean: value } : { boolean: true, message: value };
  };
  return {
    wire: LENGTH,
    write(output, value) {
      for (const part of parts) part.write(output, said(value));
    },
    read(input) {
      const found: Json = {};
      const inner = input.inner();
      while (!inner.isAtEnd) {
        const { number, wire } = inner.tag();
        const part = parts.find((each) => each.number === number);
        if (part) part.read(inner, wire, found);
        else inner.skip(wire);
      }
      return (
        found.message ??
        found.list ??
        (boolean === undefined ? undefined : (found.boolean ?? false))
      );
    },
  };
}

/**
 * Whether a value is what Kubernetes' encoders write for a field that is not set: they write every field that is no pointer. The same
 * values count as none in the JSON form.
 */
const emptiness =
  ({ minLength, omitZero, enum: choices }: Schema) =>
  (value: unknown): boolean =>
    value === ''
      ? minLength !== 0 && !choices?.includes('')
      : (value === 0 || value === false) && omitZero === true;

function single(
  number: number,
  name: string,
  codec: Codec,
  isNone: (value: unknown) => boolean,
): Part {
  return {
    number,
    write(output, object) {
      const value = object[name];
      if (value !== undefined && value !== null) writeField(output, number, codec, value);
    },
    read(input, wire, object) {
      const value = readAs(codec, input, wire, name, object[name]);
      if (value === undefined || isNone(value)) delete object[name];
      else object[name] = value;
    },
  };
}

function listed(number: number, name: string, codec: Codec): Part {
  return {
    number,
    write(output, object) {
      const values = (object[name] ?? []) as readonly unknown[];
      for (let at = values.length - 1; at >= 0; at--) writeField(output, number, codec, values[at]);
    },
    read(input, wire, object) {
      const values = (object[name] ?? []) as unknown[];
      object[name] = values;
      if (wire !== LENGTH || codec.wire === LENGTH) {
        values.push(readAs(codec, input, wire, name));
        return;
      }
      const packed = input.inner();
      while (!packed.isAtEnd) values.push(codec.read(packed));
    },
  };
}

/** Numbers of a map's entries. */
const KEY = 1;
const VALUE = 2;

function mapped(number: number, name: string, codec: Codec): Part {
  return {
    number,
    write(output, object) {
      const map = (object[name] ?? {}) as Json;
      for (const key of Object.keys(map).sort().reverse())
        output.field(number, LENGTH, () => {
          writeField(output, VALUE, codec, map[key]);
          writeField(output, KEY, text, key);
        });
    },
    read(input, wire, object) {
      if (wire !== LENGTH) throw wrongWire(wire, name);
      const map = (object[name] ?? {}) as Json;
      object[name] = map;
      const entry = input.inner();
      let key = '';
      let value: unknown;
      while (!entry.isAtEnd) {
        const tag = entry.tag();
        if (tag.number === KEY) key = readAs(text, entry, tag.wire, name) as string;
        else if (tag.number === VALUE) value = readAs(codec, entry, tag.wire, name);
        else entry.skip(tag.wire);
      }
      // Defined, not set: a key may be `__proto__`.
      const isPlain = { writable: true, enumerable: true, configurable: true };
      Object.defineProperty(map, key, { ...isPlain, value: value ?? zeroOf(codec) });
    },
  };
}

const NOTHING = Buffer.of(0);

/** What a value is that is not said: the number zero, or one of no length. */
const zeroOf = (codec: Codec): unknown => codec.read(new Input(NOTHING));

/** Values of a map that are lists are messages with a list. */
function mapValueCodec(values: Schema, codecOf: CodecOf): Codec {
  if (values.type !== 'array') return codecOf(values);
  const items = listed(1, 'items', codecOf(values.items!));
  return {
    wire: LENGTH,
    write: (output, value) => items.write(output, { items: value }),
    read(input) {
      const object: Json = { items: [] };
      const inner = input.inner();
      while (!inner.isAtEnd) {
        const { number, wire } = inner.tag();
        if (number === items.number) items.read(inner, wire, object);
        else inner.skip(wire);
      }
      return object.items;
    },
  };
}

/** A message inside whose fields are the object's own in JSON. */
function inlined(number: number, codec: MessageCodec, name: string): Part {
  return {
    number,
    write(output, object) {
      const before = output.length;
      codec.write(output, object);
      if (output.length === before) return;
      output.varint(output.length - before);
      output.tag(number, LENGTH);
    },
    read: (input, wire, object) => void readAs(codec, input, wire, name, object),
  };
}
