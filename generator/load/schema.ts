import type { Node } from 'yaml';
import type { Schema } from '../model/schema.ts';
import { KEYWORDS } from './keywords.ts';
import type { Problems } from './problems.ts';

/** A YAML node with its place in the file. */
export interface SourceNode {
  readonly node: Node | null;
  readonly pointer: string;
  readonly line: number;
  readonly value: unknown;
  readonly isMap: boolean;
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

type Complain = (at: SourceNode, message: string, help: string) => void;

/** One schema of a file, with every reference resolved to a definition's name in the set. */
export function readSchema(source: SourceNode, scope: LoadScope): Schema {
  const schema: Record<string, unknown> = {};
  const complain: Complain = (at, message, help) =>
    scope.problems.add(scope.file, at.line, at.pointer, message, help);
  if (!source.isMap) complain(source, 'a schema is a mapping', 'write keywords below it, or {}');
  for (const key of source.keys()) {
    const child = source.at(key)!;
    if (Object.hasOwn(KEYWORDS, key)) schema[key] = readKeyword(key, child, complain);
    else if (key === '$ref') schema.ref = readReference(child, scope);
    else if (key === 'items' || key === 'values') schema[key] = readSchema(child, scope);
    else if (key === 'properties') schema.properties = readProperties(child, scope, complain);
    else complain(child, `unknown keyword ${key}`, 'correct or remove it');
  }
  checkTogether(source, schema as Schema, complain);
  if (schema.properties) schema.emptyIsAbsent = true;
  return schema as Schema;
}

function readKeyword(key: string, { value, ...at }: SourceNode, complain: Complain): unknown {
  const wanted = KEYWORDS[key]!(value);
  const shown = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  if (wanted) complain({ value, ...at }, `${key} is ${shown}`, `write ${wanted}`);
  return key === 'description' && typeof value === 'string' ? value.trim() : value;
}

function readProperties(
  source: SourceNode,
  scope: LoadScope,
  complain: Complain,
): Record<string, Schema> {
  if (!source.isMap)
    complain(source, 'properties is no mapping', 'write fields with their schemas');
  return Object.fromEntries(
    source.keys().map((name) => [name, readSchema(source.at(name)!, scope)]),
  );
}

/** What one keyword says of another. */
function checkTogether(source: SourceNode, schema: Schema, complain: Complain): void {
  const { required, properties = {}, listType, listMapKeys = [] } = schema;
  if (Array.isArray(required))
    for (const name of required)
      if (!Object.hasOwn(properties, name))
        complain(
          source.at('required')!,
          `required field ${name} is not a property`,
          'add the property',
        );
  if ((listType === 'map') !== listMapKeys.length > 0)
    complain(
      source.at('listType') ?? source.at('listMapKeys')!,
      'a list is keyed by its listMapKeys',
      'say listType: map and listMapKeys together',
    );
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
