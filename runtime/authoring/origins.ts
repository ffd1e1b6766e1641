import type { Origin } from './protocol.ts';
import { PROGRESS } from './protocol.ts';

/** An object made with spreads: what each member of its literal gives. */
interface Made {
  readonly site: number;
  /** Per member: its key, null for a key known only as it runs, 0 for a spread. */
  readonly shape: readonly (string | null | 0)[];
  /** The values spread, in order. */
  readonly spreads: readonly unknown[];
}

/** The module that instrumented code imports; the worker's hooks make it. */
export const BOOKS_URL = 'slipway-books:';

/** The functions that instrumented code calls; `Instrumenter` says when. */
export interface Books {
  b(base: number): void;
  o(site: number, value: unknown): unknown;
  m(site: number, shape: Made['shape'], value: object): object;
  n(site: number, value: object): object;
  s(value: unknown): unknown;
  l(site: number): void;
  w(base: number, site: number, value: unknown): unknown;
  d(base: number, value: unknown): unknown;
}

const BY_NAME = -1;
const CONSTRUCTED = [0] as const;

/** Knows of each object of the manifests where it was made. Lives in the worker, as long as one evaluation. */
export class Origins {
  readonly #made = new WeakMap<object, number | Made>();
  readonly #spreads: unknown[] = [];
  readonly #progress: Int32Array;

  constructor(progress: SharedArrayBuffer) {
    this.#progress = new Int32Array(progress);
  }

  /** What instrumented code calls. `indexOf` gives the module whose sites begin at a number. */
  books(indexOf: (base: number) => number): Books {
    const progress = this.#progress;
    const enter = (base: number): number => {
      const index = indexOf(base);
      progress[PROGRESS.module] = index + 1;
      progress[PROGRESS.loop] = 0;
      return index;
    };
    return {
      b: enter,
      o: (site, value) => this.#note(value, site),
      m: (site, shape, value) => this.#noteMade(value, site, shape),
      n: (site, value) => this.#noteMade(value, site, CONSTRUCTED),
      s: (value) => {
        this.#spreads.push(value);
        return value;
      },
      l: (site) => {
        progress[PROGRESS.loop] = site + 1;
        progress[PROGRESS.turns] = progress[PROGRESS.turns]! + 1;
      },
      w: (base, site, value) => {
        progress[PROGRESS.awaits + indexOf(base)] = site + 1;
        return value;
      },
      d: (base, value) => {
        progress[PROGRESS.awaits + enter(base)] = 0;
        return value;
      },
    };
  }

  #note(value: unknown, site: number): unknown {
    if (typeof value === 'object' && value !== null) this.#made.set(value, site);
    return value;
  }

  #noteMade(value: object, site: number, shape: Made['shape']): object {
    const count = shape.filter((each) => each === 0).length;
    const spreads = this.#spreads.splice(this.#spreads.length - count, count);
    this.#made.set(value, { site, shape, spreads });
    return value;
  }

  siteOf(value: object): number | undefined {
    const made = this.#made.get(value);
    return typeof made === 'object' ? made.site : made;
  }

  /** The site and member that give an item of a list; undefined when no literal made it. */
  itemOf(list: readonly unknown[], at: number): readonly [number, number] | undefined {
    const made = this.#made.get(list);
    if (typeof made === 'number') return [made, at];
    if (made === undefined) return undefined;
    const { site, member } = this.#itemOf(made, at);
    return [site, member];
  }

  /** Where the object's fields come from, in the order of `keys`; undefined when no literal made it. */
  originOf(value: object, keys: readonly string[]): Origin | undefined {
    const made = this.#made.get(value);
    if (typeof made !== 'object') return made;
    const origin = new Int32Array(1 + keys.length * 2);
    origin[0] = made.site;
    for (const [at, key] of keys.entries()) {
      const { site, member } = Array.isArray(value)
        ? this.#itemOf(made, Number(key))
        : this.#fieldOf(value, key);
      origin[1 + at * 2] = site;
      origin[2 + at * 2] = member;
    }
    return origin;
  }

  #fieldOf(value: object, key: string): { site: number; member: number } {
    const made = this.#made.get(value);
    if (typeof made !== 'object') return { site: made ?? BY_NAME, member: BY_NAME };
    const { site, shape, spreads } = made;
    let spread = spreads.length;
    for (let member = shape.length - 1; member >= 0; member--) {
      if (shape[member] === key) return { site, member };
      if (shape[member] !== 0) continue;
      const source = spreads[--spread];
      if (typeof source !== 'object' || source === null || !Object.hasOwn(source, key)) continue;
      const found = this.#fieldOf(source, key);
      return found.site === BY_NAME ? { site, member } : found;
    }
    return { site, member: BY_NAME };
  }

  #itemOf(made: Made, at: number): { site: number; member: number } {
    const { site, shape, spreads } = made;
    let first = 0;
    let spread = 0;
    for (let member = 0; member < shape.length; member++) {
      if (shape[member] !== 0) {
        if (first++ === at) return { site, member };
        continue;
      }
      const source = spreads[spread++];
      // What else can be iterated may have been used up: its length is not known any more.
      if (!Array.isArray(source)) return { site, member };
      if (at < first + source.length) return this.#spreadItem(source, at - first, site, member);
      first += source.length;
    }
    return { site, member: BY_NAME };
  }

  #spreadItem(
    source: readonly unknown[],
    at: number,
    site: number,
    member: number,
  ): { site: number; member: number } {
    const made = this.#made.get(source);
    if (typeof made === 'object') return this.#itemOf(made, at);
    return made === undefined ? { site, member } : { site: made, member: at };
  }
}
