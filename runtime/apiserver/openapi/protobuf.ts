import { FIXED64, LENGTH, Output, VARINT, type Wire } from '../wire/index.ts';

/** Writers of the protocol buffers wire format, put together to codecs of whole messages. */

/** How the values of a type are written. */
export interface Codec {
  readonly wire: Wire;
  /** Puts the value before all that is there already. */
  write(output: Output, value: unknown): void;
}

/** Number of a field in its message, and what it holds; a repeated field is given a list. */
export type Field = readonly [number: number, codec: Codec, repeated?: 'repeated'];

export function encode(codec: Codec, value: unknown): Buffer {
  const output = new Output();
  codec.write(output, value);
  return output.finish();
}

export const text: Codec = {
  wire: LENGTH,
  write: (output, value) => output.text(value as string),
};
export const bool: Codec = {
  wire: VARINT,
  write: (output, value) => output.varint(value ? 1 : 0),
};
export const double: Codec = {
  wire: FIXED64,
  write: (output, value) => output.double(value as number),
};
export const int64: Codec = {
  wire: VARINT,
  write: (output, value) => output.varint(value as number),
};

function writeField(output: Output, number: number, codec: Codec, value: unknown): void {
  output.field(number, codec.wire, () => codec.write(output, value));
}

/**
 * A message given as an object of its fields. `extensions` is the field that takes what begins with `x-`. A key that is
 * no field is a mistake of whoever made the object, and throws: nothing is lost on the way.
 */
export function message(fields: () => Readonly<Record<string, Field>>, extensions?: Field): Codec {
  let known: Readonly<Record<string, Field>> | undefined;
  return {
    wire: LENGTH,
    write(output, value) {
      known ??= fields();
      for (const [name, each] of Object.entries(value as object).reverse()) {
        if (each === undefined) continue;
        if (extensions && name.startsWith('x-')) {
          writeField(output, extensions[0], extensions[1], [name, each]);
          continue;
        }
        const field = Object.hasOwn(known, name) ? known[name] : undefined;
        if (!field) throw new Error(`the message has no field for ${name}`);
        const [number, codec, repeated] = field;
        if (repeated) writeAll(output, number, codec, each as unknown[]);
        else writeField(output, number, codec, each);
      }
    },
  };
}

function writeAll(output: Output, number: number, codec: Codec, values: readonly unknown[]): void {
  for (let at = values.length - 1; at >= 0; at--) writeField(output, number, codec, values[at]);
}

/** A pair of a name and a value. */
export function named(codec: Codec): Codec {
  return {
    wire: LENGTH,
    write(output, pair) {
      const [name, value] = pair as [string, unknown];
      writeField(output, 2, codec, value);
      writeField(output, 1, text, name);
    },
  };
}

/** A map, as a message whose field `number` repeats its pairs. */
export function mapOf(codec: Codec, number = 1): Codec {
  const pair = named(codec);
  return {
    wire: LENGTH,
    write: (output, value) => writeAll(output, number, pair, Object.entries(value as object)),
  };
}

/** A message that holds one field, chosen by the value. */
export function oneOf(choose: (value: unknown) => Field): Codec {
  return {
    wire: LENGTH,
    write(output, value) {
      const [number, codec] = choose(value);
      writeField(output, number, codec, value);
    },
  };
}

/** A message whose first field repeats. */
export function listOf(codec: Codec): Codec {
  return {
    wire: LENGTH,
    write: (output, value) => writeAll(output, 1, codec, value as unknown[]),
  };
}

/** The same for a value that is written as its own list. */
export function listOfOne(codec: Codec): Codec {
  return { wire: LENGTH, write: (output, value) => writeField(output, 1, codec, value) };
}
