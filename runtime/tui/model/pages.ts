import { humanDuration, resourceId } from '../../meta/index.ts';
import type { JournalRecord } from '../../trace/index.ts';
import type { Glyphs } from '../theme.ts';
import { convergenceListing } from './convergence.ts';
import { type Column, type Listing, listingOf, type Row } from './listing.ts';
import type { PageView } from './state.ts';
import { elapsed } from './text-time.ts';
import { listedKinds, type World } from './world.ts';

const SLEEPERS_MAX = 500;
const RECORDS_MAX = 500;

/** The lists that are not of one kind's objects. */
export function pageListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  switch (view.page) {
    case 'convergence':
      return convergenceListing(view, world, glyphs);
    case 'kinds':
      return kindsListing(view, world);
    case 'sleepers':
      return sleepersListing(view, world);
    case 'queues':
      return queuesListing(view, world);
    case 'journal':
      return journalListing(view, world);
  }
}

function kindsListing(view: PageView, world: World): Listing {
  const columns: readonly Column[] = [
    { name: 'NAME' },
    { name: 'SHORT' },
    { name: 'KIND' },
    { name: 'GROUP', expendable: 1 },
    { name: 'OBJECTS', align: 'right' },
  ];
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
  return listingOf('kinds', columns, rows, view);
}

function sleepersListing(view: PageView, world: World): Listing {
  const columns: readonly Column[] = [
    { name: 'WAKES IN', align: 'right' },
    { name: 'COMPONENT' },
    { name: 'FOR' },
    { name: 'KEY', flexible: true },
  ];
  const { nowMs } = world.control.clock();
  const rows = world.control.sleepers(SLEEPERS_MAX).map(
    ({ actor, key, atMs, kind, order }): Row => ({
      key: order,
      cells: [humanDuration(atMs - nowMs), actor, kind, key.replaceAll('\0', ' ')],
      tone: kind === 'work' ? 'pending' : 'normal',
    }),
  );
  return listingOf('sleepers', columns, rows, view);
}

function queuesListing(view: PageView, world: World): Listing {
  const columns: readonly Column[] = [
    { name: 'COMPONENT' },
    { name: 'DEPTH', align: 'right' },
    { name: 'STATE' },
  ];
  const rows = world.control.components().map(
    ({ name, depth, ready }): Row => ({
      key: name,
      cells: [name, String(depth), ready ? 'working' : 'resting'],
      tone: ready || depth > 0 ? 'pending' : 'normal',
    }),
  );
  return listingOf('queues', columns, rows, view);
}

function journalListing(view: PageView, world: World): Listing {
  const columns: readonly Column[] = [
    { name: 'ID', align: 'right' },
    { name: 'TIME' },
    { name: 'COMPONENT' },
    { name: 'DID' },
    { name: 'WHAT', flexible: true },
    { name: 'BECAUSE', expendable: 1 },
  ];
  const { nowMs, elapsedMs } = world.control.clock();
  const startMs = nowMs - elapsedMs;
  const rows = world.control.journal(RECORDS_MAX).map((record): Row => {
    const { did, what, because } = recordCells(record);
    const failed = record.type === 'reconcile' && record.outcome === 'error';
    return {
      key: String(record.id),
      cells: [
        String(record.id),
        elapsed(record.atMs - startMs),
        record.component,
        did,
        what,
        because,
      ],
      tone: failed ? 'error' : record.type === 'input' ? 'info' : 'normal',
    };
  });
  return listingOf('journal', columns, rows, view);
}

interface RecordCells {
  readonly did: string;
  readonly what: string;
  readonly because: string;
}

/** A record of the journal in words: what was done to what, and because of which write or record. */
export function recordCells(record: JournalRecord): RecordCells {
  switch (record.type) {
    case 'reconcile': {
      const { key, outcome, message, trigger } = record;
      const did = outcome === 'done' ? 'reconcile' : `reconcile: ${outcome}`;
      const what = message ? `${key}  ${message}` : key;
      return { did, what, because: trigger > 0 ? `write ${trigger}` : '' };
    }
    case 'write': {
      const { verb, resource, key, subresource, revision, by } = record;
      const target = `${resource}/${key}${subresource ? `/${subresource}` : ''}`;
      return {
        did: verb,
        what: `${target}  rev ${revision}`,
        because: by > 0 ? `record ${by}` : '',
      };
    }
    case 'strike':
    case 'input':
      return { did: record.what, what: JSON.stringify(record.detail) ?? '', because: '' };
  }
}
