import { resourceId } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../state.ts';
import { goalOf, isBroken } from '../tones.ts';

import { type Kind, listedKinds, type World } from '../world.ts';

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

const PULSE_COLUMNS: readonly Column[] = [
  { name: '' },
  { name: 'KIND' },
  { name: 'TOTAL', align: 'right' },
  { name: 'AT GOAL', align: 'right' },
  { name: 'BEHIND', align: 'right' },
  { name: 'BROKEN', align: 'right' },
  { name: 'SHARE', flexible: true },
];
/** Kinds with more objects than this are counted, not looked at one by one. */
const LOOKED_AT_MAX = 20_000;
const BAR_CELLS = 24;

/** The pulse of every kind that has objects: how many are at their goal. */
export function pulsesListing(
  view: PageView,
  world: World,
  glyphs: {
    readonly ok: string;
    readonly pending: string;
    readonly failed: string;
    readonly spark: string;
  },
): Listing {
  const bar = glyphs.spark.at(-1)!;
  const rows = listedKinds(world).flatMap((kind): Row[] => {
    const { size } = world.lister(kind.ref);
    if (size === 0 || !kind.descriptor.goal) return [];
    const { behind, broken } = counted(kind, world);
    const good = size - behind;
    const filled = Math.floor((good / size) * BAR_CELLS);
    const tone = broken > 0 ? 'error' : behind > 0 ? 'pending' : 'ok';
    const glyph = broken > 0 ? glyphs.failed : behind > 0 ? glyphs.pending : glyphs.ok;
    const share = `${bar.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)} ${Math.floor((good / size) * 100)}%`;
    return [
      {
        key: `${resourceId(kind.ref)} `,
        cells: [glyph, kind.ref.resource, ...[size, good, behind, broken].map(String), share],
        tone: tone === 'ok' ? 'normal' : tone,
        tones: { 0: tone, 6: tone },
        detail: `${good} of ${size} ${kind.ref.resource} at their goal`,
      },
    ];
  });
  return listingOf('pulses', PULSE_COLUMNS, rows, view);
}

function counted(kind: Kind, world: World): { behind: number; broken: number } {
  const lister = world.lister(kind.ref);
  let [behind, broken] = [0, 0];
  if (lister.size > LOOKED_AT_MAX) return { behind, broken };
  for (const object of lister.list()) {
    const { atGoal, waitingFor = '' } = goalOf(kind, object);
    if (atGoal) continue;
    behind++;
    if (isBroken(waitingFor)) broken++;
  }
  return { behind, broken };
}
