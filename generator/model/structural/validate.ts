import { jsonEqual } from '../equal.ts';
import type { FieldProblem } from '../problem.ts';
import { fitsFormat } from './formats.ts';
import { fieldOf, isObject, type JsonSchema } from './json-schema.ts';

/** Path of a problem that is about no field in particular. */
export const NOWHERE = '<nil>';

/**
 * Holds a value against its schema, in the words of Kubernetes' validator of JSON schemas. Where `old`, what was stored, is the
 * same, nothing is said: it is not the client's doing (ratcheting). `at` is the value's path.
 */
export function validate(
  schema: JsonSchema,
  value: unknown,
  old: unknown,
  at: string,
): FieldProblem[] {
  if (old !== undefined && jsonEqual(value, old)) return [];
  if (value === null && schema.nullable) return [];
  const wrongType = typeProblem(schema, value, at);
  if (wrongType) return [wrongType];
  return [
    ...enumProblems(schema, value, at),
    ...(typeof value === 'number' ? numberProblems(schema, value, at) : []),
    ...(typeof value === 'string' ? textProblems(schema, value, at) : []),
    ...formatProblems(schema, value, at),
    ...(Array.isArray(value) ? listProblems(schema, value, old, at) : []),
    ...(isObject(value) ? objectProblems(schema, value, old, at) : []),
    ...combinedProblems(schema, value, old, at),
  ];
}

const invalid = (field: string, value: unknown, words: string): FieldProblem => ({
  field: field === '' ? NOWHERE : field,
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value) ?? 'null'}: ${field} in body ${words}`,
});

/** What JSON schema calls the type of a value. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function typesOf(schema: JsonSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  return schema.type ? [schema.type] : [];
}

function typeProblem(schema: JsonSchema, value: unknown, at: string): FieldProblem | undefined {
  const types = typesOf(schema);
  if (types.length === 0) return undefined;
  const own = typeOf(value);
  if (types.includes(own) || (own === 'integer' && types.includes('number'))) return undefined;
  return mistyped(at, types.join(','), own);
}

function mistyped(at: string, wanted: string, got: unknown): FieldProblem {
  const shown = JSON.stringify(got);
  return {
    field: at === '' ? NOWHERE : at,
    reason: 'FieldValueTypeInvalid',
    message: `Invalid value: ${shown}: ${at} in body must be of type ${wanted}: ${typeof got === 'string' ? shown : `"${String(got)}"`}`,
  };
}

function enumProblems({ enum: allowed }: JsonSchema, value: unknown, at: string): FieldProblem[] {
  if (!allowed || allowed.some((each) => jsonEqual(each, value))) return [];
  const texts = allowed.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  const supported = texts.map((each) => JSON.stringify(each)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
  return [{ field: at === '' ? NOWHERE : at, reason: 'FieldValueNotSupported', message }];
}

function numberProblems(schema: JsonSchema, value: number, at: string): FieldProblem[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const found: string[] = [];
  if (multipleOf !== undefined && !isMultiple(value, multipleOf))
    found.push(`should be a multiple of ${multipleOf}`);
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    found.push(`should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    found.push(`should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  return found.map((words) => invalid(at, value, words));
}

function isMultiple(value: number, of: number): boolean {
  return of > 0 && Number.isInteger(Number((value / of).toFixed(9)));
}

const patterns = new Map<string, RegExp | undefined>();

/** The expression of a schema; undefined where it is none that we can read, which then nothing is held against. */
function expressionOf(pattern: string): RegExp | undefined {
  if (!patterns.has(pattern)) patterns.set(pattern, compiled(pattern));
  return patterns.get(pattern);
}

function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    try {
      return new RegExp(pattern);
    } catch {
      return undefined;
    }
  }
}

function textProblems(schema: JsonSchema, value: string, at: string): FieldProblem[] {
  const { minLength, maxLength, pattern } = schema;
  const length = maxLength === undefined && minLength === undefined ? 0 : [...value].length;
  if (maxLength !== undefined && length > maxLength) {
    const bytes = `${maxLength} byte${maxLength === 1 ? '' : 's'}`;
    const message = `Too long: may not be more than ${bytes}`;
    return [{ field: at === '' ? NOWHERE : at, reason: 'FieldValueTooLong', message }];
  }
  if (minLength !== undefined && length < minLength)
    return [invalid(at, value, `should be at least ${minLength} chars long`)];
  return pattern === undefined || (expressionOf(pattern)?.test(value) ?? true)
    ? []
    : [invalid(at, value, `should match '${pattern}'`)];
}

function formatProblems({ format }: JsonSchema, value: unknown, at: string): FieldProblem[] {
  return format === undefined || fitsFormat(format, value) ? [] : [mistyped(at, format, value)];
}

const tooMany = (field: string, count: number, most: number): FieldProblem => ({
  field: field === '' ? NOWHERE : field,
  reason: 'FieldValueTooMany',
  message: `Too many: ${count}: must have at most ${most} items`,
});

function listProblems(
  schema: JsonSchema,
  list: readonly unknown[],
  old: unknown,
  at: string,
): FieldProblem[] {
  const { items, minItems, maxItems } = schema;
  const found: FieldProblem[] = [];
  if (items) {
    const before = correlated(schema, old);
    for (let index = 0; index < list.length; index++)
      found.push(...validate(items, list[index], before(list[index]), `${at}[${index}]`));
  }
  if (minItems !== undefined && list.length < minItems)
    found.push(invalid(at, list.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && list.length > maxItems)
    found.push(tooMany(at, list.length, maxItems));
  return found;
}

/** Which item of the stored list an item is: only those of keyed lists can be told. */
export function correlated(schema: JsonSchema, old: unknown): (item: unknown) => unknown {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return () => undefined;
  const byKey = new Map(old.map((item) => [keyOf(schema, item), item]));
  return (item) => byKey.get(keyOf(schema, item));
}

/** What tells an item of a keyed list apart, as a text. */
export function keyOf(schema: JsonSchema, item: unknown): string {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return JSON.stringify(keys.map((name) => (isObject(item) ? item[name] : undefined)));
}

function objectProblems(
  schema: JsonSchema,
  object: Readonly<Record<string, unknown>>,
  old: unknown,
  at: string,
): FieldProblem[] {
  const { required = [], minProperties, maxProperties } = schema;
  const found: FieldProblem[] = [];
  const pathOf = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const before = isObject(old) ? old : {};
  const count = Object.keys(object).length;
  if (minProperties !== undefined && count < minProperties)
    found.push(invalid(at, count, `should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && count > maxProperties)
    found.push(tooMany(at, count, maxProperties));
  for (const name of required)
    if (object[name] === undefined)
      found.push({ field: pathOf(name), reason: 'FieldValueRequired', message: 'Required value' });
  for (const name in object) {
    const child = fieldOf(schema, name);
    if (child) found.push(...validate(child, object[name], before[name], pathOf(name)));
  }
  return found;
}

