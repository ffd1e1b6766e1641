import { jsonEqual } from './equal.ts';
import { FORMAT_CHECKS } from './formats.ts';
import { childPath, duplicate, type FieldProblem, invalid, notSupported, required } from './problem.ts';
import { checkRules } from './rules.ts';
import type { Schema } from './schema.ts';

/** Checks one admitted value; `old` is what is stored, on updates. */
export type Validate = (
  value: unknown,
  old: unknown,
  path: string,
  problems: FieldProblem[],
) => void;

type Json = Record<string, unknown>;

/** Compiles `schema` (without a reference) to its checks; undefined when there is nothing to check. */
export function compileValidate(schema: Schema, child: (schema: Schema) => Validate): Validate {
  const checks: Validate[] = [];
  if (schema.type === 'object') checks.push(objectChecks(schema, child));
  if (schema.type === 'array') checks.push(arrayChecks(schema, child));
  if (schema.type === 'string' || schema.type === 'integer' || schema.type === 'number')
    checks.push(...scalarChecks(schema));
  const { rules } = schema;
  if (rules)
    checks.push((value, old, path, problems) => checkRules(rules, value, old, path, problems));
  const all: Validate = (value, old, path, problems) => {
    for (const check of checks) check(value, old, path, problems);
  };
  const checked = schema.type === 'object' || schema.type === 'array' ? memoised(all) : all;
  return schema.immutable ? immutably(checked) : checked;
}

/** An object that was found clean once is clean: it cannot change. What depends on the stored object is asked each time. */
function memoised(validate: Validate): Validate {
  const clean = new WeakSet<object>();
  return (value, old, path, problems) => {
    const known = typeof value === 'object' && value !== null;
    if (known && (value === old || (old === undefined && clean.has(value)))) return;
    const before = problems.length;
    validate(value, old, path, problems);
    if (known && problems.length === before) clean.add(value);
  };
}

function immutably(validate: Validate): Validate {
  return (value, old, path, problems) => {
    if (old !== undefined && !jsonEqual(value, old))
      problems.push(invalid(path, value, 'field is immutable'));
    else validate(value, old, path, problems);
  };
}

function objectChecks(schema: Schema, child: (schema: Schema) => Validate): Validate {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, each]) => [name, child(each), each.immutable === true] as const,
  );
  const needed = schema.required ?? [];
  const value = schema.values && child(schema.values);
  const keyCheck = schema.keys && FORMAT_CHECKS[schema.keys];
  return (input, old, path, problems) => {
    const object = input as Json;
    const before = old as Json | undefined;
    for (const name of needed)
      if (object[name] === undefined || object[name] === '')
        problems.push(required(childPath(path, name)));
    for (const [name, validate, immutable] of fields) {
      const each = object[name];
      if (each !== undefined) validate(each, before?.[name], childPath(path, name), problems);
      else if (immutable && before?.[name] !== undefined)
        problems.push(invalid(childPath(path, name), null, 'field is immutable'));
    }
    if (!value && !keyCheck) return;
    for (const name in object) {
      const wrong = keyCheck?.(name);
      if (wrong) problems.push(invalid(path, name, wrong));
      value?.(object[name], before?.[name], `${path}[${name}]`, problems);
    }
  };
}

function arrayChecks(schema: Schema, child: (schema: Schema) => Validate): Validate {
  const validate = child(schema.items ?? {});
  const keyOf = itemKey(schema);
  const { minItems, maxItems } = schema;
  return (input, old, path, problems) => {
    const items = input as readonly unknown[];
    const before = Array.isArray(old) ? (old as readonly unknown[]) : undefined;
    if (minItems !== undefined && items.length < minItems) problems.push(required(path));
    if (maxItems !== undefined && items.length > maxItems)
      problems.push({
        field: path,
        reason: 'FieldValueTooMany',
        message: `Too many: ${items.length}: must have at most ${maxItems} items`,
      });
    const seen = new Set<string>();
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      const itemPath = `${path}[${at}]`;
      if (keyOf && items.length > 1) {
        const key = keyOf.of(item);
        if (key !== undefined && seen.has(key))
          problems.push(duplicate(childPath(itemPath, keyOf.name), keyOf.shown(item)));
        if (key !== undefined) seen.add(key);
      }
      validate(item, before && sameItem(before, item, at, keyOf), itemPath, problems);
    }
  };
}

interface ItemKey {
  readonly name: string;
  of(item: unknown): string | undefined;
  shown(item: unknown): unknown;
}

/** What makes an item of a set or a keyed list the same item; atomic lists have none. */
function itemKey(schema: Schema): ItemKey | undefined {
  const { listType, listMapKeys = [] } = schema;
  if (listType === 'set')
    return { name: '', of: (item) => JSON.stringify(item), shown: (item) => item };
  // Ports repeat their number legitimately: upstream checks only lists keyed by one field.
  if (listType !== 'map' || listMapKeys.length !== 1) return undefined;
  const [key = ''] = listMapKeys;
  const read = (item: unknown): unknown => (item as Json)[key];
  return {
    name: key,
    of: (item) => (read(item) === undefined ? undefined : String(read(item))),
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

function scalarChecks(schema: Schema): Validate[] {
  const { enum: allowed, format, minimum, maximum, minLength, maxLength, pattern } = schema;
  const checks: Validate[] = [];
  if (allowed)
    checks.push((value, _, path, problems) => {
      if (!allowed.includes(value as string)) problems.push(notSupported(path, value, allowed));
    });
  const check = format && FORMAT_CHECKS[format];
  if (check)
    checks.push((value, _, path, problems) => {
      const wrong = value === '' ? undefined : check(value as string);
      if (wrong) problems.push(invalid(path, value, wrong));
    });
  const text = pattern && new RegExp(pattern);
  const within = (value: unknown, path: string, problems: FieldProblem[]): void => {
    if (minimum !== undefined && maximum !== undefined && maximum < 100_000) {
      if ((value as number) < minimum || (value as number) > maximum)
        problems.push(invalid(path, value, `must be between ${minimum} and ${maximum}, inclusive`));
    } else if (minimum !== undefined && (value as number) < minimum)
      problems.push(invalid(path, value, `must be greater than or equal to ${minimum}`));
    else if (maximum !== undefined && (value as number) > maximum)
      problems.push(invalid(path, value, `must be less than or equal to ${maximum}`));
    const length = String(value).length;
    if (minLength !== undefined && length < minLength) problems.push(required(path));
    if (maxLength !== undefined && length > maxLength)
      problems.push({
        field: path,
        reason: 'FieldValueTooLong',
        message: `Too long: may not be more than ${maxLength} bytes`,
      });
    if (text && !text.test(String(value)))
      problems.push(invalid(path, value, `must match the regular expression '${pattern}'`));
  };
  if ([minimum, maximum, minLength, maxLength, pattern].some((each) => each !== undefined))
    checks.push((value, _, path, problems) => within(value, path, problems));
  return checks;
}
