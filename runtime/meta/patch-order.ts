/**
 * A list in the order that a patch wants: items that `order` names stand as it says; the others keep the order that they
 * have in `live`; of two that are both live the earlier comes first, else the named one. That puts new items before old ones.
 */
export function inOrder(
  list: readonly unknown[],
  order: readonly unknown[],
  live: readonly unknown[],
  idOf: (item: unknown) => unknown,
): unknown[] {
  const wanted = positions(order, idOf);
  const present = positions(live, idOf);
  const rank = (item: unknown): number | undefined => wanted.get(idOf(item));
  const place = (item: unknown): number => present.get(idOf(item)) ?? Number.NaN;
  const named = list.filter((item) => rank(item) !== undefined).sort((a, b) => rank(a)! - rank(b)!);
  const others = list.filter((item) => rank(item) === undefined);
  const result: unknown[] = [];
  for (let at = 0; at < named.length || others.length > 0; ) {
    const [other] = others;
    const isOther = others.length > 0 && (at >= named.length || place(other) < place(named[at]));
    result.push(isOther ? others.shift() : named[at++]);
  }
  return result;
}

/** Where each item stands first. */
function positions(
  list: readonly unknown[],
  idOf: (item: unknown) => unknown,
): ReadonlyMap<unknown, number> {
  const found = new Map<unknown, number>();
  for (const [at, item] of list.entries()) {
    const id = idOf(item);
    if (!found.has(id)) found.set(id, at);
  }
  return found;
}
