import { jsonEqual } from './equal.ts';
import { FORMAT_COMPLAINTS } from './formats.ts';
import { duplicate, type FieldProblem, forbidden, invalid, required, within } from './problem.ts';
import { checkRules } from './rules.ts';
import { scalarChecks } from './scalar-checks.ts';
import type { Schema } from './schema.ts';

/**
 * Checks one admitted value; `old` is what is stored, on updates: what is the same there was found right before. Problems are
 * named from the value on.
 */
export type Validate = (value: unknown, old: unknown, problems: FieldProblem[]) => void;

/** Gives the check of a nested schema; undefined when there is nothing to check. */
type Child = (schema: Schema) => Validate | undefined;

type Json = Record<string, unknown>;

const SCALARS = new Set<Schema['type']>(['string', 'integer', 'number', 'intOrString']);

/** Compiles `schema` (without a reference) to its checks; undefined when there is nothing to check. */
export function compileValidate(
  schema: Schema,
  child: Child,
  isHeavy: boolean,
): Validate | undefined {
  const checks: Validate[] = [];
  if (schema.type === 'object') checks.push(objectChecks(schema, child));
  if (schema.type === 'array') checks.push(arrayChecks(schema, child));
  if (SCALARS.has(schema.type))
    for (const check of scalarChecks(schema))
      checks.push((value, _, problems) => check(value, problems));
  const { rules } = schema;
  if (rules) checks.push((value, old, problems) => checkRules(rules, value, old, problems));
  const all = inOrder(checks);
  const checked = isHeavy && all ? memoised(all) : all;
  return schema.immutable ? immutably(checked) : checked;
}

function inOrder(checks: readonly Validate[]): Validate | undefined {
  if (checks.length === 0) return undefined;
  return (value, old, problems) => {
    // A null is of a nullable field: admission takes other nulls out.
    if (value === null || value === old) return;
    for (let at = 0; at < checks.length; at++) checks[at]!(value, old, problems);
  };
}

/**
 * An object that was found clean once is clean: it cannot change. What depends on the stored object is asked each time, and
 * leaves out what is stored as it is; so it does not make an object clean.
 */
function memoised(validate: Validate): Validate {
  const clean = new WeakSet<object>();
  return (value, old, problems) => {
    const known = typeof value === 'object' && value !== null;
    if (known && (value === old || (old === undefined && clean.has(value)))) return;
    const before = problems.length;
    validate(value, old, problems);
    if (known && old === undefined && problems.length === before) clean.add(value);
  };
}

function immutably(validate: Validate | undefined): Validate {
  return (value, old, problems) => {
    if (old !== undefined && !jsonEqual(value, old))
      problems.push(invalid('', value, 'field is immutable'));
    else validate?.(value, old, problems);
  };
}

function objectChecks(schema: Schema, child: Child): Validate {
  const { properties = {}, required: needed = [], emptyIsAbsent = false } = schema;
  const fields = Object.entries(properties).flatMap(([name, each]) => {
    const validate = child(each);
    return validate ? [{ name, validate, immutable: each.immutable === true }] : [];
  });
  const choice = schema.alternatives?.fields.filter((name) => name in properties) ?? [];
  const isChoice = new Set(choice);
  const isMissing = (value: unknown, name: string): boolean =>
    value === undefined || (value === '' && emptyIsAbsent && properties[name]?.minLength !== 0);
  const entries = entryChecks(schema, child);
  return (input, old, problems) => {
    const object = input as Json;
    const before = old as Json | undefined;
    for (const name of needed)
      if (isMissing(object[name], name))
        problems.push(required(name, properties[name]?.whenMissing));
    const chosen = choice.find((name) => object[name] !== undefined);
    for (const { name, validate, immutable } of fields) {
      if (name !== chosen && isChoice.has(name)) continue;
      const each = object[name];
      const stored = before?.[name];
      if (each === undefined) {
        if (immutable && stored !== undefined)
          problems.push(invalid(name, null, 'field is immutable'));
        continue;
      }
      if (each === stored) continue;
      if (each === '' && needed.includes(name) && isMissing(each, name)) continue;
      const from = problems.length;
      validate(each, stored, problems);
      if (problems.length > from) within(name, problems, from);
    }
    for (const name of choice)
      if (name !== chosen && object[name] !== undefined)
        problems.push(forbidden(name, `may not specify more than 1 ${schema.alternatives?.kind}`));
    entries?.(object, before, problems);
  };
}

