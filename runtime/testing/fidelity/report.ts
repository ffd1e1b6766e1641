/** One recorded fact that we answer otherwise. */
export interface Mismatch {
  readonly id: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** What to look at: groups mismatches that likely have one reason. */
  readonly cause?: string;
}

/** What one area of recorded facts says of us. */
export interface AreaResult {
  readonly area: string;
  readonly matched: number;
  readonly total: number;
  readonly mismatches: readonly Mismatch[];
}

/** The least share of matches of an area, in percent. Floors only rise. */
export type Floors = Readonly<Record<string, number>>;

export function percent({ matched, total }: AreaResult): number {
  return total === 0 ? 0 : Math.floor((matched / total) * 1000) / 10;
}

/** Counts the rows of one area. */
export class Tally {
  readonly #area: string;
  readonly #mismatches: Mismatch[] = [];
  #total = 0;

  constructor(area: string) {
    this.#area = area;
  }

  /** Equal as JSON, whatever the order of keys. */
  equal(id: string, expected: unknown, actual: unknown): void {
    this.add(sameJson(expected, actual) ? undefined : { id, expected, actual });
  }

  add(mismatch: Mismatch | undefined): void {
    this.#total++;
    if (mismatch) this.#mismatches.push(mismatch);
  }

  result(): AreaResult {
    const matched = this.#total - this.#mismatches.length;
    return { area: this.#area, matched, total: this.#total, mismatches: this.#mismatches };
  }
}

export function sameJson(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, each: unknown) =>
      each && typeof each === 'object' && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    ) ?? 'null'
  );
}

/** What `attempt` returns, or the message of what it throws. */
export function outcome<T>(attempt: () => T): { readonly value: T } | { readonly error: string } {
  try {
    return { value: attempt() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
