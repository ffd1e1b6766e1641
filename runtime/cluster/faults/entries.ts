import { cloned, ENDED_MAX, type Entry } from './state.ts';

/** The faults that a cluster was given, in the order in which they were, by id. */
export class Entries {
  readonly #byId = new Map<string, Entry>();

  constructor(from: Iterable<readonly [string, Entry]> = []) {
    for (const [id, entry] of from) this.#byId.set(id, cloned(entry));
  }

  get(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  /** Notes a fault, or what has become of one. */
  put(entry: Entry): void {
    this.#byId.set(entry.id, entry);
  }

  all(): Entry[] {
    return [...this.#byId.values()];
  }

  active(): Entry[] {
    return this.all().filter(({ phase }) => phase === 'active');
  }

  /** Notes one more strike; returns how many there are now. */
  count(id: string): number {
    const entry = this.#byId.get(id)!;
    const strikes = entry.strikes + 1;
    this.put({ ...entry, strikes });
    return strikes;
  }

  /** Something is to come of itself: a fault, the end of one, or its late effects. */
  isBusy(nowMs: number): boolean {
    for (const { phase, endMs, quietMs } of this.#byId.values())
      if (phase === 'waiting' || (phase === 'active' && endMs !== undefined) || quietMs > nowMs)
        return true;
    return false;
  }

  /** When the last of them will have had its effects; 0 without any. */
  get quietMs(): number {
    return Math.max(0, ...this.all().map(({ quietMs }) => quietMs));
  }

  /** Drops the oldest that are over, where there are too many. */
  forgetOld(nowMs: number): void {
    for (const [id, { phase, quietMs }] of this.#byId) {
      if (this.#byId.size <= ENDED_MAX) return;
      if (phase === 'ended' && quietMs <= nowMs) this.#byId.delete(id);
    }
  }

  /** A copy for a fork. */
  copied(): ReadonlyMap<string, Entry> {
    return new Map([...this.#byId].map(([id, entry]) => [id, cloned(entry)]));
  }
}
