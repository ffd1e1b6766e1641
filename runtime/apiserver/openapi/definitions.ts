import { type JsonSchema, scalarName, scalarText } from '../../../generator/model/index.ts';
import type { KindDescriptor, Schema } from '../../../generator/model/schema.ts';
import { customSchema } from './custom.ts';
import {
  type Dialect,
  LIST_META,
  MICRO_TIME,
  OBJECT_META,
  PATCH,
  referenceTo,
  SCALARS,
  TIME,
  VERSION_INFO,
} from './names.ts';
import type { World } from './world.ts';

export type Json = Readonly<Record<string, unknown>>;

/** One definition as a document has it, with the names of those that it refers to. */
export interface Definition {
  readonly json: Json;
  readonly needs: ReadonlySet<string>;
}

const SELECTABLE = 'x-kubernetes-selectable-fields';
export const GVK = 'x-kubernetes-group-version-kind';

/** Formats that OpenAPI has; the others are said by rules of the server only. */
const FORMATS: ReadonlySet<string> = new Set(['int32', 'int64', 'double', 'byte']);

/** Keywords that version 3 takes over as they are. */
const LIMITS = ['minimum', 'maximum', 'maxLength', 'minItems', 'maxItems', 'pattern'] as const;

const EXTENSIONS = {
  listType: 'x-kubernetes-list-type',
  listMapKeys: 'x-kubernetes-list-map-keys',
  mapType: 'x-kubernetes-map-type',
  patchStrategy: 'x-kubernetes-patch-strategy',
  patchMergeKey: 'x-kubernetes-patch-merge-key',
  preserveUnknown: 'x-kubernetes-preserve-unknown-fields',
} as const;
const EXTENDED = Object.keys(EXTENSIONS) as (keyof typeof EXTENSIONS)[];

/**
 * The definitions of a world in one dialect, each written once however many documents have it. Version 2 has no defaults, enums
 * and limits, as Kubernetes serves it.
 */
export class Definitions {
  readonly #world: World;
  readonly #dialect: Dialect;
  readonly #written = new Map<string, Definition>();

  constructor(world: World, dialect: Dialect) {
    this.#world = world;
    this.#dialect = dialect;
  }

  /** A definition that has been named by one of the methods below, or that such a one needs. */
  get(name: string): Definition {
    return this.#written.get(name)!;
  }

