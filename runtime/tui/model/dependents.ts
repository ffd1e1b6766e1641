import type { KubeObject } from '../../meta/index.ts';
import type { Target } from './action.ts';
import { type Kind, objectAt, remember, type World } from './world.ts';

export interface Owned {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** What objects name as their owners, by the owners' uids. Looks at everything once a moment: for a key or a tree, not for a list. */
export function ownedByUid(world: World): ReadonlyMap<string, readonly Owned[]> {
  return remember(world, 'owned', () => {
    const found = new Map<string, Owned[]>();
    for (const kind of world.kinds)
      for (const object of world.lister(kind.ref).list())
        for (const { uid } of object.metadata.ownerReferences ?? []) {
          const list = found.get(uid);
          if (list) list.push({ kind, object });
          else found.set(uid, [{ kind, object }]);
        }
    return found;
  });
}

/** What the garbage collector would take along: `1 replicaset`, `3 pods`. */
export function dependents(targets: readonly Target[], world: World): readonly string[] {
  const owned = ownedByUid(world);
  const seen = new Set<string>();
  const counts = new Map<Kind, number>();
  const visit = (object: KubeObject | undefined): void => {
    for (const { kind, object: below } of owned.get(object?.metadata.uid ?? '') ?? []) {
      const { uid = '' } = below.metadata;
      if (seen.has(uid)) continue;
      seen.add(uid);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      visit(below);
    }
  };
  for (const { resource, key } of targets) visit(objectAt(world, resource, key));
  return [...counts].map(
    ([{ descriptor }, count]) => `${count} ${count > 1 ? descriptor.plural : descriptor.singular}`,
  );
}
