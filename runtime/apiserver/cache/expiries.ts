/** A write, and when what it wrote is to go unless it was written again. */
interface Expiry {
  readonly key: string;
  readonly atMs: number;
}

/**
 * When the objects of a kind with a time to live are to be deleted; renewed by every write, as etcd's leases are. Since the time
 * to live is one for the kind, the order of writes is the order of expiry: a queue, in which a renewed object stands again.
 */
export class Expiries {
  readonly #ttlMs: number;
  #queue: Expiry[];
  /** Position in the queue of the oldest entry that is still of interest. */
  #head: number;

  constructor(ttlSeconds: number, from?: Expiries) {
    this.#ttlMs = ttlSeconds * 1000;
    this.#queue = from ? from.#queue.slice(from.#head) : [];
    this.#head = 0;
  }

  fork(): Expiries {
    return new Expiries(this.#ttlMs / 1000, this);
  }

  renew(key: string, nowMs: number): void {
    this.#queue.push({ key, atMs: nowMs + this.#ttlMs });
  }

  /** Keys whose time is over, oldest first, each as often as it was written; takes them off the queue. */
  due(nowMs: number): string[] {
    const keys: string[] = [];
    for (
      let next = this.#queue[this.#head];
      next && next.atMs <= nowMs;
      next = this.#queue[this.#head]
    ) {
      keys.push(next.key);
      this.#head++;
    }
    if (this.#head > this.#queue.length / 2) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return keys;
  }
}
