import { resourceId } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../view.ts';
import { listedKinds, type World } from '../world.ts';

const KIND_COLUMNS: readonly Column[] = [
  { name: 'NAME' },
  { name: 'SHORT' },
  { name: 'KIND' },
  { name: 'GROUP', expendable: 1 },
  { name: 'OBJECTS', align: 'right' },
];

/** Everything that can be listed, by all its names. */
export function kindsListing(view: PageView, world: World): Listing {
  const rows = listedKinds(world).map(({ ref, descriptor }): Row => {
    const { size } = world.lister(ref);
    const group = ref.group === '' ? 'core' : ref.group;
    const short = descriptor.shortNames.join(',');
    return {
      key: resourceId(ref),
      cells: [ref.resource, short, ref.kind, `${group}/${ref.version}`, String(size)],
      tone: size > 0 ? 'normal' : 'dim',
    };
  });
  return listingOf('kinds', KIND_COLUMNS, rows, view);
}
