import type { ManifestError } from '../../../client/index.ts';
import type { Glyphs } from '../../theme.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import { distinctOutcomes, outcomeKey, outcomesOf, placeText, withoutObject } from '../outcomes.ts';
import type { PageView } from '../view.ts';
import type { World } from '../world.ts';

const COLUMNS: readonly Column[] = [
  { name: '' },
  { name: 'OBJECT', expendable: 1 },
  { name: 'AT', keepsEnd: true },
  { name: 'WHAT CAME OF IT', flexible: true },
];

/** What came out otherwise than the manifests want, each at the value that causes it. Enter shows the lines around it. */
export function outcomesListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  const all = distinctOutcomes([...(view.refusals ?? []), ...outcomesOf(world)]);
  const rows = all.map((outcome) => outcomeRow(outcomeKey(outcome), outcome, glyphs));
  return listingOf('outcomes', COLUMNS, rows, view);
}

function outcomeRow(key: string, outcome: ManifestError, glyphs: Glyphs): Row {
  const { severity, object, position } = outcome;
  const isWarning = severity === 'warning';
  return {
    key,
    cells: [
      isWarning ? glyphs.warning : glyphs.failed,
      object ?? '',
      position ? placeText(position) : '-',
      withoutObject(outcome),
    ],
    tone: isWarning ? 'pending' : 'error',
    detail: outcome.message,
  };
}
