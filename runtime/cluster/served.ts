import type { KindDescriptor, SchemaSet } from '../../generator/model/schema.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';

/** A kind with the reference by which the API addresses it. */
export interface ServedKind {
  readonly ref: ResourceRef<KubeObject>;
  readonly descriptor: KindDescriptor;
}

/** Every kind of the schemas that can be listed and watched, in the order of the schemas. */
export function servedKinds(schemas: SchemaSet): ServedKind[] {
  return schemas.kinds
    .filter((descriptor) => descriptor.verbs.includes('list'))
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
