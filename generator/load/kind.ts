import type { KindDescriptor } from '../model/schema.ts';
import { type LoadScope, readReference, type SourceNode } from './schema.ts';

const ALL_VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

const KEYS = new Set([
  'group',
  'version',
  'kind',
  'names',
  'scope',
  'verbs',
  'subresources',
  'printerColumns',
  'selectableFields',
  'generationFields',
  'nameFormat',
  'goal',
  'ttlSeconds',
  'deletionGrace',
  'allowsUpdateToCreate',
  'schema',
  'definitions',
]);

interface Names {
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** The descriptor of a file that declares a kind. */
export function readKind(root: SourceNode, scope: LoadScope): KindDescriptor {
  for (const key of root.keys())
    if (!KEYS.has(key))
      scope.problems.add(
        scope.file,
        root.at(key)!.line,
        `/${key}`,
        `unknown key ${key}`,
        `use one of ${[...KEYS].join(', ')}`,
      );
  const value = <T>(key: string, fallback: T): T => (root.at(key)?.value as T | undefined) ?? fallback;
  const names = value<Names>('names', { plural: '', singular: '' });
  const reference = root.at('schema')?.at('$ref');
  const { status, scale, others } = value<KindDescriptor['subresources']>('subresources', {});
  return {
    group: value('group', ''),
    version: value('version', ''),
    kind: value('kind', ''),
    plural: names.plural,
    singular: names.singular,
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: value('scope', '') === 'Namespaced',
    verbs: value('verbs', ALL_VERBS),
    schema: reference ? readReference(reference, scope) : '',
    subresources: {
      ...(status ? { status } : {}),
      ...(scale ? { scale } : {}),
      ...(others ? { others } : {}),
    },
    printerColumns: value('printerColumns', []),
    selectableFields: value('selectableFields', []),
    generationFields: value('generationFields', []),
    nameFormat: value('nameFormat', 'dns-subdomain'),
    statusField: status ? 'status' : null,
    allowsUpdateToCreate: value('allowsUpdateToCreate', false),
    ...optional(root, 'goal'),
    ...optional(root, 'ttlSeconds'),
    ...optional(root, 'deletionGrace'),
  };
}

function optional<K extends 'goal' | 'ttlSeconds' | 'deletionGrace'>(
  root: SourceNode,
  key: K,
): Pick<KindDescriptor, K> | object {
  const found = root.at(key);
  return found ? { [key]: found.value } : {};
}
