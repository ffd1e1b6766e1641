import { jsonEqual } from '../../generator/model/equal.ts';
import { EMPTY, type FieldSet, nodeOf } from './field-set.ts';
import {
  fieldOf,
  isAlwaysThere,
  itemOf,
  itemsByStep,
  type Shaped,
  shapeOf,
} from './field-shape.ts';
import { isObject, type Json } from './json.ts';
import type { Typed } from './merge-strategy.ts';

/** Every field that a configuration states: the leaves, the items of lists, and what is empty. */
export function statedFields(value: unknown, typed: Typed): FieldSet {
  return walk(value, typed, false);
}

/** Every field of something new: what is stated and all on the way there. */
function allFields(value: unknown, typed: Typed): FieldSet {
  return walk(value, typed, true);
}

function walk(value: unknown, typed: Typed, everyNode: boolean): FieldSet {
  const shaped = shapeOf(value, typed);
  const children: Record<string, FieldSet> = {};
  if (shaped.shape === 'struct')
    for (const [name, each] of Object.entries(value as Json))
      children[`f:${name}`] = walk(each, fieldOf(name, shaped, typed), everyNode);
  else if (shaped.shape !== 'leaf')
    for (const [step, item] of itemsByStep(value as unknown[], shaped, typed)) {
      const inside = walk(item, itemOf(shaped, typed), everyNode);
      children[step] = nodeOf(withoutSelf(inside), true) ?? EMPTY;
    }
  return nodeOf(children, everyNode) ?? EMPTY;
}

function withoutSelf({ '.': _, ...children }: FieldSet): FieldSet {
  return children;
}

/** What became of an object's fields: those that are new or have another value, and those that are gone. */
export interface Comparison {
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

const UNCHANGED: Comparison = { changed: EMPTY, removed: EMPTY };

/** Compares two states of an object. Subtrees with equal references are not looked at. */
export function compareFields(before: Json, after: Json, typed: Typed): Comparison {
  const shaped = shapeOf(after, typed);
  const { changed = EMPTY, removed = EMPTY } =
    shaped.shape === 'struct'
      ? compareStructs(before, after, shaped, typed, rememberedCompare)
      : (compare(before, after, typed) ?? UNCHANGED);
  return { changed, removed };
}

/** By the later value, what became of the earlier one: what is filled in to a template's spec is the same for all its objects. */
const compared = new WeakMap<
  object,
  {
    readonly before: unknown;
    readonly schema: Typed['schema'];
    readonly differences: Differences | undefined;
  }
>();

function rememberedCompare(before: unknown, after: unknown, typed: Typed): Differences | undefined {
  if (before === after) return undefined;
  if (!isObject(before) || !isObject(after)) return compare(before, after, typed);
  const { schema } = typed;
  const known = compared.get(after);
  if (known && known.before === before && known.schema === schema) return known.differences;
  const { changed, removed } = compare(before, after, typed) ?? UNCHANGED_PART;
  const differences = { changed, removed };
  compared.set(after, { before, schema, differences });
  return differences;
}

const UNCHANGED_PART: Differences = {};

/** The fields of values that were new, by value and schema: objects of one template share them. */
const newFields = new WeakMap<
  object,
  { readonly schema: Typed['schema']; readonly set: FieldSet }
>();

function rememberedFields(value: unknown, typed: Typed): FieldSet {
  if (!isObject(value)) return allFields(value, typed);
  const known = newFields.get(value);
  if (known && known.schema === typed.schema) return known.set;
  const set = allFields(value, typed);
  newFields.set(value, { schema: typed.schema, set });
  return set;
}

/** The differences at and below one node; undefined when there are none. */
interface Differences {
  readonly changed?: FieldSet | undefined;
  readonly removed?: FieldSet | undefined;
}

function compare(before: unknown, after: unknown, typed: Typed): Differences | undefined {
  if (before === after) return undefined;
  if (before === undefined) return { changed: rememberedFields(after, typed) };
  if (after === undefined) return { removed: rememberedFields(before, typed) };
  const shaped = shapeOf(after, typed);
  if (shaped.shape === 'struct' && isObject(before))
    return compareStructs(before, after as Json, shaped, typed);
  if ((shaped.shape === 'keyed' || shaped.shape === 'set') && Array.isArray(before))
    return compareLists(before, after as unknown[], shaped, typed);
  return jsonEqual(before, after) ? undefined : { changed: EMPTY };
}

function compareStructs(
  before: Json,
  after: Json,
  shaped: Shaped,
  typed: Typed,
  child = compare,
): Differences {
  const parts = new Parts();
  for (const name in after) {
    const [old, now] = [before[name], after[name]];
    if (old === now) continue;
    const field = fieldOf(name, shaped, typed);
    parts.add(`f:${name}`, child(old ?? emptyLike(now, name, shaped), now, field));
  }
  for (const name in before)
    if (after[name] === undefined) {
      const field = fieldOf(name, shaped, typed);
      parts.add(`f:${name}`, compare(before[name], emptyLike(before[name], name, shaped), field));
    }
  return parts;
}

/** The empty value of a field that is always there; undefined for others, and for what is empty anyway. */
function emptyLike(value: unknown, name: string, shaped: Shaped): unknown {
  if (!isAlwaysThere(name, shaped)) return undefined;
  if (Array.isArray(value)) return value.length > 0 ? [] : undefined;
  return isObject(value) && Object.keys(value).length > 0 ? {} : undefined;
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  shaped: Shaped,
  typed: Typed,
): Differences {
  const old = itemsByStep(before, shaped, typed);
  const now = itemsByStep(after, shaped, typed);
  const parts = new Parts();
  const item = itemOf(shaped, typed);
  for (const [step, value] of now) parts.add(step, compare(old.get(step), value, item));
  for (const [step, value] of old)
    if (!now.has(step)) parts.add(step, compare(value, undefined, item));
  return parts;
}

/** Differences of a node from those of its parts. */
class Parts implements Differences {
  #changed: Record<string, FieldSet> = {};
  #removed: Record<string, FieldSet> = {};

  add(step: string, differences: Differences | undefined): void {
    if (differences?.changed) this.#changed[step] = differences.changed;
    if (differences?.removed) this.#removed[step] = differences.removed;
  }

  get changed(): FieldSet | undefined {
    return nodeOf(this.#changed, false);
  }

  get removed(): FieldSet | undefined {
    return nodeOf(this.#removed, false);
  }
}
