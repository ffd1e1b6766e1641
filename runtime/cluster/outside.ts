import type { Journal, JournalRecord } from '../trace/index.ts';

/** Whose writes follow from the state and the time alone, though no reconcile made them. */
const INSIDE = new Set(['apiserver', 'expiry']);

/** The last moment and revision at which a cluster still ran on by itself. Without a revision: it never did. */
export interface Interruption {
  readonly atMs: number;
  readonly revision?: number;
}

/** Watches a journal for what came from outside: inputs, what they wrote, and requests that nobody recorded. */
export class Outside {
  /** Place in the journal up to which it has been looked at. */
  #seen = 0;
  /** The newest revision among them. */
  #revision: number | undefined;
  readonly #inputs = new Set<number>();

  /** The first thing that came from outside since the last look; undefined when nothing did. The first look counts as one. */
  first(journal: Journal): Interruption | undefined {
    const before = this.#revision;
    let found: Interruption | undefined;
    let revision = before;
    for (const record of journal.from(this.#seen)) {
      if (!found && this.#isOutside(record))
        found = { atMs: record.atMs, ...(revision === undefined ? {} : { revision }) };
      if (record.type === 'write') revision = record.revision;
    }
    this.#seen = journal.end;
    this.#revision = revision ?? 0;
    return found ?? (before === undefined ? { atMs: 0 } : undefined);
  }

  #isOutside(record: JournalRecord): boolean {
    if (record.type === 'input') this.#inputs.add(record.id);
    if (record.type === 'input') return true;
    if (record.type !== 'write') return false;
    if (record.by === 0) return !INSIDE.has(record.component);
    return this.#inputs.has(record.by);
  }
}
