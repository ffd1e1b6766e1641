import { protobufMessages, schemaSet } from '../../../../generated/registry.ts';
import type { MessageFields, Schema, SchemaSet } from '../../../../generator/model/index.ts';
import { badRequest, type KubeObject } from '../../../meta/index.ts';
import { Input, LENGTH, Output, WireError } from '../../wire/index.ts';
import { MessageCodec } from './message.ts';
import { type Codec, isOpen, text, valueCodec, writeField } from './values.ts';

/** What an object says of its type. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

type Messages = Readonly<Record<string, MessageFields>>;
type Json = Record<string, unknown>;

/** What a body in Kubernetes' protobuf begins with. */
const PREFIX = Buffer.from('k8s\0');

/** Fields of `runtime.Unknown`, in which every object goes. */
const TYPE_META = 1;
const RAW = 2;
const CONTENT_ENCODING = 3;
const CONTENT_TYPE = 4;

/** Lists are not among the schemas: all are made alike. */
const LIST_META = 1;
const ITEMS = 2;

const TYPE_META_SCHEMA: Schema = {
  type: 'object',
  properties: { apiVersion: { type: 'string' }, kind: { type: 'string' } },
};
const PARTIAL_SCHEMA: Schema = {
  type: 'object',
  properties: { metadata: { ref: 'meta/v1.ObjectMeta' } },
};

/** Objects in Kubernetes' protobuf, by schemas and the numbers of their fields. */
export class Protobuf {
  readonly #definitions: SchemaSet['definitions'];
  readonly #messages: Messages;
  readonly #byType: ReadonlyMap<string, string>;
  readonly #codecs = new Map<string, Codec>();
  readonly #written = new WeakMap<object, Buffer>();
  readonly #typeMeta = new MessageCodec({
    schema: TYPE_META_SCHEMA,
    fields: { apiVersion: 1, kind: 2 },
    fieldsOf: () => ({}),
    codecOf: valueCodec,
  });
  readonly #partial: Codec;

  constructor(set: SchemaSet, messages: Messages) {
    this.#definitions = set.definitions;
    this.#messages = messages;
    this.#byType = typesOf(set, messages);
    this.#partial = this.#messageCodec(PARTIAL_SCHEMA, { metadata: 1 });
  }

  /** Whether there are objects of the type in protobuf. */
  speaks(type: TypeMeta): boolean {
    return this.#byType.has(keyOf(type));
  }

  /** An object, a list or a Status as a body. */
  encode(object: object): Buffer {
    const { apiVersion, kind } = object as TypeMeta;
    const output = new Output();
    writeField(output, CONTENT_TYPE, text, '');
    writeField(output, CONTENT_ENCODING, text, '');
    output.field(RAW, LENGTH, () => this.#write(output, object));
    writeField(output, TYPE_META, this.#typeMeta, { apiVersion, kind });
    output.bytes(PREFIX);
    return output.finish();
  }

  /** One event of a watch: behind its length a `WatchEvent`, whose object is a body. */
  event(type: string, object: object): Buffer {
    const output = new Output();
    output.field(2, LENGTH, () => {
      output.field(1, LENGTH, () => output.bytes(this.encode(object)));
    });
    writeField(output, 1, text, type);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(output.length);
    output.bytes(length);
    return output.finish();
  }

  /**
   * What a body would be as JSON; of the `expected` type where it does not say its own. Throws a 400 for what is no object of a
   * type that is spoken here.
   */
  decode(body: Buffer, expected: TypeMeta): KubeObject {
    let type: TypeMeta | undefined;
    try {
      const { raw, ...said } = this.#unwrap(body);
      type = {
        apiVersion: said.apiVersion || expected.apiVersion,
        kind: said.kind || expected.kind,
      };
      const codec = this.#codecFor(type, expected);
      const object: Json = { ...type };
      codec.readAll(new Input(raw), object);
      return object as unknown as KubeObject;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw badRequest(complaint(error, { body, type, expected }));
    }
  }

  #unwrap(body: Buffer): TypeMeta & { readonly raw: Buffer } {
    if (body.length === 0) throw new WireError('empty data');
    if (!body.subarray(0, PREFIX.length).equals(PREFIX))
      throw new WireError(
        'provided data does not appear to be a protobuf message, ' +
          `expected prefix [${[...PREFIX].join(' ')}]`,
      );
    if (body.length === PREFIX.length) throw new WireError('empty body');
    const input = new Input(body, PREFIX.length);
    let type: Partial<TypeMeta> = {};
    let raw = body.subarray(0, 0);
    while (!input.isAtEnd) {
      const { number, wire } = input.tag();
      if (number === TYPE_META && wire === LENGTH) type = this.#typeMeta.read(input);
      else if (number === RAW && wire === LENGTH) raw = input.bytes();
      else input.skip(wire);
    }
    return { apiVersion: type.apiVersion ?? '', kind: type.kind ?? '', raw };
  }

  /** Options of a deletion go by the version of what is deleted; everything else by its own. */
  #codecFor(type: TypeMeta, expected: TypeMeta): MessageCodec {
    const isOptions = type.kind === OPTIONS && expected.kind === OPTIONS;
    const definition = isOptions ? `meta/v1.${OPTIONS}` : this.#byType.get(keyOf(type));
    if (definition) return this.#codecOf({ ref: definition }) as MessageCodec;
    throw new WireError(
      keyOf(type) === keyOf(expected)
        ? 'object *unstructured.Unstructured does not implement the protobuf marshalling interface ' +
            'and cannot be encoded to a protobuf message'
        : `no kind "${type.kind}" is registered for version "${type.apiVersion}" ` +
            'in scheme "pkg/api/legacyscheme/scheme.go:30"',
    );
  }

  #write(output: Output, object: object): void {
    const { apiVersion, kind, items, metadata } = object as TypeMeta & ListLike;
    if (!Array.isArray(items) || !kind.endsWith(LIST)) {
      output.bytes(this.#bytesOf(object, { apiVersion, kind }));
      return;
    }
    const type = { apiVersion, kind: kind.slice(0, -LIST.length) };
    for (let at = items.length - 1; at >= 0; at--)
      output.field(ITEMS, LENGTH, () => output.bytes(this.#bytesOf(items[at], type)));
    writeField(output, LIST_META, this.#codecOf({ ref: 'meta/v1.ListMeta' }), metadata ?? {});
  }

  /** The message of an object that cannot change, written once however often it is sent. */
  #bytesOf(object: object, type: TypeMeta): Buffer {
    const known = this.#written.get(object);
    if (known) return known;
    const definition = this.#byType.get(keyOf(type));
    const codec = definition ? this.#codecOf({ ref: definition }) : undefined;
    const output = new Output();
    (type.kind === PARTIAL ? this.#partial : codec!).write(output, object);
    const bytes = output.finish();
    this.#written.set(object, bytes);
    return bytes;
  }

  #codecOf(schema: Schema): Codec {
    const { ref } = schema;
    if (ref === undefined) return valueCodec(schema);
    const known = this.#codecs.get(ref);
    if (known) return known;
    const definition = this.#definitions[ref]!;
    const codec = isOpen(definition)
      ? valueCodec(definition)
      : this.#messageCodec(definition, this.#fieldsOf(ref));
    this.#codecs.set(ref, codec);
    return codec;
  }

  #messageCodec(schema: Schema, fields: MessageFields): MessageCodec {
    return new MessageCodec({
      schema,
      fields,
      fieldsOf: (name) => this.#fieldsOf(name),
      codecOf: (each) => this.#codecOf(each),
    });
  }

  #fieldsOf(name: string): MessageFields {
    const fields = this.#messages[name];
    if (!fields) throw new Error(`${name} has no numbers: add them to schemas/protobuf.yaml`);
    return fields;
  }
}

