import { type Init, Resource } from './resource.ts';
import type { ResourceRef } from './resource-ref.ts';

/** What a definition says of the kind that it adds. */
interface Defining {
  readonly spec: {
    readonly group?: string;
    readonly scope?: string;
    readonly names?: { readonly kind?: string; readonly plural?: string };
    readonly versions?: readonly { readonly name?: string; readonly storage?: boolean }[];
  };
}

interface Metadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly finalizers?: readonly string[];
}

/** An object of a kind that a definition adds; `Fields` are those beside the metadata. */
export type CustomObject<Fields extends object> = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
} & Fields;

/** A class for objects of such a kind. */
export interface CustomKind<Fields extends object> {
  readonly resource: ResourceRef<CustomObject<Fields>>;
  new (init: Init<CustomObject<Fields>>): Resource & Fields;
}

/**
 * The class of a kind that a definition adds: `new Database({ metadata: { name }, spec: { … } })`. In the version in which objects are
 * stored, unless another is named.
 */
export function customKind<Fields extends object>(
  { spec }: Defining,
  version = spec.versions?.find(({ storage }) => storage)?.name ?? '',
): CustomKind<Fields> {
  const { group = '', scope, names: { kind = '', plural = '' } = {} } = spec;
  const made = class extends Resource {
    static readonly resource: ResourceRef = {
      group,
      version,
      resource: plural,
      kind,
      namespaced: scope === 'Namespaced',
    };

    constructor(init: Init<CustomObject<Fields>>) {
      super(`${group}/${version}`, kind, init as ConstructorParameters<typeof Resource>[2]);
    }
  };
  return made as unknown as CustomKind<Fields>;
}
