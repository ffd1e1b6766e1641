import { DECODED_FORMATS, FORMAT_CHECKS } from './formats.ts';
import { type FieldProblem, within } from './problem.ts';
import { canonicalQuantity } from './quantity.ts';
import type { Schema } from './schema.ts';

/**
 * Prunes, checks JSON types and defaults one value; the same reference when there is nothing to do. A null is the zero value of
 * its type, as it is for a decoder in Go: of a list's item or a map's entry; a field that is null is absent. What is the very
 * value at the same place of `old`, which was admitted before, is not looked at. Problems are named from the value on.
 */
export type Admit = (value: unknown, old: unknown, problems: FieldProblem[]) => unknown;

type Json = Record<string, unknown>;

const NOTHING: Json = Object.freeze({});
const NOTHING_LISTED: readonly unknown[] = Object.freeze([]);

/** Compiles `schema` (without a reference) to its `Admit`; `child` gives that of a nested schema. */
export function compileAdmit(
  schema: Schema,
  child: (schema: Schema) => Admit,
  isHeavy: boolean,
): Admit {
  switch (schema.type) {
    case 'object':
      return isHeavy ? memoised(objectAdmit(schema, child)) : objectAdmit(schema, child);
    case 'array':
      return isHeavy ? memoised(arrayAdmit(schema, child)) : arrayAdmit(schema, child);
    case undefined:
    case 'any':
      return (value) => value;
    default:
      return scalarAdmit(schema);
  }
}

/**
 * Remembers, by identity, what became of an object; only of those without problems, so that problems are reported for each.
 * A result is remembered as its own result. Worth its cost for what many objects share whole: templates and specs of pods.
 */
function memoised(admit: Admit): Admit {
  const known = new WeakMap<object, unknown>();
  return (value, old, problems) => {
    if (typeof value !== 'object' || value === null) return admit(value, old, problems);
    const found = known.get(value);
    if (found !== undefined) return found;
    const before = problems.length;
    const result = admit(value, old, problems);
    if (problems.length === before) {
      known.set(value, result);
      if (result !== value) known.set(result as object, result);
    }
    return result;
  };
}

function objectAdmit(schema: Schema, child: (schema: Schema) => Admit): Admit {
  const { properties, values, preserveUnknown } = schema;
  const fields = new Map<string, Admit>();
  for (const [name, each] of Object.entries(properties ?? {})) fields.set(name, child(each));
  const defaults = Object.entries(properties ?? {}).filter(
    ([, each]) => each.default !== undefined,
  );
  const nullable = new Set(
    Object.entries(properties ?? {}).flatMap(([name, each]) => (each.nullable ? [name] : [])),
  );
  const value = values && entryAdmit(values, child);
  const keepsAll = preserveUnknown || (!properties && !values);
  const isEmpty = emptyTest(schema);
  return (given, old, problems) => {
    const input = given ?? {};
    if (!isObject(input)) return mistyped(input, 'object', problems);
    const stored = isObject(old) ? old : NOTHING;
    let output: Json | undefined;
    const change = (): Json => {
      output ??= { ...input };
      return output;
    };
    for (const name in input) {
      const before = input[name];
      if (before !== undefined && before !== null && before === stored[name]) continue;
      const admit = fields.get(name) ?? value;
      if (!admit) {
        if (keepsAll) continue;
        problems.push(unknownField(name));
        delete change()[name];
      } else if (before === undefined || (before === null && fields.has(name))) {
        if (before === undefined || !nullable.has(name)) delete change()[name];
      } else {
        const from = problems.length;
        const after = admit(before, stored[name], problems);
        if (problems.length > from) within(fields.has(name) ? name : `[${name}]`, problems, from);
        if (isEmpty?.(name, after)) delete change()[name];
        else if (after !== before) change()[name] = after;
      }
    }
    for (const [name, each] of defaults) {
      if ((output ?? input)[name] !== undefined) continue;
      change()[name] = fields.get(name)!(each.default, undefined, problems);
    }
    return output ?? input;
  };
}