interface ListLike {
  readonly items?: readonly object[];
  readonly metadata?: object;
}

const LIST = 'List';
const OPTIONS = 'DeleteOptions';
const PARTIAL = 'PartialObjectMetadata';

const keyOf = ({ apiVersion, kind }: TypeMeta): string => `${apiVersion} ${kind}`;

/**
 * Definitions by the type that objects of it name. A folder of `schemas/` is named by its group up to the first dot; what all groups
 * share is also in `v1`.
 */
function typesOf({ groups = [], definitions }: SchemaSet, messages: Messages): Map<string, string> {
  const folders = new Map(groups.map(({ name }) => [name.split('.')[0] || 'core', name]));
  const types = new Map<string, string>();
  for (const definition of Object.keys(messages).filter((name) => definitions[name])) {
    const [, folder = '', version = '', kind = ''] =
      /^([^/]+)\/([^.]+)\.(.+)$/.exec(definition) ?? [];
    const group = folders.get(folder);
    if (group === undefined) continue;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    types.set(keyOf({ apiVersion, kind }), definition);
    if (folder === 'meta') types.set(keyOf({ apiVersion: version, kind }), definition);
  }
  return types;
}

/** As many bytes of a body as an error shows. */
const SHOWN_BYTES = 30;

function complaint(
  { message }: WireError,
  about: { body: Buffer; type: TypeMeta | undefined; expected: TypeMeta },
): string {
  const { body, type, expected } = about;
  if (type?.kind) {
    const version = type.apiVersion.split('/').at(-1);
    return `${type.kind} in version "${version}" cannot be handled as a ${expected.kind}: ${message}`;
  }
  const more = body.length > SHOWN_BYTES ? ' ...' : '';
  const shown = body.length === 0 ? '<empty>' : `${body.toString('hex', 0, SHOWN_BYTES)}${more}`;
  return (
    `the object provided is unrecognized (must be of type ${expected.kind}): ` +
    `${message} (${shown})`
  );
}

let shared: Protobuf | undefined;

/** The one for Kubernetes' own kinds, made when first asked for: what it remembers of objects holds for all servers. */
export function protobuf(): Protobuf {
  shared ??= new Protobuf(schemaSet, protobufMessages());
  return shared;
}
