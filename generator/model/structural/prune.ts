import { childPath } from '../problem.ts';
import { fieldOf, isObject, type Json, type JsonSchema } from './json-schema.ts';

/** Metadata of an object inside of another is kept as it is: whoever embeds it says nothing of it. */
const RESOURCE_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Takes out what the schema does not name; the same reference when there is nothing to take. `found` gets the paths of what
 * went. `isResource`: the value is an object of the API, with fields that no schema has to name.
 */
export function prune(
  schema: JsonSchema,
  value: unknown,
  isResource = schema['x-kubernetes-embedded-resource'] === true,
  found: string[] = [],
  at = '',
): unknown {
  if (Array.isArray(value)) return prunedList(schema, value, found, at);
  if (!isObject(value)) return value;
  const keepsAll =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;
  let output: Record<string, unknown> | undefined;
  for (const name in value) {
    if (isResource && RESOURCE_FIELDS.has(name)) continue;
    const child = fieldOf(schema, name);
    if (!child) {
      if (keepsAll) continue;
      found.push(childPath(at, name));
      output ??= { ...value };
      delete output[name];
      continue;
    }
    const before = value[name];
    const after = prune(child, before, undefined, found, childPath(at, name));
    if (after === before) continue;
    output ??= { ...value };
    output[name] = after;
  }
  return output ?? value;
}

function prunedList(
  schema: JsonSchema,
  list: readonly unknown[],
  found: string[],
  at: string,
): unknown {
  const { items } = schema;
  if (!items) return list;
  let output: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const after = prune(items, list[index], undefined, found, `${at}[${index}]`);
    if (after === list[index]) continue;
    output ??= list.slice();
    output[index] = after;
  }
  return output ?? list;
}

/**
 * Fills in what is absent and has a default, for as long as its parent is there; a null that may not be one counts as absent. The
 * same reference when there is nothing to fill in.
 */
export function withDefaults(schema: JsonSchema, value: unknown): unknown {
  if (Array.isArray(value)) return listWithDefaults(schema, value);
  if (!isObject(value)) return value;
  let output: Record<string, unknown> | undefined;
  const current = (): Json => output ?? value;
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const before = current()[name];
    const isAbsent = before === undefined || (before === null && !child.nullable);
    if (isAbsent && child.default === undefined) {
      if (before === undefined) continue;
      output ??= { ...value };
      delete output[name];
      continue;
    }
    const after = withDefaults(child, isAbsent ? child.default : before);
    if (after === before) continue;
    output ??= { ...value };
    output[name] = after;
  }
  const { properties = {} } = schema;
  for (const name in value) {
    if (Object.hasOwn(properties, name)) continue;
    const child = fieldOf(schema, name);
    if (!child) continue;
    const before = current()[name];
    const isAbsent = before === null && !child.nullable && child.default !== undefined;
    const after = withDefaults(child, isAbsent ? child.default : before);
    if (after === before) continue;
    output ??= { ...value };
    output[name] = after;
  }
  return current();
}

function listWithDefaults(schema: JsonSchema, list: readonly unknown[]): unknown {
  const { items } = schema;
  if (!items) return list;
  let output: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const before = list[index];
    const isAbsent = before === null && !items.nullable && items.default !== undefined;
    const after = withDefaults(items, isAbsent ? items.default : before);
    if (after === before) continue;
    output ??= list.slice();
    output[index] = after;
  }
  return output ?? list;
}
