import { limits } from '../base/index.ts';

interface Item {
  /** Revision of the first write that asked for this key since it was last taken; 0 for timers. */
  readonly trigger: number;
}

/**
 * The work queue of one controller: keys in the order in which they were first added, each at most once. Failing keys are
 * counted, so that the caller can wait longer each time. Plain data; `clone` for a fork.
 */
export class WorkQueue {
  readonly #items = new Map<string, Item>();
  readonly #failures = new Map<string, number>();

  get depth(): number {
    return this.#items.size;
  }

  add(key: string, trigger = 0): void {
    if (!this.#items.has(key)) this.#items.set(key, { trigger });
  }

  /** The oldest key, which leaves the queue. */
  take(): { key: string; trigger: number } | undefined {
    for (const [key, item] of this.#items) {
      this.#items.delete(key);
      return { key, trigger: item.trigger };
    }
    return undefined;
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
    for (const [key, item] of this.#items) copy.#items.set(key, item);
    for (const [key, count] of this.#failures) copy.#failures.set(key, count);
    return copy;
  }
}
