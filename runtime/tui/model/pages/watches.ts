import { humanDuration } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../state.ts';
import type { World } from '../world.ts';

const COLUMNS: readonly Column[] = [
  { name: 'COMPONENT', cap: 30 },
  { name: 'RESOURCE' },
  { name: 'STREAMS', align: 'right', expendable: 1 },
  { name: 'TOLD', align: 'right' },
  { name: 'REV', align: 'right' },
  { name: 'UNSEEN', align: 'right' },
  { name: 'NEXT IN', align: 'right' },
];

/** Who follows what, how far, and what a fault keeps from them; those who are behind first. */
export function watchesListing(view: PageView, world: World): Listing {
  const { nowMs } = world.control.clock();
  const rows = world.control
    .watches()
    .toSorted((a, b) => b.unseen - a.unseen)
    .map(
      ({ component, resource, streams, told, revision, unseen, nextDueMs }): Row => ({
        key: `${component} ${resource}`,
        cells: [
          component,
          resource,
          streams === 0 ? 'looks up' : String(streams),
          String(told),
          revision === 0 ? '-' : String(revision),
          String(unseen),
          nextDueMs === undefined ? '-' : humanDuration(Math.max(0, nextDueMs - nowMs)),
        ],
        tone: unseen > 0 ? 'pending' : streams === 0 ? 'dim' : 'normal',
      }),
    );
  return listingOf('watches', COLUMNS, rows, view);
}
