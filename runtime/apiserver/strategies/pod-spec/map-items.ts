/** The list with `change` made to each; the same list when nothing changed. */
export function mapItems<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  let result: T[] | undefined;
  for (const [at, item] of list.entries()) {
    const next = change(item);
    if (next === item) continue;
    result ??= list.slice();
    result[at] = next;
  }
  return result ?? list;
}
