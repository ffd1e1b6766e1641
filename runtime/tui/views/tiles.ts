import { sparkline } from '../model/convergence.ts';
import { TILE_ROWS, tilesAcross, tilesDown } from '../model/layout.ts';
import type { Listing } from '../model/listing.ts';
import { cursorRow } from '../model/lists.ts';
import { emptyText } from '../model/nothing.ts';
import { type Beat, beatsOf, glyphOf } from '../model/pages/pulses.ts';
import type { State } from '../model/state.ts';
import { type Line, padCut, span, widthOf } from '../model/text.ts';
import type { PageView } from '../model/view.ts';
import type { World } from '../model/world.ts';
import type { Glyphs } from '../theme.ts';
import { type BoxContent, box } from './box.ts';
import { titleOf } from './table.ts';

const WIDEST = 56;

/** Pulses as tiles, side by side and one row below the other; the chosen one stands out. */
export function tilesContent(
  listing: Listing,
  view: PageView,
  world: World,
  state: State,
  width: number,
): BoxContent {
  const across = tilesAcross(state);
  const room = Math.floor((width - across + 1) / across);
  const cells = Math.min(WIDEST, room);
  const chosen = cursorRow(view.cursor, listing);
  const first = Math.max(0, Math.floor(chosen / across) - tilesDown(state) + 1) * across;
  const shown = Math.min(listing.count, first + across * tilesDown(state));
  const lines: Line[] = [];
  for (let at = first; at < shown; at += across) {
    const tiles = Array.from({ length: Math.min(across, shown - at) }, (_, place) =>
      tile(listing.keyAt(at + place) ?? '', at + place === chosen, { world, state, cells }),
    );
    for (let row = 0; row < TILE_ROWS; row++)
      lines.push(tiles.flatMap((each) => [...(each[row] ?? []), span(' ')]));
  }
  if (listing.count === 0) lines.push([span(`  ${emptyText(listing, view, world)}`, 'dim')]);
  const { detail = '' } = listing.count > 0 && chosen >= 0 ? listing.row(chosen) : {};
  const more = shown < listing.count ? `  ${listing.count - shown} more below` : '';
  return {
    title: titleOf(listing, view),
    lines,
    ...(detail === '' ? {} : { below: span(detail + more, 'dim') }),
  };
}

interface TilePlace {
  readonly world: World;
  readonly state: State;
  readonly cells: number;
}

function tile(key: string, isChosen: boolean, { world, state, cells }: TilePlace): readonly Line[] {
  const beat = beatsOf(world).get(key);
  const { glyphs } = state;
  if (!beat) return [];
  const name = isChosen ? `${glyphs.cursor}${beat.resource}` : beat.resource;
  const title = span(
    padCut(name, Math.min(widthOf(name), cells - 6)),
    isChosen ? 'selected' : 'title',
  );
  const inside = cells - 4;
  const lines = [countsLine(beat, glyphs, inside), shareLine(beat, glyphs, inside)];
  const trend = sparkline(beat.trend, glyphs.spark, inside);
  const drawn = box(
    { title: [title], lines: [...lines, [span(trend, beat.tone)]] },
    cells,
    TILE_ROWS - 2,
    glyphs,
  );
  return isChosen ? drawn.map(framed) : drawn;
}

/** How many are at their goal, to the left, and how many are not, to the right. */
function countsLine(beat: Beat, glyphs: Glyphs, width: number): Line {
  const { good, total, tone } = beat;
  const left = `${glyphs.ok} ${good} ok`;
  const behind = total - good;
  const sign = behind === 0 ? '' : `${glyphOf(beat, glyphs)} `;
  const right = `${sign}${behind} not ok`;
  return [
    span(left, good > 0 ? 'ok' : 'dim'),
    span(padCut(right, width - widthOf(left), 'right'), behind > 0 ? tone : 'dim'),
  ];
}

function shareLine({ good, total, tone }: Beat, { share }: Glyphs, width: number): Line {
  const percent = ` ${Math.floor((good / total) * 100)}%`;
  const room = width - widthOf(percent);
  const filled = Math.floor((good / total) * room);
  const [full, empty] = share;
  return [
    span(full.repeat(filled), tone),
    span(empty.repeat(room - filled), 'dim'),
    span(percent, tone),
  ];
}

/** The frame of the chosen tile, as bright as its title. */
function framed(line: Line): Line {
  const last = line.length - 1;
  return line.map(({ text, tone }, at) =>
    span(text, tone === 'dim' && (at === 0 || at === last || at === 3) ? 'title' : tone),
  );
}
