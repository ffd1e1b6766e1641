interface Interval {
  readonly first: number;
  readonly last: number;
}

/** Indexes of an Indexed Job as sorted intervals, which is how its status writes them: `0,2-5,7`. Never changes. */
export class IndexSet {
  static readonly EMPTY = new IndexSet([]);
  readonly #intervals: readonly Interval[];

  private constructor(intervals: readonly Interval[]) {
    this.#intervals = intervals;
  }

  /** Reads what is below `completions`; passes over what is no index. */
  static parse(text: string | undefined, completions: number): IndexSet {
    if (!text) return IndexSet.EMPTY;
    const intervals = text.split(',').flatMap((part): Interval[] => {
      const [first = Number.NaN, last = first] = part.split('-').map(Number);
      if (!(first < completions && last >= first)) return [];
      return [{ first, last: Math.min(last, completions - 1) }];
    });
    return new IndexSet(merged(intervals));
  }

  get total(): number {
    return this.#intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  has(index: number): boolean {
    let low = 0;
    let high = this.#intervals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#intervals[middle]!.last < index) low = middle + 1;
      else high = middle;
    }
    const found = this.#intervals[low];
    return found !== undefined && found.first <= index;
  }

  with(indexes: Iterable<number> | IndexSet): IndexSet {
    if (indexes instanceof IndexSet)
      return new IndexSet(merged([...this.#intervals, ...indexes.#intervals]));
    const added = [...indexes].map((index) => ({ first: index, last: index }));
    return added.length === 0 ? this : new IndexSet(merged([...this.#intervals, ...added]));
  }

  /** How many indexes it has in common with `other`. */
  countCommon(other: IndexSet): number {
    let count = 0;
    for (const { first, last } of this.#intervals)
      for (const each of other.#intervals)
        count += Math.max(0, Math.min(last, each.last) - Math.max(first, each.first) + 1);
    return count;
  }

  /** The first `count` indexes below `completions` that are not in the set. */
  missing(count: number, completions: number): number[] {
    const found: number[] = [];
    let candidate = 0;
    for (const { first, last } of [...this.#intervals, { first: completions, last: completions }]) {
      for (; candidate < Math.min(first, completions) && found.length < count; candidate++)
        found.push(candidate);
      candidate = Math.max(candidate, last + 1);
    }
    return found;
  }

  toString(): string {
    return this.#intervals
      .map(({ first, last }) =>
        first === last ? first : `${first}${last === first + 1 ? ',' : '-'}${last}`,
      )
      .join(',');
  }
}

function merged(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const each of [...intervals].sort((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before === undefined || each.first > before.last + 1) result.push(each);
    else if (each.last > before.last)
      result[result.length - 1] = { first: before.first, last: each.last };
  }
  return result;
}
