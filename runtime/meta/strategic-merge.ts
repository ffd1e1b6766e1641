import { jsonEqual } from '../../generator/model/equal.ts';
import type { Schema } from '../../generator/model/schema.ts';
import { isObject, type Json } from './json.ts';
import { mergeStrategyOf, type Resolve, schemaOfField, type Typed } from './merge-strategy.ts';
import { inOrder } from './patch-order.ts';
import { unknownError } from './status.ts';

export const MARKER = '$patch';
export const RETAIN_KEYS = '$retainKeys';
export const SET_ORDER = '$setElementOrder/';
export const DELETE_ITEMS = '$deleteFromPrimitiveList/';

const isDirective = (key: string): boolean =>
  key === MARKER ||
  key === RETAIN_KEYS ||
  key.startsWith(SET_ORDER) ||
  key.startsWith(DELETE_ITEMS);

/**
 * Strategic merge patch: a merge patch in which the schema says which lists merge by key, with the directives `$patch`,
 * `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder`. What does not change keeps its reference. Throws a
 * 500 without a reason for a patch that contradicts itself, as upstream does.
 */
export function strategicMergePatch(
  target: unknown,
  patch: unknown,
  schema: Schema | undefined,
  resolve: Resolve,
): unknown {
  if (!isObject(patch)) return patch;
  return mergeObject(isObject(target) ? target : {}, patch, { schema, resolve });
}

function mergeObject(target: Json, patch: Json, typed: Typed): Json {
  if (MARKER in patch) return marked(patch);
  const base = retained(target, patch);
  let result = base;
  for (const name of namesOf(patch)) {
    const before = Object.hasOwn(result, name) ? result[name] : undefined;
    const after = mergeField(before, fieldPatch(patch, name), schemaOfField(name, typed));
    if (after === before) continue;
    if (result === base) result = { ...base };
    if (after === undefined) delete result[name];
    else result[name] = after;
  }
  return result;
}

function marked(patch: Json): Json {
  const { [MARKER]: directive, ...rest } = patch;
  if (directive === 'delete') return {};
  if (directive === 'replace') return cleaned(rest) as Json;
  throw unknownError(`unknown patch type: ${String(directive)} in map: ${JSON.stringify(patch)}`);
}

/** The part of the target that the patch keeps: all of it, or the fields that `$retainKeys` names. */
function retained(target: Json, patch: Json): Json {
  if (!(RETAIN_KEYS in patch)) return target;
  const keys = patch[RETAIN_KEYS];
  const stated = Object.keys(patch).filter((key) => !isDirective(key) && patch[key] !== null);
  if (!Array.isArray(keys) || !stated.every((key) => keys.includes(key)))
    throw unknownError('invalid patch format of retainKeys');
  const kept = Object.entries(target).filter(([key]) => keys.includes(key));
  return kept.length === Object.keys(target).length ? target : Object.fromEntries(kept);
}

/** The fields that a patch speaks of, by value or by directive. */
function namesOf(patch: Json): Set<string> {
  const names = new Set<string>();
  for (const key in patch)
    if (key !== RETAIN_KEYS) names.add(isDirective(key) ? key.slice(key.indexOf('/') + 1) : key);
  return names;
}

interface FieldPatch {
  /** Undefined when only directives speak of the field. */
  readonly value: unknown;
  readonly order: readonly unknown[] | undefined;
  readonly removed: readonly unknown[] | undefined;
}

function fieldPatch(patch: Json, name: string): FieldPatch {
  return {
    value: patch[name],
    order: listIn(patch, SET_ORDER + name),
    removed: listIn(patch, DELETE_ITEMS + name),
  };
}

function listIn(patch: Json, key: string): readonly unknown[] | undefined {
  const list = patch[key];
  if (list === undefined || Array.isArray(list)) return list;
  throw unknownError(`invalid patch format of ${key}`);
}

/** The field after the patch; undefined where there is none. */
function mergeField(before: unknown, { value, order, removed }: FieldPatch, typed: Typed): unknown {
  let after = value === undefined ? before : mergeValue(before, value, typed);
  if (order) after = orderedAs(before, value, after, order, typed);
  if (removed && Array.isArray(after)) after = after.filter((item) => !removed.includes(item));
  return jsonEqual(after, before) ? before : after;
}

