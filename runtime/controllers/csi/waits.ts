import { SortedMap } from '../../base/index.ts';

interface Wait {
  readonly uid: string;
  readonly untilMs: number;
}

export type WaitState = SortedMap<Wait>;

/** How long the storage takes for anything that is asked of it. */
const WORK_MS = 1000;

/** What drivers are at work on, by key. Copied with a fork. */
export class Waits {
  readonly #waits: WaitState;

  constructor(inherited?: WaitState) {
    this.#waits = inherited ?? new SortedMap();
  }

  /** Begins the work for a key unless it is begun for the same object; says until when it lasts and whether it has just begun. */
  begin(key: string, uid: string, nowMs: number): { untilMs: number; isNew: boolean } {
    const known = this.#waits.get(key);
    if (known?.uid === uid) return { untilMs: known.untilMs, isNew: false };
    const untilMs = nowMs + WORK_MS;
    this.#waits.set(key, { uid, untilMs });
    return { untilMs, isNew: true };
  }

  end(key: string): undefined {
    this.#waits.delete(key);
    return undefined;
  }

  clone(): WaitState {
    return this.#waits.clone();
  }
}