/** Keys and values of a map. The API names the map itself where labels are wrong, else the entry. */
function entryChecks({ keys, values }: Schema, child: Child): Validate | undefined {
  const value = values && child(values);
  const key = keys && FORMAT_COMPLAINTS[keys];
  if (!value && !key) return undefined;
  const namesKey = keys !== 'label-key';
  const namesValue = values?.format !== 'label-value';
  return (input, old, problems) => {
    const object = input as Json;
    const before = old as Json | undefined;
    for (const name in object) {
      if (before && name in before && before[name] === object[name]) continue;
      for (const wrong of key?.(name) ?? [])
        problems.push(invalid(namesKey ? `[${name}]` : '', name, wrong));
      const from = problems.length;
      value?.(object[name], before?.[name], problems);
      if (namesValue && problems.length > from) within(`[${name}]`, problems, from);
    }
  };
}

function arrayChecks(schema: Schema, child: Child): Validate {
  const validate = child(schema.items ?? {});
  const keyOf = itemKey(schema);
  const { minItems, maxItems, whenMissing } = schema;
  return (input, old, problems) => {
    const items = input as readonly unknown[];
    const before = Array.isArray(old) ? (old as readonly unknown[]) : undefined;
    if (minItems !== undefined && items.length < minItems) problems.push(required('', whenMissing));
    if (maxItems !== undefined && items.length > maxItems)
      problems.push({
        field: '',
        reason: 'FieldValueTooMany',
        message: `Too many: ${items.length}: must have at most ${maxItems} items`,
      });
    const seen = keyOf?.isUnique && items.length > 1 ? new Set<string>() : undefined;
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      const from = problems.length;
      if (seen && keyOf) checkRepeated(item, keyOf, seen, problems);
      if (validate && !(before && before[at] === item))
        validate(item, before && sameItem(before, item, at, keyOf), problems);
      if (problems.length > from) within(`[${at}]`, problems, from);
    }
  };
}

function checkRepeated(
  item: unknown,
  keyOf: ItemKey,
  seen: Set<string>,
  problems: FieldProblem[],
): void {
  const key = keyOf.of(item);
  if (key === undefined) return;
  if (seen.has(key)) problems.push(duplicate(keyOf.field, keyOf.shown(item)));
  seen.add(key);
}

interface ItemKey {
  readonly isUnique: boolean;
  /** The field of the item at which a repeated key is reported; empty for the item itself. */
  readonly field: string;
  of(item: unknown): string | undefined;
  shown(item: unknown): unknown;
}

/** What makes an item of a set or a keyed list the same item; atomic lists have none. */
function itemKey({ listType, listMapKeys = [], uniqueItems = true }: Schema): ItemKey | undefined {
  if (listType === 'set')
    return {
      isUnique: uniqueItems,
      field: '',
      of: (item) => JSON.stringify(item),
      shown: (item) => item,
    };
  const [key] = listMapKeys;
  if (listType !== 'map' || key === undefined) return undefined;
  const read = (item: unknown): unknown => (item as Json)[key];
  const isSingle = listMapKeys.length === 1;
  return {
    // Ports repeat their number legitimately: upstream checks only lists keyed by one field.
    isUnique: uniqueItems && isSingle,
    field: key,
    of: (item) => {
      const value = read(item);
      if (value === undefined) return undefined;
      if (isSingle && typeof value === 'string') return value;
      return JSON.stringify(listMapKeys.map((name) => (item as Json)[name]));
    },
    shown: read,
  };
}

function sameItem(
  before: readonly unknown[],
  item: unknown,
  at: number,
  key: ItemKey | undefined,
): unknown {
  if (!key) return before[at];
  const wanted = key.of(item);
  return before.find((each) => key.of(each) === wanted);
}
