import type { KindDescriptor, Schema, SchemaSet } from '../model/schema.ts';
import {
  docComment,
  fromLine,
  identifier,
  propertyKey,
  quoted,
  splitName,
  supportModule,
  TYPES_IMPORT,
} from './names.ts';
import { resourceLines } from './resources.ts';

const HEAD_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * The text of `generated/<group>/<version>/index.ts`: what manifests import. A thin class a kind, whose constructor takes the
 * object without apiVersion and kind, and all types of the group version. A field of the root that is a map of strings
 * (`data`) keeps its keys in the class' type, so that references to a key can be checked.
 */
export function emitClasses(set: SchemaSet, kinds: readonly KindDescriptor[]): string {
  const types = fromLine('export type *', './types.ts');
  if (kinds.length === 0) return `${types}\n`;
  return [
    fromLine('import type { ResourceRef }', supportModule('resource-ref')),
    fromLine('import { type Init, Resource }', supportModule('resource')),
    TYPES_IMPORT,
    '',
    ...(kinds.some(addsKinds) ? [fromLine('export *', supportModule('custom-kind'))] : []),
    fromLine('export *', supportModule('references')),
    fromLine('export *', supportModule('scalars')),
    types,
    '',
    ...kinds.map((kind) => classOf(set, kind)),
  ].join('\n');
}

/** Whether objects of the kind add kinds, of which manifests want classes. */
const addsKinds = ({ schema }: KindDescriptor): boolean =>
  schema === 'apiextensions/v1.CustomResourceDefinition';

function classOf(set: SchemaSet, kind: KindDescriptor): string {
  const schema = set.definitions[kind.schema]!;
  const { name } = splitName(kind.schema);
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const fields = Object.entries(schema.properties ?? {}).filter(
    ([field]) => !HEAD_FIELDS.has(field),
  );
  const keyed = fields
    .filter(([, value]) => value.values?.type === 'string')
    .map(([field]) => field);
  const declared = fields.map(([field]) => {
    const type = keyed.includes(field)
      ? parameterName(field)
      : `NonNullable<types.${name}[${quoted(field)}]>`;
    return `  declare readonly ${propertyKey(field)}: ${type};`;
  });
  return [
    `${docComment(schema.description, '')}export class ${name}${parametersOf(name, keyed)} extends Resource {`,
    `  static readonly resource: ResourceRef<types.${name}> = {`,
    ...resourceLines(kind).map((line) => `  ${line}`),
    '  };',
    `  declare readonly apiVersion: ${quoted(apiVersion)};`,
    `  declare readonly kind: ${quoted(kind.kind)};`,
    `  declare readonly metadata: Init<types.${name}>['metadata'];`,
    ...declared,
    '',
    `  constructor(init: ${initOf(set, kind, name, keyed)}) {`,
    `    super(${quoted(apiVersion)}, ${quoted(kind.kind)}, init);`,
    '  }',
    '}',
    '',
  ].join('\n');
}

function parameterName(field: string): string {
  const name = identifier(field);
  return `${name[0]!.toUpperCase()}${name.slice(1)}`;
}

function parametersOf(name: string, keyed: readonly string[]): string {
  if (keyed.length === 0) return '';
  const parameters = keyed.map((field) => {
    const bound = `NonNullable<types.${name}[${quoted(field)}]>`;
    return `const ${parameterName(field)} extends ${bound} = ${bound}`;
  });
  return `<${parameters.join(', ')}>`;
}

function initOf(
  set: SchemaSet,
  kind: KindDescriptor,
  name: string,
  keyed: readonly string[],
): string {
  const stated = statedFields(set, kind).map(quoted);
  const init = `Init<types.${name}${stated.length > 0 ? `, ${stated.join(' | ')}` : ''}>`;
  if (keyed.length === 0) return init;
  const open = keyed.map((field) => `readonly ${propertyKey(field)}?: ${parameterName(field)}`);
  return `Omit<${init}, ${keyed.map(quoted).join(' | ')}> & { ${open.join('; ')} }`;
}

/** Optional fields of the root that stand for an empty object when absent, although that would lack something required. */
function statedFields(set: SchemaSet, kind: KindDescriptor): string[] {
  const targetOf = (schema: Schema): Schema | undefined =>
    schema.ref === undefined ? schema : set.definitions[schema.ref];
  return Object.entries(set.definitions[kind.schema]!.properties ?? {})
    .filter(([field]) => !HEAD_FIELDS.has(field) && field !== kind.statusField)
    .filter(([, schema]) => schema.default !== undefined && targetOf(schema)?.required?.length)
    .map(([field]) => field);
}