  /** The name of a definition of the schemas. */
  of(definition: string): string {
    const name = this.#world.nameOf(definition);
    return this.#write(name, (needs) => {
      const schema = this.#world.schemas.definitions[definition] ?? {};
      const json = schema.json
        ? this.#custom(definition, schema.json, needs)
        : this.#schema(schema, definition, needs);
      const kinds = this.#world.kindsOf(definition);
      return kinds.length > 0 ? { ...json, [GVK]: kinds } : json;
    });
  }

  /** The name of the list of a kind. */
  listOf({ schema, group, version, kind, plural }: KindDescriptor): string {
    return this.#write(`${this.#world.nameOf(schema)}List`, (needs) => ({
      description: `List of ${plural}.`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { description: 'Group and version of the list.', type: 'string' },
        items: {
          description: `The ${plural}.`,
          type: 'array',
          items: this.#refer(this.of(schema), {}, needs),
        },
        kind: { description: 'Name of the kind of the list.', type: 'string' },
        metadata: this.#refer(
          this.of(LIST_META),
          { description: 'What there is to say of the list as a whole.' },
          needs,
        ),
      },
      [GVK]: [{ group, version, kind: `${kind}List` }],
    }));
  }

  patch(): string {
    return this.#write(PATCH, () => ({
      description: 'A change, in the form that the content type names.',
      type: 'object',
    }));
  }

  versionInfo(fields: readonly string[]): string {
    return this.#write(VERSION_INFO, () => ({
      description: 'The version of the server.',
      type: 'object',
      required: fields.filter((name) => !/^(emulation|minCompatibility)/.test(name)),
      properties: Object.fromEntries(fields.map((name) => [name, { type: 'string' }])),
    }));
  }

  #write(name: string, make: (needs: Set<string>) => Json): string {
    if (this.#written.has(name)) return name;
    const needs = new Set<string>();
    this.#written.set(name, { json: {}, needs });
    this.#written.set(name, { json: make(needs), needs });
    return name;
  }

  /** A custom resource: its schema is another's, and shown as that one wrote it. */
  #custom(definition: string, schema: JsonSchema, needs: Set<string>): Json {
    const description = "Standard object's metadata: name, labels, annotations and the others.";
    const metadata = (): Json => this.#refer(this.of(OBJECT_META), { description }, needs);
    const json = customSchema(schema, this.#dialect, { metadata });
    const { kinds } = this.#world.schemas;
    const fields = kinds.find((kind) => kind.schema === definition)?.selectableFields ?? [];
    return fields.length === 0
      ? json
      : { ...json, [SELECTABLE]: fields.map((fieldPath) => ({ fieldPath })) };
  }

  #schema(schema: Schema, at: string, needs: Set<string>): Json {
    const json: Record<string, unknown> = {};
    const description = schema.description ?? this.#world.textAt(at);
    if (description) json.description = description;
    for (const key of EXTENDED) if (schema[key] !== undefined) json[EXTENSIONS[key]] = schema[key];
    const isV3 = this.#dialect === 'v3';
    if (isV3 && schema.default !== undefined) json.default = schema.default;
    if (isV3 && schema.nullable) json.nullable = true;
    const target = this.#targetOf(schema);
    if (target !== undefined) return this.#refer(target, json, needs);
    const { type, format } = schema;
    if (type && type !== 'any') json.type = type;
    if (format && FORMATS.has(format)) json.format = format;
    if (isV3) addLimits(schema, json);
    this.#addInside(schema, at, json, needs);
    return json;
  }

  #addInside(
    { properties, required, items, values }: Schema,
    at: string,
    json: Record<string, unknown>,
    needs: Set<string>,
  ): void {
    if (required && required.length > 0) json.required = required;
    if (items) json.items = this.#schema(items, `${at}[]`, needs);
    if (values) json.additionalProperties = this.#schema(values, `${at}{}`, needs);
    if (!properties) return;
    const isObject = 'apiVersion' in properties && 'kind' in properties;
    const fields: Record<string, Json> = {};
    for (const [name, each] of Object.entries(properties)) {
      const isHead = isObject && (name === 'apiVersion' || name === 'kind');
      fields[name] = this.#schema(isHead ? withoutEnum(each) : each, `${at}.${name}`, needs);
    }
    json.properties = fields;
  }

  /** What a schema refers to: a definition, or one that stands for a scalar. */
  #targetOf(schema: Schema): string | undefined {
    if (schema.ref !== undefined) return this.of(schema.ref);
    if (schema.format === 'date-time') return this.#write(TIME, () => TIMES);
    if (schema.format === 'micro-time') return this.#write(MICRO_TIME, () => TIMES);
    const scalar = scalarName(schema);
    if (scalar === undefined) return undefined;
    return this.#write(SCALARS[scalar]!, () => scalarDefinition(scalar, this.#dialect));
  }

  /** Beside a reference version 3 allows nothing, so that it goes into an allOf; readers of version 2 know better. */
  #refer(name: string, siblings: Json, needs: Set<string>): Json {
    needs.add(name);
    const reference = { $ref: referenceTo(this.#dialect, name) };
    if (Object.keys(siblings).length === 0) return reference;
    return this.#dialect === 'v2'
      ? { ...siblings, ...reference }
      : { ...siblings, allOf: [reference] };
  }
}

/** They have no text, which explain would print at every time. */
const TIMES: Json = { type: 'string', format: 'date-time' };

function scalarDefinition(name: string, dialect: Dialect): Json {
  const description = scalarText(name);
  const format = name === 'IntOrString' ? { format: 'int-or-string' } : {};
  if (dialect === 'v2') return { description, type: 'string', ...format };
  const other = name === 'IntOrString' ? 'integer' : 'number';
  return { description, oneOf: [{ type: other }, { type: 'string' }], ...format };
}

/** `apiVersion` and `kind` of an object: that they have one value each is said by its group version and kind. */
const withoutEnum = ({ enum: _, ...rest }: Schema): Schema => rest;

function addLimits(schema: Schema, json: Record<string, unknown>): void {
  if (schema.enum) json.enum = [...schema.enum].sort();
  // 0 tells the server that an empty text is a value, and other readers nothing.
  if (schema.minLength) json.minLength = schema.minLength;
  for (const name of LIMITS) if (schema[name] !== undefined) json[name] = schema[name];
}
