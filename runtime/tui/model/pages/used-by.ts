import { keyOf, resourceId } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import { referencedKey, referencesOf } from '../references.ts';
import type { PageView } from '../view.ts';
import { remember, type World } from '../world.ts';

const COLUMNS: readonly Column[] = [
  { name: 'KIND' },
  { name: 'NAMESPACE', expendable: 1 },
  { name: 'NAME' },
  { name: 'WHERE', flexible: true },
];

/** What names an object in its spec. Looks at everything once a moment. */
export function usedByListing(view: PageView, world: World): Listing {
  const { resource = '', key = '' } = view.subject ?? {};
  const rows = remember(world, `used by ${resource} ${key}`, () => users(resource, key, world));
  return listingOf(`used by(${resource}/${key})`, COLUMNS, rows, view);
}

function users(resource: string, key: string, world: World): readonly Row[] {
  const rows: Row[] = [];
  const within = key.includes('/') ? key.slice(0, key.indexOf('/')) : undefined;
  for (const { ref } of world.kinds)
    for (const object of world.lister(ref).list(ref.namespaced ? within : undefined)) {
      const { namespace, name = '' } = object.metadata;
      for (const reference of referencesOf(object)) {
        if (reference.resource !== resource) continue;
        if (referencedKey(reference, namespace, world) !== key) continue;
        rows.push({
          key: `${resourceId(ref)} ${keyOf(object)} ${reference.path}`,
          cells: [ref.kind, namespace ?? '', name, reference.path],
          tone: 'normal',
        });
      }
    }
  return rows;
}
