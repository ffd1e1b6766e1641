import type { KindDescriptor, Schema, SchemaSet } from '../model/schema.ts';
import { docComment, splitName } from './names.ts';

const HEAD_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * The text of `generated/<group>/<version>/index.ts`: what manifests import. A thin class a kind, whose constructor takes the
 * object without apiVersion and kind, and all types of the group version. A field of the root that is a map of strings
 * (`data`) keeps its keys in the class' type, so that references to a key can be checked.
 */
export function emitClasses(set: SchemaSet, kinds: readonly KindDescriptor[]): string {
  if (kinds.length === 0) return "export type * from './types.ts';\n";
  const bodies = kinds.map((kind) => classOf(kind, set.definitions[kind.schema]!));
  return [
    "import { type Init, Resource } from '../../../generator/support/resource.ts';",
    "import type * as types from './types.ts';",
    '',
    "export * from '../../../generator/support/references.ts';",
    "export type * from './types.ts';",
    '',
    ...bodies,
  ].join('\n');
}

function classOf(kind: KindDescriptor, schema: Schema): string {
  const { name } = splitName(kind.schema);
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const fields = Object.entries(schema.properties ?? {}).filter(([field]) => !HEAD_FIELDS.has(field));
  const keyed = fields.filter(([, value]) => value.values?.type === 'string').map(([field]) => field);
  const parameter = (field: string): string => `${field[0]!.toUpperCase()}${field.slice(1)}`;
  const parameters = keyed
    .map((field) => {
      const bound = `NonNullable<types.${name}['${field}']>`;
      return `const ${parameter(field)} extends ${bound} = ${bound}`;
    })
    .join(', ');
  const init = [
    keyed.length === 0
      ? `Init<types.${name}>`
      : `Omit<Init<types.${name}>, ${keyed.map((field) => `'${field}'`).join(' | ')}>`,
    ...keyed.map((field) => `{ readonly ${field}?: ${parameter(field)} }`),
  ].join(' & ');
  const declared = fields.map(([field]) =>
    keyed.includes(field)
      ? `  declare readonly ${field}: ${parameter(field)};`
      : `  declare readonly ${field}: NonNullable<types.${name}['${field}']>;`,
  );
  return `${docComment(schema.description, '')}export class ${name}${parameters ? `<${parameters}>` : ''} extends Resource {
  static readonly resource = {
    group: '${kind.group}',
    version: '${kind.version}',
    resource: '${kind.plural}',
    kind: '${kind.kind}',
    namespaced: ${kind.namespaced},
  } as { group: string; version: string; resource: string; kind: string; namespaced: boolean; '~type'?: types.${name} };
  declare readonly apiVersion: '${apiVersion}';
  declare readonly kind: '${kind.kind}';
${declared.join('\n')}

  constructor(init: ${init}) {
    super('${apiVersion}', '${kind.kind}', init);
  }
}
`;
}
