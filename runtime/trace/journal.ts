import { Fingerprint, limits, Ring } from '../base/index.ts';
import type {
  InputRecord,
  JournalRecord,
  ReconcileRecord,
  StrikeRecord,
  WriteRecord,
} from './records.ts';

type New<R extends JournalRecord> = Omit<R, 'id' | 'type' | 'atMs'>;

/**
 * The decision journal of one cluster: append-only, the newest records at hand in a ring, all of them in a running hash.
 * Two runs with the same seed and inputs have the same hash.
 */
export class Journal {
  readonly #ring: Ring<JournalRecord>;
  readonly #hash: Fingerprint;
  readonly #now: () => number;
  #nextId: number;
  /** Reconciles under way that wrote something in the reach of a fault, with the fault's record. */
  readonly #reached = new Map<number, number>();
  /** Which fault an object stands under, if one does; set while there are faults that reach objects. */
  blame: ((resource: string, key: string) => number | undefined) | undefined;

  constructor(now: () => number, from?: Journal) {
    this.#now = now;
    this.#ring = from ? from.#ring.clone() : new Ring(limits.journalRecords);
    this.#hash = from ? from.#hash.clone() : new Fingerprint();
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
    const because = this.#reached.size > 0 ? this.#reached.get(id) : undefined;
    this.#reached.delete(id);
    const told = because === undefined ? record : { because, ...record };
    return this.#append({ type: 'reconcile', id, atMs: this.#now(), ...told });
  }

  /** `content` is what was written, where it does not follow from earlier records: it goes into the hash, not the ring. */
  write(record: New<WriteRecord>, content?: unknown): number {
    if (content !== undefined) this.#hash.text(JSON.stringify(content));
    const { component, verb, resource, key, subresource, revision, by } = record;
    const because = this.blame?.(resource, key);
    if (because !== undefined && by > 0) this.#reached.set(by, because);
    return this.#append({
      type: 'write',
      id: this.reserve(),
      atMs: this.#now(),
      component,
      verb,
      resource,
      key,
      subresource,
      revision,
      by,
      because,
    });
  }

  /** What a fault did; `because` names the fault's record. */
  strike(record: New<StrikeRecord>): number {
    return this.#append({ type: 'strike', id: this.reserve(), atMs: this.#now(), ...record });
  }

  input(record: New<InputRecord>): number {
    return this.#append({ type: 'input', id: this.reserve(), atMs: this.#now(), ...record });
  }

  /** Records still at hand, oldest first. A reconcile's own record stands after the writes it made. */
  records(): Iterable<JournalRecord> {
    return this.#ring;
  }

  /** Place of the next record: those appended from now on stand from here on. */
  get end(): number {
    return this.#ring.end;
  }

  /** The records from a place on that are still at hand, in the order in which they were appended. */
  *from(place: number): Generator<JournalRecord> {
    for (let at = Math.max(place, this.#ring.first); at < this.#ring.end; at++)
      yield this.#ring.at(at)!;
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

  /**
   * The chain of causes of a record, nearest first: reconcile, the write that triggered it, the reconcile that wrote it, … It ends with
   * what came from outside: where a fault reaches into it, with the fault.
   */
  causesOf(id: number): JournalRecord[] {
    const chain: JournalRecord[] = [];
    for (let record = this.byId(id); record; record = this.#causeOf(record)) {
      chain.push(record);
      if (record.type === 'write' && record.because !== undefined && record.by > 0) {
        const writer = this.byId(record.by);
        if (writer) chain.push(writer);
      }
    }
    return chain;
  }

  /** Over all records so far; 32 hexadecimal digits. */
  hash(): string {
    return this.#hash.digest();
  }

  #causeOf(record: JournalRecord): JournalRecord | undefined {
    if (record.because !== undefined) return this.byId(record.because);
    if (record.type === 'reconcile')
      return record.trigger < 0 ? this.byId(-record.trigger) : this.byRevision(record.trigger);
    return record.type === 'write' && record.by > 0 ? this.byId(record.by) : undefined;
  }

  #append(record: JournalRecord): number {
    this.#ring.push(record);
    note(this.#hash, record);
    return record.id;
  }
}

function note(hash: Fingerprint, record: JournalRecord): void {
  hash.number(record.id).number(record.atMs).text(record.component);
  switch (record.type) {
    case 'reconcile': {
      const { key, trigger, outcome, requeueAfterMs = -1, message = '' } = record;
      hash.text(key).number(trigger).text(outcome).number(requeueAfterMs).text(message);
      return;
    }
    case 'write': {
      const { verb, resource, key, subresource = '', revision, by } = record;
      hash.text(verb).text(resource).text(key).text(subresource).number(revision).number(by);
      return;
    }
    case 'input':
    case 'strike':
      hash.text(record.what).text(JSON.stringify(record.detail));
  }
}
