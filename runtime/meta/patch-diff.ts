import { jsonEqual } from '../../generator/model/equal.ts';
import type { Schema } from '../../generator/model/schema.ts';
import { isObject, type Json } from './json.ts';
import { mergeStrategyOf, type Resolve, schemaOfField, type Typed } from './merge-strategy.ts';
import { combinePatches } from './patch-combine.ts';
import { DELETE_ITEMS, MARKER, RETAIN_KEYS, SET_ORDER } from './strategic-merge.ts';

/** Which half of a difference is wanted. */
interface Wanted {
  readonly changes: boolean;
  readonly removals: boolean;
  readonly retainKeys: boolean;
}

const EVERYTHING: Wanted = { changes: true, removals: true, retainKeys: false };

/** The strategic merge patch that makes `modified` of `original`; empty when they are equal. */
export function createTwoWayMergePatch(
  original: Json,
  modified: Json,
  schema: Schema | undefined,
  resolve: Resolve,
): Json {
  return objectDiff(original, modified, { schema, resolve }, EVERYTHING);
}

/**
 * The strategic merge patch by which `kubectl apply` brings an object from `current` to `modified`: what `original`, the
 * configuration applied before, had and `modified` has not goes; what others added stays.
 */
export function createThreeWayMergePatch(
  { original, modified, current }: Readonly<Record<'original' | 'modified' | 'current', Json>>,
  schema: Schema | undefined,
  resolve: Resolve,
): Json {
  const typed = { schema, resolve };
  const changes = objectDiff(current, modified, typed, { ...EVERYTHING, removals: false });
  const removals = objectDiff(original, modified, typed, { ...EVERYTHING, changes: false });
  return combinePatches(removals, changes, typed);
}

function objectDiff(original: Json, modified: Json, typed: Typed, wanted: Wanted): Json {
  const patch: Json = {};
  for (const [name, after] of Object.entries(modified)) {
    const before = original[name];
    const field = schemaOfField(name, typed);
    if (isObject(before) && isObject(after)) {
      const nested = structDiff(before, after, field, wanted);
      if (nested) patch[name] = nested;
    } else if (Array.isArray(before) && Array.isArray(after) && isMerging(field))
      Object.assign(patch, listDiff(name, { before, after }, field, wanted));
    else if (wanted.changes && !jsonEqual(before, after)) patch[name] = after;
  }
  if (wanted.removals)
    for (const name in original) if (!Object.hasOwn(modified, name)) patch[name] = null;
  return wanted.retainKeys ? withRetainKeys(patch, original, modified) : patch;
}

const isMerging = (typed: Typed): boolean => mergeStrategyOf(typed).strategy === 'merge';

function structDiff(before: Json, after: Json, typed: Typed, wanted: Wanted): Json | undefined {
  const { strategy, retainKeys } = mergeStrategyOf(typed);
  if (strategy === 'replace')
    return wanted.changes && !jsonEqual(before, after) ? after : undefined;
  const nested = objectDiff(before, after, typed, { ...wanted, retainKeys });
  return Object.keys(nested).length > 0 ? nested : undefined;
}

/** Where something changes, the patch says which fields are to be there at all. */
function withRetainKeys(patch: Json, original: Json, modified: Json): Json {
  const keys = Object.keys(modified).filter((key) => modified[key] !== null);
  const clears = Object.keys(original).some(
    (key) => original[key] !== null && !Object.hasOwn(modified, key),
  );
  if (keys.length === 0 || (Object.keys(patch).length === 0 && !clears)) return patch;
  return { ...patch, [RETAIN_KEYS]: keys.sort() };
}

interface Lists {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
}

/** The list's part of a patch, with its directives beside it. */
function listDiff(name: string, lists: Lists, typed: Typed, wanted: Wanted): Json {
  const { before, after } = lists;
  if (before.length === 0) return after.length > 0 && wanted.changes ? { [name]: after } : {};
  const { key } = mergeStrategyOf(typed);
  return key === undefined
    ? scalarsDiff(name, lists, wanted)
    : keyedDiff(name, lists as KeyedLists, key, typed, wanted);
}

function scalarsDiff(name: string, { before, after }: Lists, wanted: Wanted): Json {
  const added = wanted.changes ? after.filter((item) => !before.includes(item)) : [];
  const removed = wanted.removals ? before.filter((item) => !after.includes(item)) : [];
  const patch: Json = {};
  if (added.length > 0) patch[name] = added;
  if (removed.length > 0) patch[DELETE_ITEMS + name] = [...new Set(removed)];
  if (removed.length > 0 || (wanted.changes && !jsonEqual(before, after)))
    patch[SET_ORDER + name] = after;
  return patch;
}

interface KeyedLists {
  readonly before: readonly Json[];
  readonly after: readonly Json[];
}

function keyedDiff(
  name: string,
  { before, after }: KeyedLists,
  key: string,
  typed: Typed,
  wanted: Wanted,
): Json {
  const { items, retainKeys } = mergeStrategyOf(typed);
  const left = before.slice();
  const changed: Json[] = [];
  for (const item of after) {
    const at = left.findIndex((each) => each[key] === item[key]);
    if (at < 0) {
      if (wanted.changes) changed.push(item);
      continue;
    }
    const [old] = left.splice(at, 1);
    const itemTyped = { schema: items, resolve: typed.resolve };
    const nested = objectDiff(old!, item, itemTyped, { ...wanted, retainKeys });
    if (Object.keys(nested).length > 0) changed.push({ ...nested, [key]: item[key] });
  }
  const gone = wanted.removals
    ? left.map((item) => ({ [key]: item[key], [MARKER]: 'delete' }))
    : [];
  const list = [...changed, ...gone];
  const patch: Json = list.length > 0 ? { [name]: list } : {};
  const moved = !jsonEqual(keysOf(before, key), keysOf(after, key));
  if (list.length > 0 || (wanted.changes && moved)) patch[SET_ORDER + name] = keysOf(after, key);
  return patch;
}

const keysOf = (list: readonly Json[], key: string): Json[] =>
  list.map((item) => ({ [key]: item[key] }));
