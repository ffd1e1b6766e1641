/** Structural equality of JSON values; equal references need no look inside. An absent field equals undefined. */
export function jsonEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((each, at) => jsonEqual(each, b[at]));
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in left) if (!jsonEqual(left[key], own(right, key))) return false;
  for (const key in right)
    if (right[key] !== undefined && own(left, key) === undefined) return false;
  return true;
}

/** Not what objects inherit: a map may have `constructor` for a key. */
function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
