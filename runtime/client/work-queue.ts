import { limits } from '../base/index.ts';

/**
 * The work queue of one controller: keys in the order in which they were first added, each at most once. Failing keys are
 * counted, so that the caller can wait longer each time. Plain data; `clone` for a fork.
 */
export class WorkQueue {
  /**
   * What waits, with what first asked for it since it was last taken: the revision of a write; where it was no write, the journal's
   * record with a minus before it; 0 for nothing that is known.
   */
  readonly #triggers = new Map<string, number>();
  /** The same keys in order, from `#head` on. */
  #order: string[] = [];
  #head = 0;
  readonly #failures = new Map<string, number>();

  get depth(): number {
    return this.#triggers.size;
  }

  add(key: string, trigger = 0): void {
    if (this.#triggers.has(key)) return;
    this.#triggers.set(key, trigger);
    this.#order.push(key);
  }

  /** The oldest key, which leaves the queue. */
  take(): { key: string; trigger: number } | undefined {
    const key = this.#order[this.#head];
    if (key === undefined) return undefined;
    this.#head++;
    if (this.#head > TRIM_FROM && this.#head * 2 > this.#order.length) this.#trim();
    const trigger = this.#triggers.get(key)!;
    this.#triggers.delete(key);
    return { key, trigger };
  }

  /** Notes one more failure of `key`; returns how long to wait: 5 ms doubling, as Kubernetes' default rate limiter. */
  fail(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.min(limits.retryBaseMs * 2 ** Math.min(failures, 40), limits.retryMaxMs);
  }

  forget(key: string): void {
    if (this.#failures.size > 0) this.#failures.delete(key);
  }

  /** Keys that failed and have not succeeded since, with the number of failures. */
  failing(): ReadonlyMap<string, number> {
    return this.#failures;
  }

  clone(): WorkQueue {
    const copy = new WorkQueue();
    copy.#order = this.#order.slice(this.#head);
    for (const [key, trigger] of this.#triggers) copy.#triggers.set(key, trigger);
    for (const [key, count] of this.#failures) copy.#failures.set(key, count);
    return copy;
  }

  #trim(): void {
    this.#order = this.#order.slice(this.#head);
    this.#head = 0;
  }
}

/** Keys already taken that are kept before the list is cut. */
const TRIM_FROM = 256;
