import type { FieldPlace, Schema, SchemaSet } from '../model/schema.ts';
import { fromLine } from './names.ts';

/** The schemas as data for the running program, without the texts that only people read; and those texts apart. */
export function emitRegistry({ messages, ...set }: SchemaSet): {
  registry: string;
  docs: string;
  protobuf: string;
} {
  const docs: Record<string, string> = {};
  const definitions: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(set.definitions))
    definitions[name] = withoutTexts(schema, name, docs);
  return {
    registry: JSON.stringify({ ...set, definitions }),
    docs: JSON.stringify(docs),
    protobuf: JSON.stringify(needed(messages ?? {}, Object.keys(definitions))),
  };
}

type Messages = NonNullable<SchemaSet['messages']>;

/** The messages of the definitions that there are, and those inside them. */
function needed(messages: Messages, names: readonly string[]): Messages {
  const found: Record<string, Messages[string]> = {};
  const take = (name: string): void => {
    const fields = messages[name];
    if (!fields || found[name]) return;
    found[name] = fields;
    for (const place of Object.values(fields)) for (const inner of messagesIn(place)) take(inner);
  };
  for (const name of names) take(name);
  return found;
}

function messagesIn(place: FieldPlace): readonly string[] {
  if (typeof place === 'number') return [];
  if (isPair(place)) return [place[1]];
  return [place.message, place.messages].flatMap((each) => each?.[1] ?? []);
}

const isPair = (place: FieldPlace): place is readonly [number, string] => Array.isArray(place);

/** Takes the descriptions out, keyed by definition and field path: `core/v1.PodSpec.containers`. */
function withoutTexts(schema: Schema, at: string, docs: Record<string, string>): Schema {
  const { description, properties, items, values, ...rest } = schema;
  if (description) docs[at] = description;
  return {
    ...rest,
    ...(items ? { items: withoutTexts(items, `${at}[]`, docs) } : {}),
    ...(values ? { values: withoutTexts(values, `${at}{}`, docs) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [
              name,
              withoutTexts(each, `${at}.${name}`, docs),
            ]),
          ),
        }
      : {}),
  };
}

/** The module that reads the registry: the JSON file lies beside it, in the sources as in the build. */
export const REGISTRY_MODULE = `import { readFileSync } from 'node:fs';
${fromLine('import type { MessageFields, SchemaSet }', '../generator/model/schema.ts')}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** All kinds and definitions, without descriptions. */
export const schemaSet: SchemaSet = JSON.parse(read('registry.json'));

/** Descriptions by definition and field path, \`core/v1.PodSpec.containers\`. Read when first asked for. */
export function schemaDocs(): Readonly<Record<string, string>> {
  docs ??= JSON.parse(read('docs.json')) as Record<string, string>;
  return docs;
}

/** Numbers of fields in protobuf, by definition. Read when first asked for. */
export function protobufMessages(): Readonly<Record<string, MessageFields>> {
  messages ??= JSON.parse(read('protobuf.json')) as Record<string, MessageFields>;
  return messages;
}

let docs: Record<string, string> | undefined;
let messages: Record<string, MessageFields> | undefined;
`;
