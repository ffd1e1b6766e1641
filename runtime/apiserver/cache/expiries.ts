import { SortedMap } from '../../base/index.ts';

const DIGITS = 15;

/** When the objects of a kind with a time to live are to be deleted; renewed by every write, as etcd's leases are. */
export class Expiries {
  readonly #ttlMs: number;
  readonly #byTime: SortedMap<string>;
  readonly #byKey: SortedMap<number>;

  constructor(ttlSeconds: number, from?: Expiries) {
    this.#ttlMs = ttlSeconds * 1000;
    this.#byTime = from ? from.#byTime.clone() : new SortedMap();
    this.#byKey = from ? from.#byKey.clone() : new SortedMap();
  }

  fork(): Expiries {
    return new Expiries(this.#ttlMs / 1000, this);
  }

  renew(key: string, nowMs: number): void {
    this.forget(key);
    const atMs = nowMs + this.#ttlMs;
    this.#byTime.set(order(atMs, key), key);
    this.#byKey.set(key, atMs);
  }

  forget(key: string): void {
    const atMs = this.#byKey.get(key);
    if (atMs === undefined) return;
    this.#byTime.delete(order(atMs, key));
    this.#byKey.delete(key);
  }

  /** Keys whose time is over, oldest first. */
  due(nowMs: number): string[] {
    const keys: string[] = [];
    this.#byTime.scan(undefined, order(nowMs + 1, ''), (_, key) => {
      keys.push(key);
      return true;
    });
    return keys;
  }
}

function order(atMs: number, key: string): string {
  return `${String(atMs).padStart(DIGITS, '0')}/${key}`;
}
