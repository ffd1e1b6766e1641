import type { ObjectMeta, OwnerReference } from '../../generated/meta/v1/types.ts';

export type { ObjectMeta, OwnerReference };

/** What every API object has. Immutable, shared by reference. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** `namespace/name`, or `name` for a cluster-scoped object: its key in queues, listers and the store. */
export function keyOf(object: { readonly metadata: ObjectMeta }): string {
  const { namespace, name = '' } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}

/** The two parts of a key. */
export function splitKey(key: string): { namespace?: string; name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The owner reference with `controller: true`, if there is one. */
export function controllerOf(object: {
  readonly metadata: ObjectMeta;
}): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** The reference that makes `owner` the controller of what carries it. */
export function ownerReference(owner: KubeObject): OwnerReference {
  const { name = '', uid = '' } = owner.metadata;
  const { apiVersion, kind } = owner;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function isDeleting(object: { readonly metadata: ObjectMeta }): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** `apps` and `v1` of `apps/v1`; the group of core is empty. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

const frozen = new WeakSet<object>();

/** Freezes a JSON value through and through; what was frozen before is not walked again. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || frozen.has(value)) return value;
  frozen.add(value);
  Object.freeze(value);
  for (const each of Object.values(value)) deepFreeze(each);
  return value;
}

const paths = new Map<string, readonly string[]>();
const PATHS_MAX = 4096;

/** The names of a path; paths come from schemas and selectors, so they are few and come again. */
function stepsOf(path: string): readonly string[] {
  let steps = paths.get(path);
  if (!steps) {
    steps = path.replace(/^\./, '').split('.');
    if (paths.size >= PATHS_MAX) paths.clear();
    paths.set(path, steps);
  }
  return steps;
}

/** The value at a dotted path, `spec.template.metadata.labels`; undefined when something on the way is absent. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const step of stepsOf(path)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
