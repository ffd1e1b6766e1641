import { SharedMap } from '../base/index.ts';

/** What to store for one more occurrence. */
export type EventVerdict =
  | { readonly kind: 'drop' }
  | { readonly kind: 'create'; readonly id: string; readonly message: string }
  | {
      readonly kind: 'count';
      readonly id: string;
      readonly name: string;
      readonly count: number;
      readonly message: string;
    };

interface Known {
  readonly name: string;
  readonly count: number;
}
interface Similar {
  readonly messages: readonly string[];
  readonly lastMs: number;
}
interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

const KNOWN_MAX = 4096;
const SIMILAR_MAX = 10;
const SIMILAR_WINDOW_MS = 600_000;
const BURST = 25;
const REFILL_MS = 300_000;

/**
 * Kubernetes' event correlation: an occurrence equal to an earlier one raises its count; from the tenth different message
 * of one reason about one object within ten minutes on they are combined; and one source may say 25 things about an
 * object, then one every five minutes. Copy-on-write, bounded.
 */
export class EventCorrelator {
  readonly #known: SharedMap<Known>;
  readonly #similar: SharedMap<Similar>;
  readonly #buckets: SharedMap<Bucket>;
  #sequence: number;

  constructor(from?: EventCorrelator) {
    this.#known = from ? from.#known.clone() : new SharedMap(KNOWN_MAX);
    this.#similar = from ? from.#similar.clone() : new SharedMap(KNOWN_MAX);
    this.#buckets = from ? from.#buckets.clone() : new SharedMap(KNOWN_MAX);
    this.#sequence = from ? from.#sequence : 0;
  }

  /** The part of an event's name after the object's: nanoseconds in hex upstream; here the moment and a running number. */
  nextSuffix(nowMs: number): string {
    return (BigInt(nowMs) * 1_000_000n + BigInt(this.#sequence++ % 1_000_000)).toString(16);
  }

  clone(): EventCorrelator {
    return new EventCorrelator(this);
  }

  /** `source` says `reason` about `object` (its uid and field); returns what to do with `message`. */
  judge(
    source: string,
    object: string,
    reason: string,
    message: string,
    nowMs: number,
  ): EventVerdict {
    const about = `${source}\0${object}\0${reason}`;
    const combined = this.#isCombined(about, message, nowMs);
    const text = combined ? `(combined from similar events): ${message}` : message;
    const id = combined ? about : `${about}\0${message}`;
    if (!this.#spend(`${source}\0${object}`, nowMs)) return { kind: 'drop' };
    const known = this.#known.get(id);
    if (!known) return { kind: 'create', id, message: text };
    return { kind: 'count', id, name: known.name, count: known.count + 1, message: text };
  }

  /** Notes under which name the occurrence was stored, and how often it has been seen. */
  stored(id: string, name: string, count: number): void {
    this.#known.set(id, { name, count });
  }

  #isCombined(about: string, message: string, nowMs: number): boolean {
    const similar = this.#similar.get(about);
    const fresh = similar && nowMs - similar.lastMs <= SIMILAR_WINDOW_MS ? similar.messages : [];
    const messages = fresh.includes(message) ? fresh : [...fresh, message];
    if (!similar || messages !== similar.messages || nowMs !== similar.lastMs)
      this.#similar.set(about, { messages: messages.slice(1 - SIMILAR_MAX), lastMs: nowMs });
    return messages.length >= SIMILAR_MAX;
  }

  #spend(key: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(key) ?? { tokens: BURST, atMs: nowMs };
    const tokens = Math.min(BURST, bucket.tokens + (nowMs - bucket.atMs) / REFILL_MS);
    if (tokens < 1) return false;
    this.#buckets.set(key, { tokens: tokens - 1, atMs: nowMs });
    return true;
  }
}
