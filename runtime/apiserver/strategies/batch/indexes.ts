interface Counted {
  readonly total: number;
  /** Why the text names no indexes. */
  readonly error?: string;
}

/** How many indexes a text such as `1,3-5,7` names, which must rise and be below `completions`. */
export function countIndexes(text: string, completions: number): Counted {
  if (text === '') return { total: 0 };
  let total = 0;
  let previous = -1;
  for (const part of text.split(',')) {
    const bounds = part.split('-');
    if (bounds.length > 2)
      return wrong(
        `the fragment ${JSON.stringify(part)} violates the requirement that an index interval can have at most two parts separated by '-'`,
      );
    const [first = 0, last = first] = bounds.map(Number);
    const odd = bounds.find((bound) => !/^\d+$/.test(bound));
    if (odd !== undefined)
      return wrong(`cannot convert string to integer for index: ${JSON.stringify(odd)}`);
    if (first <= previous)
      return wrong(`non-increasing order, previous: ${previous}, current: ${first}`);
    if (last < first) return wrong(`non-increasing order, previous: ${first}, current: ${last}`);
    if (last >= completions)
      return wrong(
        `too large index: ${JSON.stringify(String(first >= completions ? first : last))}`,
      );
    total += last - first + 1;
    previous = last;
  }
  return { total };
}

const wrong = (error: string): Counted => ({ total: 0, error });
