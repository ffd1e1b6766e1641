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

const NEEDED = ['group', 'version', 'kind', 'names', 'scope', 'schema'];

const KEYS = new Set([
  ...NEEDED,
  'storageVersion',
  'servedFrom',
  'servedUntil',
  'deprecated',
  'verbs',
  'subresources',
  'printerColumns',
  'selectableFields',
  'generationFields',
  'nameFormat',
  'nameFormatBefore',
  'goal',
  'ttlSeconds',
  'deletionGrace',
  'allowsUpdateToCreate',
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
  checkKeys(root, scope);
  const value = <T>(key: string, fallback: T): T =>
    (root.at(key)?.value as T | undefined) ?? fallback;
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
    namespaced: value<string>('scope', '') === 'Namespaced',
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
    ...optional(root, 'storageVersion'),
    ...optional(root, 'servedFrom'),
    ...optional(root, 'servedUntil'),
    ...optional(root, 'deprecated'),
    ...optional(root, 'nameFormatBefore'),
    ...optional(root, 'goal'),
    ...optional(root, 'ttlSeconds'),
    ...optional(root, 'deletionGrace'),
  };
}

function checkKeys(root: SourceNode, { file, problems }: LoadScope): void {
  const complain = (key: string, message: string, help: string): void =>
    problems.add(file, root.at(key)?.line ?? 1, `/${key}`, message, help);
  for (const key of root.keys())
    if (!KEYS.has(key)) complain(key, `unknown key ${key}`, `use one of ${[...KEYS].join(', ')}`);
  for (const key of NEEDED)
    if (!root.at(key)) complain(key, `a kind has no ${key}`, `write ${key}: …`);
  const names = root.at('names');
  if (names && !(names.at('plural') && names.at('singular')))
    complain('names', 'a kind is named in plural and singular', 'write both');
  for (const key of ['servedFrom', 'servedUntil']) {
    const value = root.at(key)?.value;
    if (value !== undefined && !(typeof value === 'string' && /^1\.\d+$/.test(value)))
      complain(
        key,
        `${key} is ${String(value)}`,
        "write a version of Kubernetes as a text, '1.33'",
      );
  }
  const scope = root.at('scope')?.value;
  if (scope !== undefined && scope !== 'Namespaced' && scope !== 'Cluster')
    complain('scope', `unknown scope ${String(scope)}`, 'write Namespaced or Cluster');
}

function optional<K extends keyof KindDescriptor>(
  root: SourceNode,
  key: K,
): Pick<KindDescriptor, K> | object {
  const found = root.at(key);
  return found ? { [key]: found.value } : {};
}