/** Of a map's values. Maps of quantities are lists of resources: less than a thousandth is not told apart there. */
function entryAdmit(values: Schema, child: (schema: Schema) => Admit): Admit {
  return values.format === 'quantity' ? scalarAdmit(values, -3) : child(values);
}

function arrayAdmit(schema: Schema, child: (schema: Schema) => Admit): Admit {
  const admit = child(schema.items ?? {});
  return (given, old, problems) => {
    const input = given ?? [];
    if (!Array.isArray(input)) return mistyped(input, 'array', problems);
    const stored: readonly unknown[] = Array.isArray(old) ? old : NOTHING_LISTED;
    let output: unknown[] | undefined;
    for (let at = 0; at < input.length; at++) {
      if (input[at] === stored[at] && input[at] !== undefined && input[at] !== null) continue;
      const from = problems.length;
      const after = admit(input[at], stored[at], problems);
      if (problems.length > from) within(`[${at}]`, problems, from);
      if (after === input[at]) continue;
      output ??= input.slice();
      output[at] = after;
    }
    return output ?? input;
  };
}

/**
 * Whether a field's value counts as none, where the object's schema says that empty ones do: lists, maps and texts that are not
 * required, and zeroes where the field says so.
 */
function emptyTest(schema: Schema): ((name: string, value: unknown) => boolean) | undefined {
  if (!schema.emptyIsAbsent) return undefined;
  const { properties = {}, required = [] } = schema;
  const optional = Object.entries(properties).filter(([name]) => !required.includes(name));
  const fields = new Map(optional);
  return (name, value) => {
    const field = fields.get(name);
    if (!field) return false;
    if (value === false || value === 0) return field.omitZero === true;
    if (value === '') return field.minLength !== 0 && !field.enum?.includes('');
    if (typeof value !== 'object' || value === null) return false;
    const { type, values } = field;
    if (type === 'array') return Array.isArray(value) && value.length === 0;
    return values !== undefined && Object.keys(value).length === 0;
  };
}

function scalarAdmit(schema: Schema, least?: number): Admit {
  const { type, format } = schema;
  if (format === 'quantity') return quantityAdmit(least);
  const check = format && DECODED_FORMATS.has(format) ? FORMAT_CHECKS[format] : undefined;
  const zero = ZEROES[type ?? 'any'];
  const fits: (value: unknown) => boolean =
    type === 'integer'
      ? Number.isInteger
      : type === 'intOrString'
        ? (value) => typeof value === 'string' || Number.isInteger(value)
        : (value) => typeof value === type;
  return (input, _, problems) => {
    const value = input ?? zero;
    if (!fits(value)) return mistyped(value, type ?? 'value', problems);
    const wrong = check?.(value as string);
    if (wrong) problems.push(undecodable(value, wrong));
    return value;
  };
}

const ZEROES: Readonly<Record<string, unknown>> = {
  string: '',
  integer: 0,
  number: 0,
  boolean: false,
  intOrString: 0,
};

/** Amounts in the form in which they are stored. */
function quantityAdmit(least?: number): Admit {
  return (input, _, problems) => {
    const text = typeof input === 'number' ? String(input) : (input ?? '0');
    if (typeof text !== 'string') return mistyped(text, 'quantity', problems);
    const canonical = canonicalQuantity(text, least);
    if (canonical !== undefined) return canonical;
    problems.push(undecodable(text, FORMAT_CHECKS.quantity(text) ?? 'no quantity'));
    return text;
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mistyped(value: unknown, wanted: string, problems: FieldProblem[]): unknown {
  const got = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  problems.push({
    field: '',
    reason: 'FieldValueTypeInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: expected ${wanted}, got ${got}`,
  });
  return value;
}

function undecodable(value: unknown, wrong: string): FieldProblem {
  const message = `Invalid value: ${JSON.stringify(value)}: ${wrong}`;
  return { field: '', reason: 'FieldValueTypeInvalid', message };
}

/** The message names the whole path: it is completed where that is known. */
function unknownField(name: string): FieldProblem {
  return { field: name, reason: 'FieldUnknown', message: '' };
}
