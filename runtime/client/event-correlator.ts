import { SharedMap } from '../base/index.ts';

/** What to store for one more occurrence. */
export type EventVerdict =
  | { readonly kind: 'drop' }
  | { readonly kind: 'create'; readonly id: EventId; readonly message: string }
  | {
      readonly kind: 'count';
      readonly id: EventId;
      readonly name: string;
      readonly count: number;
      readonly message: string;
    };

/** Which occurrences are the same event: one text of one reason about one object, or all texts when they are combined. */
export interface EventId {
  readonly object: string;
  readonly reason: string;
  /** Empty when combined. */
  readonly message: string;
}

interface Said {
  readonly message: string;
  /** Name and count of the stored Event; absent until it is stored. */
  readonly name?: string;
  readonly count?: number;
}

/** What was said for one reason, latest text last. */
interface Reason {
  readonly reason: string;
  readonly lastMs: number;
  /** Different texts since it was last silent for longer than the window. */
  readonly recent: number;
  readonly texts: readonly Said[];
  readonly combined?: Said;
}

/** All that one source said about one object, and how much more it may say. */
interface About {
  readonly tokens: number;
  readonly atMs: number;
  readonly reasons: readonly Reason[];
}

const OBJECTS_MAX = 4096;
const SIMILAR_MAX = 10;
const SIMILAR_WINDOW_MS = 600_000;
const BURST = 25;
const REFILL_MS = 300_000;

/**
 * Kubernetes' event correlation for one source: an occurrence equal to an earlier one raises its count; from the tenth
 * different message of one reason about one object within ten minutes on they are combined; and a source may say 25 things
 * about an object, then one every five minutes. Copy-on-write, bounded.
 */
export class EventCorrelator {
  readonly #objects: SharedMap<About>;
  #sequence: number;

  constructor(from?: EventCorrelator) {
    this.#objects = from ? from.#objects.clone() : new SharedMap(OBJECTS_MAX);
    this.#sequence = from ? from.#sequence : 0;
  }

  /** The part of an event's name after the object's: nanoseconds in hex upstream; here the moment and a running number. */
  nextSuffix(nowMs: number): string {
    return (BigInt(nowMs) * 1_000_000n + BigInt(this.#sequence++ % 1_000_000)).toString(16);
  }

  clone(): EventCorrelator {
    return new EventCorrelator(this);
  }

  /** The source says `reason` about `object` (its uid and field); returns what to do with `message`. */
  judge(object: string, reason: string, message: string, nowMs: number): EventVerdict {
    const about = this.#objects.get(object);
    const before = about?.reasons.find((each) => each.reason === reason);
    const said = before?.texts.find((each) => each.message === message);
    const recent = recentTexts(before, said, nowMs);
    const combined = recent >= SIMILAR_MAX;
    const tokens = this.#tokens(about, nowMs);
    const texts = said
      ? before!.texts
      : [...(before?.texts ?? []), { message }].slice(-SIMILAR_MAX);
    const next = { ...before, reason, lastMs: nowMs, recent, texts };
    this.#objects.set(object, {
      tokens: tokens < 1 ? tokens : tokens - 1,
      atMs: nowMs,
      reasons: replaced(about?.reasons ?? NO_REASONS, before, next),
    });
    if (tokens < 1) return { kind: 'drop' };
    const id = { object, reason, message: combined ? '' : message };
    const known = combined ? before?.combined : said;
    const text = combined ? `(combined from similar events): ${message}` : message;
    if (known?.name === undefined) return { kind: 'create', id, message: text };
    return { kind: 'count', id, name: known.name, count: (known.count ?? 0) + 1, message: text };
  }

  /** Notes under which name the occurrence was stored, and how often it has been seen. */
  stored({ object, reason, message }: EventId, name: string, count: number): void {
    const about = this.#objects.get(object);
    const before = about?.reasons.find((each) => each.reason === reason);
    if (!about || !before) return;
    const next =
      message === ''
        ? { ...before, combined: { message, name, count } }
        : {
            ...before,
            texts: before.texts.map((each) =>
              each.message === message ? { message, name, count } : each,
            ),
          };
    this.#objects.set(object, { ...about, reasons: replaced(about.reasons, before, next) });
  }

  #tokens(about: About | undefined, nowMs: number): number {
    if (!about) return BURST;
    return Math.min(BURST, about.tokens + (nowMs - about.atMs) / REFILL_MS);
  }
}

const NO_REASONS: readonly Reason[] = [];

/** Different texts of a reason so far, with the one that is said now; from the tenth on they count no further. */
function recentTexts(before: Reason | undefined, said: Said | undefined, nowMs: number): number {
  if (!before || nowMs - before.lastMs > SIMILAR_WINDOW_MS) return 1;
  return said ? before.recent : Math.min(SIMILAR_MAX, before.recent + 1);
}

function replaced(
  reasons: readonly Reason[],
  before: Reason | undefined,
  next: Reason,
): readonly Reason[] {
  if (!before) return reasons.length === 0 ? [next] : [...reasons, next];
  return reasons.map((each) => (each === before ? next : each));
}