const combined = (words: string): FieldProblem => ({
  field: NOWHERE,
  reason: 'FieldValueInvalid',
  message: `Invalid value: "": ${words}`,
});

/** allOf, anyOf, oneOf and not. Of alternatives that all fail, what the first one lacks is told too. */
function combinedProblems(
  { allOf = [], anyOf, oneOf, not }: JsonSchema,
  value: unknown,
  old: unknown,
  at: string,
): FieldProblem[] {
  const found: FieldProblem[] = [];
  const name = JSON.stringify(at);
  if (anyOf?.length) {
    const failures = anyOf.map((each) => validate(each, value, old, at));
    if (!failures.some((each) => each.length === 0))
      found.push(
        combined(`${name} must validate at least one schema (anyOf)`),
        ...(failures[0] ?? []),
      );
  }
  if (oneOf?.length) {
    const failures = oneOf.map((each) => validate(each, value, old, at));
    const valid = failures.filter((each) => each.length === 0).length;
    const words = `${name} must validate one and only one schema (oneOf).`;
    if (valid === 0) found.push(combined(`${words} Found none valid`), ...(failures[0] ?? []));
    if (valid > 1) found.push(combined(`${words} Found ${valid} valid alternatives`));
  }
  const failing = allOf.map((each) => validate(each, value, old, at)).filter((each) => each.length);
  found.push(...failing.flat());
  if (failing.length > 0) {
    const none = failing.length === allOf.length ? '. None validated' : '';
    found.push(combined(`${name} must validate all the schemas (allOf)${none}`));
  }
  if (not && validate(not, value, undefined, at).length === 0)
    found.push(combined(`${name} must not validate the schema (not)`));
  return found;
}
