import fc from 'fast-check';
import { protobufMessages, schemaSet } from '../../../../generated/registry.ts';
import type {
  EitherPlace,
  KindDescriptor,
  MessageFields,
  Schema,
} from '../../../../generator/model/index.ts';

const messages = protobufMessages();
const byName = new Map<string, fc.Arbitrary<unknown>>();

const KINDS = schemaSet.kinds.filter(({ schema }) => messages[schema]);

/** Any object of any kind that is spoken, as full as its schema allows; what it does not say is absent, not empty. */
export const anyObject: fc.Arbitrary<object> = fc
  .constantFrom(...KINDS)
  .chain((kind) => fc.tuple(fc.constant(kind), ofName(kind.schema)))
  .map(([{ group, version, kind }, fields]: [KindDescriptor, unknown]) => ({
    ...(fields as object),
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
  }));

function ofName(name: string): fc.Arbitrary<unknown> {
  let known = byName.get(name);
  if (!known) {
    // What is in one of its own kind is small.
    byName.set(name, fc.constant(SMALL));
    known = ofSchema(schemaSet.definitions[name]!, messages[name]);
    byName.set(name, known);
  }
  return known;
}

/** A schema within a schema. */
const SMALL = { type: 'string' };

const text = fc.string({ unit: 'grapheme', minLength: 1 });
const anyJson = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant([])), {
  maxKeys: 3,
});
const SECOND_MIN = Date.parse('0001-01-01T00:00:00Z') / 1000;
const SECOND_MAX = Date.parse('9999-12-31T23:59:59Z') / 1000;
const second = fc
  .integer({ min: SECOND_MIN, max: SECOND_MAX })
  .map((value) => new Date(value * 1000).toISOString().slice(0, 19));

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  byte: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  quantity: fc.nat().map((amount) => `${amount}Mi`),
  'date-time': second.map((value) => `${value}Z`),
  'micro-time': fc
    .tuple(second, fc.integer({ min: 0, max: 999_999 }))
    .map(([value, micros]) => `${value}.${String(micros).padStart(6, '0')}Z`),
};

const notZero = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  arbitrary.filter((value) => value !== 0 && value !== false);

function ofSchema(schema: Schema, places?: MessageFields): fc.Arbitrary<unknown> {
  const { ref, type, format = '', properties, values, items, preserveUnknown } = schema;
  if (ref) return ofName(ref);
  switch (type) {
    case 'object':
      if (values) return fc.dictionary(text, ofSchema(values), { minKeys: 1, maxKeys: 3 });
      if (properties) return ofProperties(properties, places ?? {});
      return preserveUnknown ? anyJson : fc.constant({});
    case 'array':
      return fc.array(ofSchema(items!), { minLength: 1, maxLength: 2 });
    case 'string':
      return FORMATS[format] ?? text;
    case 'integer':
      return notZero(format === 'int32' ? fc.integer() : fc.maxSafeInteger());
    case 'boolean':
      return schema.omitZero ? fc.constant(true) : fc.boolean();
    case 'intOrString':
      return fc.oneof(notZero(fc.integer()), text);
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'any':
      return fc.oneof(text, fc.integer(), fc.boolean(), anyJson);
    default:
      throw new Error(`no samples of ${JSON.stringify(schema)}`);
  }
}

function ofEither({ boolean, message, messages: list, strings }: EitherPlace) {
  return fc.oneof(
    ...(boolean === undefined ? [] : [fc.boolean()]),
    ...(message ? [fc.constant(SMALL)] : []),
    ...(list ? [fc.array(fc.constant(SMALL), { minLength: 1, maxLength: 2 })] : []),
    ...(strings === undefined ? [] : [fc.array(text, { minLength: 1, maxLength: 2 })]),
  );
}

function ofField(schema: Schema, place: MessageFields[string] | undefined): fc.Arbitrary<unknown> {
  if (typeof place !== 'object' || !('number' in place)) return ofSchema(schema);
  const value = ofEither(place);
  return schema.values ? fc.dictionary(text, value, { minKeys: 1, maxKeys: 3 }) : value;
}

/** A third of the fields. */
function ofProperties(
  properties: Readonly<Record<string, Schema>>,
  places: MessageFields,
): fc.Arbitrary<object> {
  const isRoot = properties.apiVersion && properties.metadata;
  const fields = Object.entries(properties).filter(
    ([name]) => !isRoot || (name !== 'apiVersion' && name !== 'kind'),
  );
  const model = fields.map(
    ([name, each]) => [name, sometimes(ofField(each, places[name]))] as const,
  );
  return fc
    .record(Object.fromEntries(model))
    .map((object) =>
      Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)),
    );
}

const sometimes = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
