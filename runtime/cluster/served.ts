import type { KindDescriptor, SchemaSet } from '../../generator/model/schema.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';

/** A kind with the reference by which the API addresses it. */
export interface ServedKind {
  readonly ref: ResourceRef<KubeObject>;
  readonly descriptor: KindDescriptor;
}

/**
 * Every kind of the schemas that can be listed and watched, in the order of the schemas. One that is served in several versions is
 * there once, in the version in which it is stored.
 */
export function servedKinds(schemas: SchemaSet): readonly ServedKind[] {
  const found = known.get(schemas) ?? kindsOf(schemas);
  known.set(schemas, found);
  return found;
}

const known = new WeakMap<SchemaSet, readonly ServedKind[]>();

function kindsOf(schemas: SchemaSet): ServedKind[] {
  return [...schemas.kinds, ...(schemas.stored ?? [])]
    .filter(({ verbs, storageVersion }) => verbs.includes('list') && storageVersion === undefined)
    .map((descriptor) => ({
      descriptor,
      ref: {
        group: descriptor.group,
        version: descriptor.version,
        resource: descriptor.plural,
        kind: descriptor.kind,
        namespaced: descriptor.namespaced,
      },
    }));
}
