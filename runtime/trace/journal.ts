import { createHash, type Hash } from 'node:crypto';
import { limits, Ring } from '../base/index.ts';
import type { InputRecord, JournalRecord, ReconcileRecord, WriteRecord } from './records.ts';

type New<R extends JournalRecord> = Omit<R, 'id' | 'type' | 'atMs'>;

const CHUNK_CHARACTERS = 1 << 16;

/**
 * The decision journal of one cluster: append-only, the newest records at hand in a ring, all of them in a running hash.
 * Two runs with the same seed and inputs have the same hash.
 */
export class Journal {
  readonly #ring: Ring<JournalRecord>;
  readonly #hash: Hash;
  readonly #now: () => number;
  #pending = '';
  #nextId: number;

  constructor(now: () => number, from?: Journal) {
    this.#now = now;
    this.#ring = from ? from.#ring.clone() : new Ring(limits.journalRecords);
    this.#hash = from ? from.#hash.copy() : createHash('sha256');
    this.#pending = from ? from.#pending : '';
    this.#nextId = from ? from.#nextId : 1;
  }

  /** Number of records so far; also the id of the newest. */
  get length(): number {
    return this.#nextId - 1;
  }

  /** The id that the next record will get: a component names it as the cause of its writes before it records itself. */
  reserve(): number {
    return this.#nextId++;
  }

  reconcile(record: New<ReconcileRecord>, id: number = this.reserve()): number {
    return this.#append({ type: 'reconcile', id, atMs: this.#now(), ...record });
  }

  /** `content` is what was written, where it does not follow from earlier records: it goes into the hash, not the ring. */
  write(record: New<WriteRecord>, content?: unknown): number {
    if (content !== undefined) this.#pending += `${JSON.stringify(content)}\n`;
    return this.#append({ type: 'write', id: this.reserve(), atMs: this.#now(), ...record });
  }

  input(record: New<InputRecord>): number {
    return this.#append({ type: 'input', id: this.reserve(), atMs: this.#now(), ...record });
  }

  /** Records still at hand, oldest first. A reconcile's own record stands after the writes it made. */
  records(): Iterable<JournalRecord> {
    return this.#ring;
  }

  /** The newest `count` records that `matches`, newest first. */
  latest(count: number, matches: (record: JournalRecord) => boolean = () => true): JournalRecord[] {
    const found: JournalRecord[] = [];
    for (let at = this.#ring.end - 1; at >= this.#ring.first && found.length < count; at--) {
      const record = this.#ring.at(at)!;
      if (matches(record)) found.push(record);
    }
    return found;
  }

  byId(id: number): JournalRecord | undefined {
    for (let at = this.#ring.end - 1; at >= this.#ring.first; at--) {
      const record = this.#ring.at(at)!;
      if (record.id === id) return record;
    }
    return undefined;
  }

  byRevision(revision: number): WriteRecord | undefined {
    for (let at = this.#ring.end - 1; at >= this.#ring.first; at--) {
      const record = this.#ring.at(at)!;
      if (record.type === 'write' && record.revision === revision) return record;
    }
    return undefined;
  }

  /** The chain of causes of a record, nearest first: reconcile, the write that triggered it, the reconcile that wrote it, … */
  causesOf(id: number): JournalRecord[] {
    const chain: JournalRecord[] = [];
    for (let record = this.byId(id); record; record = this.#causeOf(record)) chain.push(record);
    return chain;
  }

  /** SHA-256 over all records so far, in hex. */
  hash(): string {
    return this.#hash.copy().update(this.#pending).digest('hex');
  }

  #causeOf(record: JournalRecord): JournalRecord | undefined {
    if (record.type === 'reconcile') return this.byRevision(record.trigger);
    return record.type === 'write' && record.by > 0 ? this.byId(record.by) : undefined;
  }

  #append(record: JournalRecord): number {
    this.#ring.push(record);
    this.#pending += line(record);
    if (this.#pending.length >= CHUNK_CHARACTERS) {
      this.#hash.update(this.#pending);
      this.#pending = '';
    }
    return record.id;
  }
}

function line(record: JournalRecord): string {
  const head = `${record.id} ${record.atMs} ${record.component} `;
  switch (record.type) {
    case 'reconcile':
      return `${head}r ${record.key} ${record.trigger} ${record.outcome} ${record.requeueAfterMs ?? ''} ${record.message ?? ''}\n`;
    case 'write':
      return `${head}w ${record.verb} ${record.resource} ${record.key} ${record.subresource ?? ''} ${record.revision} ${record.by}\n`;
    case 'input':
      return `${head}i ${record.what} ${JSON.stringify(record.detail)}\n`;
  }
}