function mergeValue(before: unknown, value: unknown, typed: Typed): unknown {
  if (value === null) return undefined;
  const { strategy } = mergeStrategyOf(typed);
  if (isObject(before) && isObject(value))
    return strategy === 'replace' ? replacement(value) : mergeObject(before, value, typed);
  if (Array.isArray(before) && Array.isArray(value))
    return strategy === 'merge' ? mergeList(before, value, typed) : replacement(value);
  return cleaned(value);
}

/** A value that takes the place of an atomic one: its directives mean nothing there, and are left out. */
function replacement(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(replacement);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, each]) => each !== null && !isDirective(key));
  return Object.fromEntries(kept.map(([key, each]) => [key, replacement(each)]));
}

/** The list that `$setElementOrder` asks for; an error when the patch's own list goes against it. */
function orderedAs(
  before: unknown,
  value: unknown,
  after: unknown,
  order: readonly unknown[],
  typed: Typed,
): unknown {
  const { key } = mergeStrategyOf(typed);
  const stated = (Array.isArray(value) ? value : []).filter((item) => !isMarked(item));
  const idOf = identity(key);
  let at = 0;
  for (const item of order) if (at < stated.length && idOf(stated[at]) === idOf(item)) at++;
  if (order.length > 0 && at < stated.length)
    throw unknownError(
      `The order in patch list:\n${JSON.stringify(value)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
    );
  if (!Array.isArray(after)) return after;
  return inOrder(after, order, liveOrder(Array.isArray(before) ? before : [], after, idOf), idOf);
}

/**
 * The order that unnamed items are held against: the live one; but of the new items as many as were deleted count as live
 * too, behind the rest. Upstream reuses the places of a list that shrank, and clients have come to see that order.
 */
function liveOrder(
  before: readonly unknown[],
  after: readonly unknown[],
  idOf: (item: unknown) => unknown,
): unknown[] {
  const stays = new Set(after.map(idOf));
  const known = new Set(before.map(idOf));
  const kept = before.filter((item) => stays.has(idOf(item)));
  const added = after.filter((item) => !known.has(idOf(item)));
  return [...kept, ...added.slice(0, before.length - kept.length)];
}

const isMarked = (item: unknown): item is Json => isObject(item) && MARKER in item;

/** What tells the items of a list apart: the value under their merge key, or themselves. */
function identity(key: string | undefined): (item: unknown) => unknown {
  return (item) => {
    if (!isObject(item)) return item;
    if (key === undefined)
      throw unknownError('cannot merge lists without merge key for type struct');
    if (item[key] !== undefined) return item[key];
    throw unknownError(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  };
}

function mergeList(before: readonly unknown[], patch: readonly unknown[], typed: Typed): unknown[] {
  const { key, items } = mergeStrategyOf(typed);
  const idOf = identity(key);
  if (new Set([...before, ...patch].map((item) => typeof item)).size > 1)
    throw unknownError(`list element types are not identical: ${JSON.stringify([before, patch])}`);
  const added = patch.filter((item) => !isMarked(item));
  const directives = patch.filter(isMarked);
  for (const item of directives)
    if (item[MARKER] !== 'delete' && item[MARKER] !== 'replace')
      throw unknownError(
        `unknown patch type: ${String(item[MARKER])} in map: ${JSON.stringify(item)}`,
      );
  if (directives.some((item) => item[MARKER] === 'replace')) return added.map(cleaned);
  const gone = new Set(directives.map(idOf));
  const merged = before.filter((item) => !gone.has(idOf(item)));
  for (const item of added) {
    const at = merged.findIndex((each) => idOf(each) === idOf(item));
    if (at < 0) merged.push(cleaned(item));
    else if (isObject(item))
      merged[at] = mergeObject(merged[at] as Json, item, { ...typed, schema: items });
  }
  return inOrder(merged, added, before, idOf);
}

/** A value of a patch that nothing stands against: without removals, directives, and maps that are directives. */
function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isMarked(item)).map(cleaned);
  if (!isObject(value)) return value;
  if (isMarked(value)) return undefined;
  const clean: Json = {};
  for (const [key, each] of Object.entries(value)) {
    if (each === null || isDirective(key) || isMarked(each)) continue;
    clean[key] = cleaned(each);
  }
  return clean;
}
