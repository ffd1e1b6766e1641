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
  name: string | undefined;
  count: number;
}

/** What was said for one reason, latest text last. */
interface Reason {
  readonly reason: string;
  lastMs: number;
  /** Different texts since it was last silent for longer than the window. */
  recent: number;
  readonly texts: Said[];
  combined: Said | undefined;
}

/** All that one source said about one object, and how much more it may say. */
interface About {
  /** The correlator that may change it: another copies it first. */
  readonly owner: object;
  tokens: number;
  atMs: number;
  readonly reasons: Reason[];
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
  /** Changes with every clone: what was noted before belongs to both sides. */
  #owner = {};

  constructor(from?: EventCorrelator) {
    this.#objects = from ? from.#objects.clone() : new SharedMap(OBJECTS_MAX);
    this.#sequence = from ? from.#sequence : 0;
    if (from) from.#owner = {};
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
    const about = this.#about(object, nowMs);
    const tokens = Math.min(BURST, about.tokens + (nowMs - about.atMs) / REFILL_MS);
    about.atMs = nowMs;
    const said = saying(about, reason, message, nowMs);
    about.tokens = tokens < 1 ? tokens : tokens - 1;
    if (tokens < 1) return { kind: 'drop' };
    const { combined } = said;
    const known = combined ? said.reason.combined : said.text;
    const id = { object, reason, message: combined ? '' : message };
    const text = combined ? `(combined from similar events): ${message}` : message;
    if (known?.name === undefined) return { kind: 'create', id, message: text };
    return { kind: 'count', id, name: known.name, count: known.count + 1, message: text };
  }

  /** Notes under which name the occurrence was stored, and how often it has been seen. */
  stored({ object, reason, message }: EventId, name: string, count: number): void {
    const known = this.#objects.get(object);
    if (!known) return;
    const before = this.#about(object, known.atMs).reasons.find((each) => each.reason === reason);
    if (!before) return;
    if (message === '') before.combined = { message, name, count };
    const text = before.texts.find((each) => each.message === message);
    if (!text) return;
    text.name = name;
    text.count = count;
  }

  /** What is noted of an object, to be changed. */
  #about(object: string, nowMs: number): About {
    const known = this.#objects.get(object);
    if (known?.owner === this.#owner) return known;
    const own: About = known
      ? { ...known, owner: this.#owner, reasons: known.reasons.map(copyOf) }
      : { owner: this.#owner, tokens: BURST, atMs: nowMs, reasons: [] };
    this.#objects.set(object, own);
    return own;
  }
}

function copyOf(reason: Reason): Reason {
  return { ...reason, texts: reason.texts.map((text) => ({ ...text })) };
}

/** Notes one text; `combined` when it is one of too many different ones. */
function saying(
  about: About,
  name: string,
  message: string,
  nowMs: number,
): { reason: Reason; text: Said; combined: boolean } {
  let reason = about.reasons.find((each) => each.reason === name);
  if (!reason) {
    reason = { reason: name, lastMs: nowMs, recent: 0, texts: [], combined: undefined };
    about.reasons.push(reason);
  }
  let text = reason.texts.find((each) => each.message === message);
  // From the tenth different text on they count no further.
  if (reason.recent === 0 || nowMs - reason.lastMs > SIMILAR_WINDOW_MS) reason.recent = 1;
  else if (!text) reason.recent = Math.min(SIMILAR_MAX, reason.recent + 1);
  reason.lastMs = nowMs;
  if (!text) {
    text = { message, name: undefined, count: 0 };
    if (reason.texts.length >= SIMILAR_MAX) reason.texts.shift();
    reason.texts.push(text);
  }
  return { reason, text, combined: reason.recent >= SIMILAR_MAX };
}
