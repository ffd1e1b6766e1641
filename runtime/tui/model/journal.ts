import type { JournalRecord } from '../../trace/index.ts';
import type { Tone } from './text.ts';
import { elapsed } from './text-time.ts';
import { remember, type World } from './world.ts';

/** The record with an id, while the journal still holds it. */
export function recordAt(id: number, world: World): JournalRecord | undefined {
  return remember(world, `record ${id}`, () =>
    world.control.journal(1, (record) => record.id === id).at(0),
  );
}

export interface RecordCells {
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
      return { did, what, because: becauseOf(record.because, trigger) };
    }
    case 'write': {
      const { verb, resource, key, subresource, revision, by } = record;
      const plural = resource.replace(/\..*/, '');
      const target = `${plural}/${key}${subresource ? `/${subresource}` : ''}`;
      return {
        did: verb,
        what: `${target}  rev ${revision}`,
        because: by > 0 ? `#${by}` : '',
      };
    }
    case 'strike':
      return {
        did: record.what,
        what: textOf(record.detail),
        because: becauseOf(record.because, 0),
      };
    case 'input':
      return { did: record.what, what: textOf(record.detail), because: '' };
  }
}

/** The write whose event led to it, by revision, or the record, by number. */
function becauseOf(because: number | undefined, trigger: number): string {
  if (because !== undefined) return `#${because}`;
  return trigger > 0 ? `rev ${trigger}` : trigger < 0 ? `#${-trigger}` : '';
}

function textOf(detail: unknown): string {
  return typeof detail === 'string' ? detail : (JSON.stringify(detail) ?? '');
}

/** What a component decided, where it says so. */
export function decisionOf(record: JournalRecord): string | undefined {
  if (record.type !== 'reconcile' || record.decision === undefined) return undefined;
  return `decided ${JSON.stringify(record.decision)}`;
}

export function recordTone(record: JournalRecord): Tone {
  if (record.type === 'strike') return 'error';
  if (record.type === 'reconcile' && record.outcome === 'error') return 'error';
  return record.type === 'input' ? 'info' : 'normal';
}

/** When a record was made, since the cluster started: `00:03:12.4`. */
export function recordTime({ atMs }: JournalRecord, world: World): string {
  const { nowMs, elapsedMs } = world.control.clock();
  return elapsed(atMs - (nowMs - elapsedMs));
}
