import type { Control, Lister } from '../../client/index.ts';
import {
  type KindDescriptor,
  type KubeObject,
  type ResourceRef,
  resourceId,
} from '../../meta/index.ts';

/** What the screen looks at: the control and the listers of the kinds that exist. Read only, except through `control` and `remove`. */
export interface World {
  readonly control: Control;
  readonly kinds: readonly { readonly ref: ResourceRef; readonly descriptor: KindDescriptor }[];
  lister(resource: ResourceRef): Lister<KubeObject>;
  remove(resource: ResourceRef, object: KubeObject): Promise<void>;
}

export type Kind = World['kinds'][number];

export function kindById(world: World, id: string): Kind | undefined {
  return world.kinds.find(({ ref }) => resourceId(ref) === id);
}

/** A kind by anything people call it: plural, singular, short name, kind, or with its group. */
export function kindByName(world: World, name: string): Kind | undefined {
  const wanted = name.toLowerCase();
  return world.kinds.find(
    ({ ref, descriptor }) =>
      ref.resource === wanted ||
      descriptor.singular === wanted ||
      descriptor.shortNames.includes(wanted) ||
      ref.kind.toLowerCase() === wanted ||
      resourceId(ref) === wanted,
  );
}

export function objectAt(world: World, resource: string, key: string): KubeObject | undefined {
  const kind = kindById(world, resource);
  return kind && world.lister(kind.ref).byKey(key);
}
