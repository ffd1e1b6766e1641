import type { ApiAccess, Control, Lister } from '../../client/index.ts';
import {
  type KindDescriptor,
  type KubeObject,
  type ResourceRef,
  resourceId,
  splitApiVersion,
} from '../../meta/index.ts';

/**
 * What the screen looks at: the control and the listers of the kinds that exist. Read only, except through `control` and
 * `remove`.
 */
export interface World {
  readonly control: Control;
  readonly kinds: readonly { readonly ref: ResourceRef; readonly descriptor: KindDescriptor }[];
  lister(resource: ResourceRef): Lister<KubeObject>;
  remove(resource: ResourceRef, object: KubeObject): Promise<void>;
  /** Undefined while nobody else can reach the cluster. */
  access(): ApiAccess | undefined;
}

export type Kind = World['kinds'][number];

const remembered = new WeakMap<World, Map<string, unknown>>();

/**
 * The world at this moment: what is asked of it through `remember` is worked out once. The shell takes a new one when
 * something has changed, so that keys and frames in between cost nothing.
 */
export function momentOf(world: World): World {
  return {
    control: world.control,
    kinds: world.kinds,
    lister: (resource) => world.lister(resource),
    remove: (resource, object) => world.remove(resource, object),
    access: () => world.access(),
  };
}

export function remember<T>(world: World, key: string, make: () => T): T {
  let kept = remembered.get(world);
  if (!kept) {
    kept = new Map();
    remembered.set(world, kept);
  }
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key) as T;
}

export function kindById(world: World, id: string): Kind | undefined {
  return world.kinds.find(({ ref }) => resourceId(ref) === id);
}

/** A kind that can be listed, by anything people call it: plural, singular, short name, kind, or with its group. */
export function kindByName(world: World, name: string): Kind | undefined {
  const wanted = name.toLowerCase();
  return listedKinds(world).find(
    ({ ref, descriptor }) =>
      ref.resource === wanted ||
      descriptor.singular === wanted ||
      descriptor.shortNames.includes(wanted) ||
      ref.kind.toLowerCase() === wanted ||
      resourceId(ref) === wanted,
  );
}

/** What somebody who wants to use kubectl has to set. */
export const kubectlHint = ({ kubeconfig }: ApiAccess): string => `KUBECONFIG=${kubeconfig}`;

/** The kinds that can be listed. */
export function listedKinds(world: World): readonly Kind[] {
  return world.kinds.filter(({ descriptor }) => descriptor.verbs.includes('list'));
}

/** The kind that a reference such as an owner's means. */
export function kindOf(world: World, apiVersion: string, kind: string): Kind | undefined {
  const { group } = splitApiVersion(apiVersion);
  return world.kinds.find(({ ref }) => ref.group === group && ref.kind === kind);
}

export function objectAt(world: World, resource: string, key: string): KubeObject | undefined {
  const kind = kindById(world, resource);
  return kind && world.lister(kind.ref).byKey(key);
}

/** The shortest name of a kind, as people type it: `deploy`, `po`, `secret`. */
export function shortName({ descriptor }: Kind): string {
  return descriptor.shortNames[0] ?? descriptor.singular;
}

/** Keys of all namespaces, sorted. */
export function namespaces(world: World): readonly string[] {
  return remember(world, 'namespaces', () => {
    const kind = kindByName(world, 'namespaces');
    if (!kind) return [];
    return world
      .lister(kind.ref)
      .list()
      .map(({ metadata }) => metadata.name ?? '');
  });
}
