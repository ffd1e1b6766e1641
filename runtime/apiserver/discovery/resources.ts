import { createHash } from 'node:crypto';
import type { KindDescriptor, SchemaSet } from '../../../generator/model/schema.ts';
import { type ApiVersion, groupVersionOf } from './groups.ts';

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A subresource of a kind, with the kind of object that it takes and answers. */
export interface Subresource {
  readonly name: string;
  readonly kind: GroupVersionKind;
  /** Definition of that kind in the schemas; absent where it has none (options of a connection). */
  readonly definition?: string;
  /** Sorted. */
  readonly verbs: readonly string[];
}

const CHANGING = ['get', 'patch', 'update'];

/** All subresources of a kind, sorted by name. */
export function subresourcesOf(schemas: SchemaSet, owner: KindDescriptor): Subresource[] {
  const { status, scale, others = {} } = owner.subresources;
  const found: Subresource[] = Object.entries(others).map(([name, { kind, verbs }]) => ({
    name,
    ...kindNamed(schemas, owner, kind),
    verbs: [...verbs].sort(),
  }));
  if (status)
    found.push({ name: 'status', ...kindNamed(schemas, owner, owner.kind), verbs: CHANGING });
  if (scale) found.push({ name: 'scale', ...kindNamed(schemas, owner, 'Scale'), verbs: CHANGING });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Named = Pick<Subresource, 'kind' | 'definition'>;

/**
 * The kind that a subresource names: the owner itself, or a definition of that name, of the owner's group version if there
 * is one there, which says by the enum of its apiVersion which group version it is of.
 */
function kindNamed(schemas: SchemaSet, owner: KindDescriptor, kind: string): Named {
  const { group, version, schema } = owner;
  const own = { group, version, kind };
  if (kind === owner.kind) return { kind: own, definition: schema };
  const home = schema.slice(0, schema.indexOf('.'));
  const local = `${home}.${kind}`;
  if (schemas.definitions[local]) return { kind: own, definition: local };
  for (const [name, definition] of Object.entries(schemas.definitions)) {
    if (!name.endsWith(`.${kind}`)) continue;
    const [apiVersion] = definition.properties?.apiVersion?.enum ?? [];
    if (apiVersion !== undefined)
      return { kind: { ...splitApiVersion(apiVersion), kind }, definition: name };
  }
  return { kind: own };
}

/** `apps/v1` → its group and its version. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

/** An entry of an APIResourceList. */
export interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
}

/** The resources of a group version, each followed by its subresources. */
export function resourcesOf(schemas: SchemaSet, version: ApiVersion): ApiResource[] {
  return version.kinds.flatMap((kind) => [
    resource(kind),
    ...subresourcesOf(schemas, kind).map((each) => subresource(kind, each)),
  ]);
}

function resource(descriptor: KindDescriptor): ApiResource {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = descriptor;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: [...verbs].sort(),
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(isStored(descriptor)
      ? { storageVersionHash: storageVersionHash(storedAs(descriptor)) }
      : {}),
  };
}

function subresource(owner: KindDescriptor, { name, kind, verbs }: Subresource): ApiResource {
  const isOwn =
    groupVersionOf(kind.group, kind.version) === groupVersionOf(owner.group, owner.version);
  return {
    name: `${owner.plural}/${name}`,
    singularName: '',
    namespaced: owner.namespaced,
    ...(isOwn ? {} : { group: kind.group, version: kind.version }),
    kind: kind.kind,
    verbs,
  };
}

/** What can be watched lies in the store; the others are worked out or answered on the spot. */
const isStored = ({ verbs }: KindDescriptor): boolean => verbs.includes('watch');

function storedAs({ storageVersion, ...own }: KindDescriptor): GroupVersionKind {
  return storageVersion === undefined
    ? own
    : { ...splitApiVersion(storageVersion), kind: own.kind };
}

const HASH_BYTES = 8;

/** Stands for the group version and kind in which objects are stored: clients see by it that they may migrate them. */
export function storageVersionHash({ group, version, kind }: GroupVersionKind): string {
  const hash = createHash('sha256').update(`${group}/${version}/${kind}`).digest();
  return hash.subarray(0, HASH_BYTES).toString('base64');
}
