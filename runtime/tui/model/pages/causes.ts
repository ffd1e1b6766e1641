import type { JournalRecord } from '../../../trace/index.ts';
import type { Glyphs } from '../../theme.ts';
import { decisionOf, recordAt, recordCells, recordTime, recordTone } from '../journal.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../view.ts';
import { remember, type World } from '../world.ts';

/** What came of a record: so many records, and no deeper. */
const EFFECTS_MAX = 400;
const DEPTH_MAX = 12;
const RECORDS_MAX = 200_000;

const COLUMNS: readonly Column[] = [
  { name: 'ID', align: 'right', expendable: 2 },
  { name: 'TIME' },
  { name: 'COMPONENT' },
  { name: 'WHAT HAPPENED', flexible: true },
];

/**
 * One record of the journal with its causes above it, the first at the top, and below it what came of it: reconcile,
 * the writes it made, the reconciles that those led to, and on; with `wide` also what came to nothing. Enter goes to another record.
 */
export function causesListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  const id = Number(view.subject?.key ?? 0);
  const { wide = false } = view;
  const { causes, effects } = remember(world, `causes ${id} ${wide}`, () => ({
    causes: world.control.causesOf(id),
    effects: effectsOf(id, world, wide),
  }));
  const above = causes.slice(1).reverse();
  const self = causes[0] ?? recordAt(id, world);
  const rows = [
    ...withoutRepeats(
      above.map((record, at) => rowOf(record, at === 0 ? '' : `${glyphs.down} `, world)),
    ),
    ...(self ? [{ ...rowOf(self, `${glyphs.play} `, world), tone: 'title' as const }] : []),
    ...effects.map(({ record, depth, isOnly }) =>
      rowOf(record, `${'  '.repeat(depth)}${isOnly ? glyphs.down : glyphs.branch} `, world),
    ),
  ];
  const title = `causes and effects of record ${id}`;
  return listingOf(title, COLUMNS, rows, view);
}

/** Of a row of wake-ups that are all the same, each the cause of the next, the first and the last, and how many are between. */
function withoutRepeats(rows: readonly Row[]): readonly Row[] {
  const isSame = (a: Row | undefined, b: Row | undefined): boolean =>
    a !== undefined && b !== undefined && [2, 3].every((at) => a.cells[at] === b.cells[at]);
  const kept: Row[] = [];
  for (let at = 0; at < rows.length; at++) {
    kept.push(rows[at]!);
    let end = at + 1;
    while (isSame(rows[end], rows[at + 1]) && isSame(rows[end], rows[end + 1])) end++;
    const skipped = end - at - 1;
    if (skipped < 2) continue;
    kept.push({
      key: rows[end - 1]!.key,
      cells: ['', '', '', `  … ${skipped} more of the same`],
      tone: 'dim',
    });
    at = end - 1;
  }
  return kept;
}

function rowOf(record: JournalRecord, lead: string, world: World): Row {
  const { did, what } = recordCells(record);
  const decision = decisionOf(record);
  return {
    key: String(record.id),
    cells: [
      String(record.id),
      recordTime(record, world),
      record.component,
      `${lead}${did} ${what}`,
    ],
    tone: recordTone(record),
    ...(decision === undefined ? {} : { detail: decision }),
  };
}

interface Effect {
  readonly record: JournalRecord;
  readonly depth: number;
  /** The only thing that came of the one above: it stands below that, not to its right. */
  readonly isOnly: boolean;
}

/**
 * What a record led to, as a tree, each record once. Reconciles that wrote nothing are left out unless `all` are wanted; what they
 * led to stands in their place.
 */
function effectsOf(id: number, world: World, all: boolean): readonly Effect[] {
  const next = followers(id, world);
  const seen = new Set<number>([id]);
  const found: Effect[] = [];
  const visit = (of: JournalRecord, depth: number): void => {
    const fresh = next(of).filter(({ id: each }) => !seen.has(each));
    const isOnly = fresh.length === 1 && depth > 0;
    for (const record of fresh) {
      if (seen.has(record.id) || found.length >= EFFECTS_MAX || depth > DEPTH_MAX) continue;
      seen.add(record.id);
      if (!all && isIdle(record, next(record))) {
        visit(record, depth);
        continue;
      }
      found.push({ record, depth: isOnly ? depth : depth + 1, isOnly });
      visit(record, isOnly ? depth : depth + 1);
    }
  };
  const self = recordAt(id, world);
  if (self) visit(self, 0);
  return found;
}

/** Whether a reconcile found nothing to do or to say. */
function isIdle(record: JournalRecord, followers: readonly JournalRecord[]): boolean {
  return (
    record.type === 'reconcile' &&
    record.outcome !== 'error' &&
    record.message === undefined &&
    record.decision === undefined &&
    followers.every(({ type }) => type === 'reconcile')
  );
}

/** From a record to those that name it as their cause, oldest first. Costs what the journal holds since then, once. */
function followers(id: number, world: World): (record: JournalRecord) => readonly JournalRecord[] {
  const byRecord = new Map<number, JournalRecord[]>();
  const byRevision = new Map<number, JournalRecord[]>();
  const since = world.control.journal(RECORDS_MAX, (record) => record.id >= id);
  for (const record of since.toReversed()) {
    const { by = 0, because = 0 } = record as { by?: number; because?: number };
    if (because > 0) push(byRecord, because, record);
    if (record.type === 'write' && by > 0) push(byRecord, by, record);
    if (record.type !== 'reconcile') continue;
    if (record.trigger > 0) push(byRevision, record.trigger, record);
    if (record.trigger < 0) push(byRecord, -record.trigger, record);
  }
  return (record) => [
    ...(record.type === 'write' ? (byRevision.get(record.revision) ?? []) : []),
    ...(byRecord.get(record.id) ?? []),
  ];
}

function push(lists: Map<number, JournalRecord[]>, key: number, record: JournalRecord): void {
  const list = lists.get(key);
  if (list) list.push(record);
  else lists.set(key, [record]);
}
