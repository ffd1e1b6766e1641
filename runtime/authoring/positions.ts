import type { SourceRange } from './contract.ts';
import { keyFor, parseFieldPath } from './field-path.ts';
import type { PreparedJob } from './job.ts';
import type { EvaluationResult, Origin } from './protocol.ts';

/** A place of a field: where its name is written, and where its value is. */
export interface Place {
  readonly name: SourceRange;
  readonly value: SourceRange;
}

/** What a path led to. `isExact` is false when it is a parent's place, because the field has none. */
export interface Located extends Place {
  readonly isExact: boolean;
  /** What the object has at the path. */
  readonly found?: unknown;
  /** Keys from the value at the place down to it; empty when it is exact. */
  readonly below?: readonly string[];
  /** Name of the object that it is in. */
  readonly owner?: string;
}

const BY_NAME = -1;

/** Finds the fields of evaluated objects in the texts that made them. */
export class Positions {
  readonly #job: PreparedJob;
  readonly #origins = new Map<object, Origin>();

  constructor(job: PreparedJob, result: Pick<EvaluationResult, 'objects' | 'origins'>) {
    this.#job = job;
    for (const [at, object] of result.objects.entries())
      this.#origins.set(object, result.origins[at]!);
  }

  /** `copy` has the fields of `original` in the same order, perhaps more. */
  inherit(copy: object, original: object): void {
    const origin = this.#origins.get(original);
    if (origin !== undefined) this.#origins.set(copy, origin);
  }

  /** The place of a field below `root`, or of its nearest parent that has one, or else `fallback`. */
  locate(root: object, fieldPath: string, fallback: SourceRange): Located {
    let place: Place = { name: fallback, value: fallback };
    let value: unknown = root;
    let isExact = true;
    let below: string[] = [];
    for (const step of parseFieldPath(fieldPath)) {
      if (typeof value !== 'object' || value === null) return { ...place, isExact: false };
      const key = keyFor(step, value);
      if (key === undefined) return { ...place, isExact: false };
      if (!Object.hasOwn(value, key)) {
        const left = this.#leftOut(value, key);
        return { ...(left ?? place), isExact: left !== undefined };
      }
      const child: unknown = (value as Record<string, unknown>)[key];
      const found = this.#place(value, key) ?? this.#made(child);
      if (found) place = found;
      isExact = found !== undefined;
      below = found ? [] : [...below, key];
      value = child;
    }
    return { ...place, isExact, found: value, below, ...ownerOf(root) };
  }

  /** Where the value itself is written, which may be a constant that the field only names. */
  writtenAt({ value, found, below, owner }: Located): SourceRange {
    return below ? this.#job.values.trace(value, { value: found, keys: below, owner }) : value;
  }

  /** Every field that has a place of its own, with its path; at most `countMax`. */
  *fields(root: object, countMax: number): Generator<{ path: string; place: Place }> {
    const queue: { path: string; object: object }[] = [{ path: '', object: root }];
    let count = 0;
    for (const { path, object } of queue)
      for (const [key, child] of Object.entries(object)) {
        if (count++ >= countMax) return;
        const at = Array.isArray(object) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
        const place = this.#place(object, key) ?? this.#made(child);
        if (place) yield { path: at, place };
        if (typeof child === 'object' && child !== null) queue.push({ path: at, object: child });
      }
  }

  /** The site of the literal, or of the `new`, that made an object. */
  siteOf(object: object): number | undefined {
    const origin = this.#origins.get(object);
    const site = typeof origin === 'number' ? origin : origin?.[0];
    return site === BY_NAME ? undefined : site;
  }

  /** The argument that the object at a site was constructed from. */
  initOf(site: number): SourceRange | undefined {
    return this.#job.find(site)?.argument(site);
  }

  #place(object: object, key: string): Place | undefined {
    const origin = this.#origins.get(object);
    if (origin === undefined) return undefined;
    if (typeof origin === 'number') return this.#property(origin, key);
    const at = Object.keys(object).indexOf(key);
    const site = origin[1 + at * 2] ?? BY_NAME;
    const member = origin[2 + at * 2] ?? BY_NAME;
    if (site === BY_NAME) return undefined;
    return member === BY_NAME ? this.#property(site, key) : this.#member(site, member);
  }

  #property(site: number, key: string): Place | undefined {
    return this.#job.find(site)?.property(site, key);
  }

  #member(site: number, member: number): Place | undefined {
    return this.#job.find(site)?.member(site, member);
  }

  /** A member that the text has and the object has not: its value was undefined, or nothing that JSON can hold. */
  #leftOut(object: object, key: string): Place | undefined {
    const origin = this.#origins.get(object);
    if (typeof origin !== 'number') return undefined;
    return this.#job.find(origin)?.property(origin, key, true);
  }

  /** Where the object itself was made: for items of lists that were computed. */
  #made(value: unknown): Place | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const site = this.siteOf(value);
    if (site === undefined) return undefined;
    const range = this.#job.site(site);
    return { name: range, value: range };
  }
}

function ownerOf(root: object): { readonly owner?: string } {
  const { metadata } = root as { readonly metadata?: { readonly name?: unknown } | null };
  return typeof metadata?.name === 'string' ? { owner: metadata.name } : {};
}
