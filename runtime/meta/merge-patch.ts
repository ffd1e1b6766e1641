import { jsonEqual } from '../../generator/model/equal.ts';
import { isObject, type Json } from './json.ts';

/** RFC 7386. What does not change keeps its reference. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const base = isObject(target) ? target : {};
  let result: Json | undefined;
  for (const key in patch) {
    const value = patch[key];
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    if (value === null) {
      if (!Object.hasOwn(base, key)) continue;
      result ??= { ...base };
      delete result[key];
      continue;
    }
    const merged = mergePatch(before, value);
    if (before !== undefined && jsonEqual(merged, before)) continue;
    result ??= { ...base };
    result[key] = merged;
  }
  return result ?? base;
}

/** The merge patch that makes `modified` of `original`; empty when they are equal. Nulls inside `modified` cannot be said. */
export function createMergePatch(original: Json, modified: Json): Json {
  const patch: Json = {};
  for (const key in modified) {
    const [before, after] = [original[key], modified[key]];
    if (jsonEqual(before, after)) continue;
    patch[key] = isObject(before) && isObject(after) ? createMergePatch(before, after) : after;
  }
  for (const key in original) if (!(key in modified)) patch[key] = null;
  return patch;
}

/**
 * The merge patch by which `kubectl apply` brings a custom resource from `current` to `modified`: what `original`, the
 * configuration applied before, had and `modified` has not goes; what others added stays.
 */
export function createThreeWayJsonMergePatch(original: Json, modified: Json, current: Json): Json {
  const changes = splitNulls(createMergePatch(current, modified)).values;
  const removals = splitNulls(createMergePatch(original, modified)).nulls;
  return combined(removals, changes);
}

/** A patch as its removals and the rest. A map that held nothing but removals is not part of the rest. */
export function splitNulls(patch: Json): { readonly nulls: Json; readonly values: Json } {
  const nulls: Json = {};
  const values: Json = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) nulls[key] = null;
    else if (isObject(value) && Object.keys(value).length > 0) {
      const parts = splitNulls(value);
      if (Object.keys(parts.nulls).length > 0) nulls[key] = parts.nulls;
      if (Object.keys(parts.values).length > 0) values[key] = parts.values;
    } else values[key] = value;
  }
  return { nulls, values };
}

function combined(removals: Json, changes: Json): Json {
  const patch = { ...removals };
  for (const [key, value] of Object.entries(changes)) {
    const before = patch[key];
    patch[key] = isObject(before) && isObject(value) ? combined(before, value) : value;
  }
  return patch;
}

/** Whether two patches say different things of one field; lists are compared whole. */
export function patchesConflict(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return !jsonEqual(a, b);
  return Object.keys(a).some((key) => Object.hasOwn(b, key) && patchesConflict(a[key], b[key]));
}
