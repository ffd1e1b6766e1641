import { humanDuration } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import { elapsed } from '../text-time.ts';
import type { PageView } from '../view.ts';
import type { World } from '../world.ts';

const COLUMNS: readonly Column[] = [
  { name: 'ID' },
  { name: 'FAULT' },
  { name: 'PHASE' },
  { name: 'BEGINS', align: 'right' },
  { name: 'ENDS', align: 'right' },
  { name: 'STRIKES', align: 'right' },
  { name: 'RECORD', align: 'right', expendable: 1 },
];

/** What goes wrong, has gone wrong, or is to go wrong. Enter shows what came of it. */
export function faultsListing(view: PageView, world: World): Listing {
  const { nowMs, elapsedMs } = world.control.clock();
  const when = (ms: number): string =>
    ms > nowMs ? `in ${humanDuration(ms - nowMs)}` : `t+${elapsed(ms - (nowMs - elapsedMs))}`;
  const rows = world.control.faults().map(
    ({ id, text, phase, beginMs, endMs, strikes, record }): Row => ({
      key: id,
      cells: [
        id,
        text,
        phase,
        when(beginMs),
        endMs === undefined ? 'never' : when(endMs),
        String(strikes),
        record > 0 ? `#${record}` : '',
      ],
      tone: phase === 'active' ? 'error' : phase === 'waiting' ? 'pending' : 'dim',
    }),
  );
  return listingOf('faults', COLUMNS, rows, view);
}
