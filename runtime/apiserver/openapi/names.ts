import type { SchemaSet } from '../../../generator/model/schema.ts';

const MACHINERY = 'io.k8s.apimachinery.pkg';

/** Definitions of the schemas that the protocol itself uses. */
export const DELETE_OPTIONS = 'meta/v1.DeleteOptions';
export const WATCH_EVENT = 'meta/v1.WatchEvent';
export const STATUS = 'meta/v1.Status';
export const LIST_META = 'meta/v1.ListMeta';
export const OBJECT_META = 'meta/v1.ObjectMeta';

/** Definitions that the schemas have as formats of scalars, or not at all. */
export const TIME = `${MACHINERY}.apis.meta.v1.Time`;
export const MICRO_TIME = `${MACHINERY}.apis.meta.v1.MicroTime`;
export const PATCH = `${MACHINERY}.apis.meta.v1.Patch`;
export const VERSION_INFO = `${MACHINERY}.version.Info`;
export const SCALARS: Readonly<Record<string, string>> = {
  Quantity: `${MACHINERY}.api.resource.Quantity`,
  IntOrString: `${MACHINERY}.util.intstr.IntOrString`,
};

/** Gives a definition of the schemas its name in OpenAPI documents: `apps/v1.Deployment` → `io.k8s.api.apps.v1.Deployment`. */
export type Naming = (definition: string) => string;

export function namingOf(schemas: SchemaSet): Naming {
  const packages = new Map<string, string>();
  for (const { name, package: start } of schemas.groups ?? [])
    packages.set(folderOf(name), start ?? packageOf(name));
  for (const { group, schema } of schemas.kinds) {
    const folder = schema.slice(0, schema.indexOf('/'));
    if (!packages.has(folder)) packages.set(folder, packageOf(group));
  }
  return (definition) => {
    const slash = definition.indexOf('/');
    const folder = definition.slice(0, slash);
    return `${packages.get(folder) ?? packageOf(folder)}.${definition.slice(slash + 1)}`;
  };
}

/** Where the schemas of a group lie: its name up to the first dot. */
const folderOf = (group: string): string => (group === '' ? 'core' : group.split('.')[0]!);

/** Kubernetes' own groups are packages of its API; those of others are named backwards, as custom resources are. */
function packageOf(group: string): string {
  const isOwn = !group.includes('.') || group.endsWith('.k8s.io');
  return isOwn ? `io.k8s.api.${folderOf(group)}` : group.split('.').reverse().join('.');
}

/** `#/definitions/x` of a version 2 document, `#/components/schemas/x` of version 3. */
export type Dialect = 'v2' | 'v3';

export const referenceTo = (dialect: Dialect, name: string): string =>
  dialect === 'v2' ? `#/definitions/${name}` : `#/components/schemas/${name}`;

/** `rbac.authorization.k8s.io` and v1 as names of operations have them, RbacAuthorizationV1. */
export function operationGroup(group: string, version: string): string {
  return `${groupWord(group)}${capitalised(version)}`;
}

export function groupWord(group: string): string {
  const short = group === '' ? 'core' : group.replace(/\.k8s\.io$/, '');
  return short
    .split(/[^A-Za-z0-9]/)
    .map(capitalised)
    .join('');
}

/** The tag of the operations of a group version: `rbacAuthorization_v1`. */
export function tagOf(group: string, version?: string): string {
  const word = groupWord(group);
  const tag = word.charAt(0).toLowerCase() + word.slice(1);
  return version === undefined ? tag : `${tag}_${version}`;
}

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
