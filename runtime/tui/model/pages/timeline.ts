import type { KubeObject } from '../../../meta/index.ts';
import type { JournalRecord } from '../../../trace/index.ts';
import type { Glyphs } from '../../theme.ts';
import type { Target } from '../action.ts';
import { ownedByUid } from '../dependents.ts';
import { decisionOf, recordCells, recordTime, recordTone } from '../journal.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../view.ts';
import { objectAt, remember, type World } from '../world.ts';

const RECORDS_MAX = 500;

/**
 * What was done, newest first, a swim lane a component: all of it, or what was done to one object and to what it owns.
 * What the cluster does only to stay alive is left out of the whole unless `wide`. Enter follows the causes of a record.
 */
export function timelineListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  const { subject, wide = false } = view;
  const hides = !subject && !wide;
  const records = remember(world, `timeline ${subject?.resource} ${subject?.key} ${hides}`, () =>
    world.control.journal(
      RECORDS_MAX,
      subject ? about(subject, world) : hides ? (record) => !isHeartbeat(record) : undefined,
    ),
  );
  const components = [...new Set(records.map(({ component }) => component))].sort();
  const columns: readonly Column[] = [
    { name: 'ID', align: 'right', expendable: 2 },
    { name: 'TIME' },
    { name: 'LANES', expendable: 3 },
    { name: 'COMPONENT' },
    { name: 'DID' },
    { name: 'WHAT', flexible: true },
    { name: 'BECAUSE', expendable: 1 },
  ];
  const rows = records.map((record): Row => {
    const { did, what, because } = recordCells(record);
    const lane = laneOf(record, components, glyphs);
    const { id, component } = record;
    const time = recordTime(record, world);
    const decision = decisionOf(record);
    return {
      key: String(id),
      cells: [String(id), time, lane, component, did, what, because],
      tone: recordTone(record),
      tones: { 2: record.type === 'write' ? 'info' : 'dim' },
      ...(decision === undefined ? {} : { detail: decision }),
    };
  });
  const title = subject ? `timeline ${subject.resource}/${subject.key}` : 'timeline';
  const listing = listingOf(title, columns, rows, view);
  return hides ? { ...listing, note: 'without heartbeats: ctrl-w shows them' } : listing;
}

/** Renewals of leases, and looks after a while that found nothing to do or to say. */
function isHeartbeat(record: JournalRecord): boolean {
  if (record.type === 'write') return record.resource === 'leases.coordination.k8s.io';
  if (record.type !== 'reconcile') return false;
  if (record.key.startsWith('lease/')) return true;
  const { outcome, message, decision, trigger } = record;
  return outcome === 'requeue' && trigger <= 0 && message === undefined && decision === undefined;
}

/** The component's lane among all: a tick for a reconcile, another for a write. */
function laneOf(
  { component, type }: JournalRecord,
  components: readonly string[],
  { lane, tick, write }: Glyphs,
): string {
  return components
    .map((each) => (each === component ? (type === 'write' ? write : tick) : lane))
    .join('');
}

/** Records that concern an object or, through any number of owners, what it owns. */
function about(subject: Target, world: World): (record: JournalRecord) => boolean {
  const writes = new Set<string>([`${subject.resource} ${subject.key}`]);
  const keys = new Set<string>([subject.key]);
  const owned = ownedByUid(world);
  const visit = (object: KubeObject | undefined): void => {
    for (const { kind, object: below } of owned.get(object?.metadata.uid ?? '') ?? []) {
      const { namespace, name = '' } = below.metadata;
      const key = namespace ? `${namespace}/${name}` : name;
      const { group, resource } = kind.ref;
      const id = `${group === '' ? resource : `${resource}.${group}`} ${key}`;
      if (writes.has(id)) continue;
      writes.add(id);
      keys.add(key);
      visit(below);
    }
  };
  visit(objectAt(world, subject.resource, subject.key));
  return (record) => {
    if (record.type === 'write') return writes.has(`${record.resource} ${record.key}`);
    return record.type === 'reconcile' && keys.has(record.key);
  };
}
