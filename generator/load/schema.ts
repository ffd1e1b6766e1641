import type { Node } from 'yaml';
import type { FieldType, Format, Schema } from '../model/schema.ts';
import type { Problems } from './problems.ts';

/** A YAML node with its place in the file. */
export interface SourceNode {
  readonly node: Node | null;
  readonly pointer: string;
  readonly line: number;
  readonly value: unknown;
  at(key: string): SourceNode | undefined;
  keys(): string[];
}

export interface LoadScope {
  readonly file: string;
  readonly group: string;
  /** Every `file#/definitions/Name` that exists. */
  readonly names: ReadonlySet<string>;
  readonly problems: Problems;
}

const TYPES = new Set<FieldType>([
  'object',
  'array',
  'string',
  'integer',
  'number',
  'boolean',
  'intOrString',
  'any',
]);

const FORMATS = new Set<Format>([
  'int32',
  'int64',
  'double',
  'byte',
  'date-time',
  'micro-time',
  'quantity',
  'duration',
  'dns-label',
  'dns-subdomain',
  'dns-1035-label',
  'label-key',
  'label-value',
  'label-selector-operator',
  'port-name',
  'env-name',
  'config-key',
  'ip',
  'cidr',
  'absolute-path',
  'uuid',
  'resource-name',
]);

/** Keywords copied as they stand. */
const PLAIN = new Set([
  'description',
  'enum',
  'default',
  'required',
  'listType',
  'listMapKeys',
  'mapType',
  'patchStrategy',
  'patchMergeKey',
  'immutable',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'preserveUnknown',
  'nullable',
  'rules',
]);

/** One schema of a file, with every reference resolved to a definition's name in the set. */
export function readSchema(source: SourceNode, scope: LoadScope): Schema {
  const schema: Record<string, unknown> = {};
  const complain = (at: SourceNode, message: string, help: string): void =>
    scope.problems.add(scope.file, at.line, at.pointer, message, help);
  for (const key of source.keys()) {
    const child = source.at(key)!;
    const { value } = child;
    if (PLAIN.has(key)) schema[key] = value;
    else if (key === '$ref') schema['ref'] = readReference(child, scope);
    else if (key === 'type') {
      schema['type'] = value;
      if (!TYPES.has(value as FieldType))
        complain(child, `unknown type ${String(value)}`, `use one of ${[...TYPES].join(', ')}`);
    } else if (key === 'format' || key === 'keys') {
      schema[key] = value;
      if (!FORMATS.has(value as Format))
        complain(child, `unknown format ${String(value)}`, `use one of ${[...FORMATS].join(', ')}`);
    } else if (key === 'items' || key === 'values') schema[key] = readSchema(child, scope);
    else if (key === 'properties') {
      const properties: Record<string, Schema> = {};
      for (const name of child.keys()) properties[name] = readSchema(child.at(name)!, scope);
      schema['properties'] = properties;
    } else complain(child, `unknown keyword ${key}`, 'correct or remove it');
  }
  checkRequired(source, schema, complain);
  return schema as Schema;
}

function checkRequired(
  source: SourceNode,
  schema: Record<string, unknown>,
  complain: (at: SourceNode, message: string, help: string) => void,
): void {
  const required = schema['required'] as readonly string[] | undefined;
  const properties = schema['properties'] as Record<string, Schema> | undefined;
  for (const name of required ?? [])
    if (!properties?.[name])
      complain(source, `required field ${name} is not a property`, 'add the property');
}

/** `#/definitions/X` or `core/v1/pod.yaml#/definitions/X` → `core/v1.X`. */
export function readReference(source: SourceNode, scope: LoadScope): string {
  const text = String(source.value);
  const [file = '', pointer = ''] = text.split('#');
  const target = file === '' ? scope.file : file;
  if (!scope.names.has(`${target}#${pointer}`))
    scope.problems.add(
      scope.file,
      source.line,
      source.pointer,
      `${text} leads nowhere`,
      'name a definition of this file as #/definitions/X or of another as group/version/kind.yaml#/definitions/X',
    );
  return `${target.split('/').slice(0, -1).join('/')}.${pointer.split('/').at(-1)}`;
}
