import type { Pulse } from '../../../client/index.ts';
import { resourceId } from '../../../meta/index.ts';
import type { Glyphs } from '../../theme.ts';
import { sparkline } from '../convergence.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { Tone } from '../text.ts';
import { goalOf, isBroken } from '../tones.ts';
import type { PageView } from '../view.ts';
import { type Kind, listedKinds, remember, type World } from '../world.ts';

const COLUMNS: readonly Column[] = [
  { name: '' },
  { name: 'KIND' },
  { name: 'TOTAL', align: 'right' },
  { name: 'AT GOAL', align: 'right' },
  { name: 'BEHIND', align: 'right' },
  { name: 'BROKEN', align: 'right' },
  { name: 'TREND', flexible: true, keepsEnd: true },
];
/** Kinds with more objects than this are counted, not looked at one by one. */
const LOOKED_AT_MAX = 20_000;
const TREND_CELLS = 24;

/** How the objects of one kind are. */
export interface Beat {
  readonly resource: string;
  readonly total: number;
  readonly good: number;
  /** Of those that are not at their goal: that are broken, and not only unfinished. */
  readonly broken: number;
  /** How many were not at their goal at the last moments at which that changed. */
  readonly trend: readonly number[];
  readonly tone: Extract<Tone, 'ok' | 'pending' | 'error'>;
}

/** Of every kind that has a goal and objects, by the key of its row. */
export function beatsOf(world: World): ReadonlyMap<string, Beat> {
  return remember(world, 'beats', () => {
    const pulses = new Map(world.control.pulses().map((each) => [each.resource, each]));
    const kinds = listedKinds(world).filter(
      ({ ref, descriptor }) => descriptor.goal && world.lister(ref).size > 0,
    );
    return new Map(
      kinds.map((kind) => {
        const id = resourceId(kind.ref);
        return [`${id} `, beatOf(kind, pulses.get(id), world)];
      }),
    );
  });
}

function beatOf(kind: Kind, pulse: Pulse | undefined, world: World): Beat {
  const total = world.lister(kind.ref).size;
  const { behind, broken } = counted(kind, pulse, world);
  return {
    resource: kind.ref.resource,
    total,
    good: total - behind,
    broken,
    trend: pulse?.trend ?? [],
    tone: broken > 0 ? 'error' : behind > 0 ? 'pending' : 'ok',
  };
}

/** The pulse of every kind that has objects: how many are at their goal. */
export function pulsesListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  const rows = [...beatsOf(world)].map(([key, beat]): Row => {
    const { resource, total, good, broken, trend, tone } = beat;
    const figures = [total, good, total - good, broken].map(String);
    const more = broken > 0 ? `, ${broken} broken` : '';
    return {
      key,
      cells: [
        glyphOf(beat, glyphs),
        resource,
        ...figures,
        sparkline(trend, glyphs.spark, TREND_CELLS),
      ],
      tone: tone === 'ok' ? 'normal' : tone,
      tones: { 0: tone, 6: tone },
      detail: `${good} of ${total} ${resource} at their goal${more}`,
    };
  });
  return listingOf('pulses', COLUMNS, rows, view);
}

export function glyphOf({ tone }: Beat, { ok, pending, failed }: Glyphs): string {
  return tone === 'ok' ? ok : tone === 'pending' ? pending : failed;
}

function counted(
  kind: Kind,
  pulse: Pulse | undefined,
  world: World,
): { behind: number; broken: number } {
  const lister = world.lister(kind.ref);
  if (lister.size > LOOKED_AT_MAX) return { behind: pulse?.behind ?? 0, broken: 0 };
  let [behind, broken] = [0, 0];
  for (const object of lister.list()) {
    const { atGoal, waitingFor = '' } = goalOf(kind, object);
    if (atGoal) continue;
    behind++;
    if (isBroken(waitingFor)) broken++;
  }
  return { behind, broken };
}
