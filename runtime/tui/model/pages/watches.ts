import type { WatchState } from '../../../client/index.ts';
import { humanDuration } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../view.ts';
import type { World } from '../world.ts';

const COLUMNS: readonly Column[] = [
  { name: 'WHO', cap: 48 },
  { name: 'RESOURCE' },
  { name: 'STREAMS', align: 'right', expendable: 3 },
  { name: 'TOLD', align: 'right' },
  { name: 'REV', align: 'right' },
  { name: 'LAG', align: 'right' },
  { name: 'NEXT IN', align: 'right', expendable: 4 },
  { name: 'BOOKMARKS', align: 'right', expendable: 5 },
  { name: 'RELISTS', align: 'right', expendable: 1 },
];

/** Who follows what, how far, and how many changes they have not seen; those who lag first, then those of other processes. */
export function watchesListing(view: PageView, world: World): Listing {
  const { nowMs } = world.control.clock();
  const rows = world.control
    .watches()
    .toSorted((a, b) => b.unseen - a.unseen || Number(isOutside(b)) - Number(isOutside(a)))
    .map(
      ({ component, resource, streams, told, revision, bookmarks, relists, ...rest }): Row => ({
        key: `${component} ${resource}`,
        cells: [
          component,
          resource,
          streamsText(streams, told),
          String(told),
          revision === 0 ? '-' : String(revision),
          String(rest.unseen),
          rest.nextDueMs === undefined ? '-' : humanDuration(Math.max(0, rest.nextDueMs - nowMs)),
          String(bookmarks),
          String(relists),
        ],
        tone: rest.unseen > 0 ? 'pending' : streams === 0 ? 'dim' : 'normal',
      }),
    );
  return listingOf('watches', COLUMNS, rows, view);
}

/** Users have names that components do not: with a colon or, where a program says its own, in brackets. */
function isOutside({ component }: WatchState): boolean {
  return /[:( ]/.test(component);
}

/** A component that only looks things up was never told anything; a client without a stream has gone. */
function streamsText(streams: number, told: number): string {
  if (streams > 0) return String(streams);
  return told > 0 ? 'closed' : 'looks up';
}
