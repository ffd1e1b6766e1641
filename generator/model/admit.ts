import { childPath, type FieldProblem } from './problem.ts';
import type { Schema } from './schema.ts';

/** Prunes, checks JSON types and defaults one value; the same reference when there is nothing to do. */
export type Admit = (value: unknown, path: string, problems: FieldProblem[]) => unknown;

type Json = Record<string, unknown>;

/** Compiles `schema` (without a reference) to its `Admit`; `child` gives that of a nested schema. */
export function compileAdmit(schema: Schema, child: (schema: Schema) => Admit): Admit {
  switch (schema.type) {
    case 'object':
      return memoised(objectAdmit(schema, child));
    case 'array':
      return memoised(arrayAdmit(schema, child));
    case undefined:
    case 'any':
      return (value) => value;
    default:
      return scalarAdmit(schema);
  }
}

/**
 * Remembers, by identity, what became of an object; only of those without problems, so that problems are reported for each.
 * A result is remembered as its own result: what is stored comes back through here with every update.
 */
function memoised(admit: Admit): Admit {
  const known = new WeakMap<object, unknown>();
  return (value, path, problems) => {
    if (typeof value !== 'object' || value === null) return admit(value, path, problems);
    const found = known.get(value);
    if (found !== undefined) return found;
    const before = problems.length;
    const result = admit(value, path, problems);
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
  const defaults = Object.entries(properties ?? {}).filter(([, each]) => each.default !== undefined);
  const value = values && child(values);
  const keepsAll = preserveUnknown || (!properties && !values);
  return (input, path, problems) => {
    if (!isObject(input)) return mistyped(input, 'object', path, problems);
    let output: Json | undefined;
    const change = (): Json => {
      output ??= { ...input };
      return output;
    };
    for (const name in input) {
      const admit = fields.get(name) ?? value;
      const before = input[name];
      if (!admit) {
        if (keepsAll) continue;
        problems.push(unknownField(childPath(path, name)));
        delete change()[name];
      } else if (before === null || before === undefined) {
        if (before === undefined || !fields.has(name) || !schema.nullable) delete change()[name];
      } else {
        const at = fields.has(name) ? childPath(path, name) : `${path}[${name}]`;
        const after = admit(before, at, problems);
        if (after !== before) change()[name] = after;
      }
    }
    for (const [name, each] of defaults) {
      if ((output ?? input)[name] !== undefined) continue;
      change()[name] = fields.get(name)!(each.default, childPath(path, name), problems);
    }
    return output ?? input;
  };
}

function arrayAdmit(schema: Schema, child: (schema: Schema) => Admit): Admit {
  const admit = child(schema.items ?? {});
  return (input, path, problems) => {
    if (!Array.isArray(input)) return mistyped(input, 'array', path, problems);
    let output: unknown[] | undefined;
    for (let at = 0; at < input.length; at++) {
      const after = admit(input[at], `${path}[${at}]`, problems);
      if (after === input[at]) continue;
      output ??= input.slice();
      output[at] = after;
    }
    return output ?? input;
  };
}

function scalarAdmit(schema: Schema): Admit {
  const { type, format } = schema;
  if (format === 'quantity')
    return (value, path, problems) => {
      if (typeof value === 'number') return String(value);
      return typeof value === 'string' ? value : mistyped(value, 'quantity', path, problems);
    };
  const fits: (value: unknown) => boolean =
    type === 'integer'
      ? Number.isInteger
      : type === 'intOrString'
        ? (value) => typeof value === 'string' || Number.isInteger(value)
        : (value) => typeof value === type;
  return (value, path, problems) =>
    fits(value) ? value : mistyped(value, type ?? 'value', path, problems);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mistyped(value: unknown, wanted: string, path: string, problems: FieldProblem[]): unknown {
  const got = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  problems.push({
    field: path,
    reason: 'FieldValueTypeInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: expected ${wanted}, got ${got}`,
  });
  return value;
}

function unknownField(path: string): FieldProblem {
  return { field: path, reason: 'FieldUnknown', message: `unknown field "${path}"` };
}
