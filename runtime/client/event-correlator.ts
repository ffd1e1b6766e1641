import { SharedMap } from '../base/index.ts';

/** Something that is said about an object: `times` times since it was last said. */
export interface Occurrence {
  /** The object's uid. */
  readonly object: string;
  /** A part of the object, where it is about that. */
  readonly field: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly times: number;
}

/** What to store of it: an Event that is there already, or was to be, or a new one. */
export interface Observation {
  /** Whose count and time to raise; a new one where it is not known. */
  readonly isKnown: boolean;
  readonly key: string;
  readonly name: string;
  readonly count: number;
  readonly firstMs: number;
  readonly message: string;
}

/** Name, count and beginning of what was said so far. */
type Said = Pick<Observation, 'name' | 'count' | 'firstMs'>;

/** The different texts of one reason about one object since it was last silent for longer than the window. */
interface Similar {
  readonly texts: readonly string[];
  readonly lastMs: number;
}

/** Each thing that is said costs as much time as passes until the next may be said. */
interface Bucket {
  readonly creditMs: number;
  readonly atMs: number;
}

/** As many entries as a recorder of Kubernetes remembers. */
const ENTRIES_MAX = 4096;
const SIMILAR_MAX = 10;
const SIMILAR_WINDOW_MS = 600_000;
const REFILL_MS = 300_000;
const CREDIT_MAX_MS = 25 * REFILL_MS;

/**
 * Kubernetes' event correlation for one component: an occurrence equal to an earlier one raises its count; from the tenth different message of
 * one reason about one object within ten minutes on they are combined; and of one type a component may say 25 things about an
 * object, then one every five minutes. What it may not say counts all the same, and is told with the next that it may. Work is a constant an
 * occurrence. Copy-on-write, bounded.
 */
export class EventCorrelator {
  readonly #said: SharedMap<Said>;
  readonly #similar: SharedMap<Similar>;
  readonly #buckets: SharedMap<Bucket>;
  #sequence: number;

  /** `entriesMax`: more than the default for who speaks for many. */
  constructor({ from, entriesMax = ENTRIES_MAX }: CorrelatorOptions = {}) {
    this.#said = from ? from.#said.clone() : new SharedMap(entriesMax);
    this.#similar = from ? from.#similar.clone() : new SharedMap(entriesMax);
    this.#buckets = from ? from.#buckets.clone() : new SharedMap(entriesMax);
    this.#sequence = from ? from.#sequence : 0;
  }

  /** The part of an event's name after the object's: nanoseconds in hex upstream; here the moment and a running number. */
  nextSuffix(nowMs: number): string {
    return (BigInt(nowMs) * 1_000_000n + BigInt(this.#sequence++ % 1_000_000)).toString(16);
  }

  clone(): EventCorrelator {
    return new EventCorrelator({ from: this });
  }

  /** Notes one occurrence. `name` gives what a new Event of it is to be called. Undefined where nothing is to be stored of it. */
  observe(occurrence: Occurrence, nowMs: number, name: () => string): Observation | undefined {
    const { object, field, type, reason, message, times } = occurrence;
    const about = `${object}\0${type}\0${reason}`;
    const isCombined = this.#isOneOfMany(about, message, nowMs);
    const key = isCombined ? about : `${about}\0${field}\0${message}`;
    const before = this.#said.get(key);
    const said: Said = before
      ? { ...before, count: before.count + times }
      : { name: name(), count: times, firstMs: nowMs };
    this.#said.set(key, said);
    if (!this.#mayTell(`${object}\0${type}`, nowMs)) return undefined;
    const text = isCombined ? `(combined from similar events): ${message}` : message;
    return { ...said, key, message: text, isKnown: before !== undefined };
  }

  /** An Event was stored under another name than the one that it was to have. */
  rename({ key }: Observation, name: string): void {
    const said = this.#said.get(key);
    if (said) this.#said.set(key, { ...said, name });
  }

  /** From when on one more than `more` things of a type may be said about an object. */
  quietUntil(object: string, type: string, nowMs: number, more = 0): number {
    const credit = this.#creditMs(`${object}\0${type}`, nowMs) - more * REFILL_MS;
    return nowMs + Math.max(0, REFILL_MS - credit);
  }

  #isOneOfMany(about: string, message: string, nowMs: number): boolean {
    const known = this.#similar.get(about);
    const isRecent = known !== undefined && nowMs - known.lastMs <= SIMILAR_WINDOW_MS;
    const texts = isRecent ? known.texts : NO_TEXTS;
    const all = texts.includes(message) ? texts : [...texts, message];
    const isFull = all.length >= SIMILAR_MAX;
    this.#similar.set(about, { texts: isFull ? all.slice(1) : all, lastMs: nowMs });
    return isFull;
  }

  #mayTell(bucket: string, nowMs: number): boolean {
    const creditMs = this.#creditMs(bucket, nowMs);
    const isAllowed = creditMs >= REFILL_MS;
    this.#buckets.set(bucket, {
      creditMs: isAllowed ? creditMs - REFILL_MS : creditMs,
      atMs: nowMs,
    });
    return isAllowed;
  }

  #creditMs(bucket: string, nowMs: number): number {
    const known = this.#buckets.get(bucket);
    return known ? Math.min(CREDIT_MAX_MS, known.creditMs + nowMs - known.atMs) : CREDIT_MAX_MS;
  }
}

export interface CorrelatorOptions {
  readonly from?: EventCorrelator;
  readonly entriesMax?: number;
}

const NO_TEXTS: readonly string[] = [];
