import { jsonEqual } from '../equal.ts';
import type { FieldProblem } from '../problem.ts';
import { fieldOf, isObject, type JsonSchema } from './json-schema.ts';
import { correlated } from './validate.ts';

/** Items that sets and keyed lists have twice. Paths are those of Kubernetes' fields: keys of maps in brackets. */
export function repeatedItems(
  schema: JsonSchema,
  value: unknown,
  old: unknown,
  at: string,
): FieldProblem[] {
  if (old !== undefined && jsonEqual(value, old)) return [];
  if (Array.isArray(value)) {
    const { items } = schema;
    const own = repeatedIn(schema, value, at);
    if (!items) return own;
    const before = correlated(schema, old);
    const inside = value.flatMap((item, index) =>
      repeatedItems(items, item, before(item), `${at}[${index}]`),
    );
    return [...own, ...inside];
  }
  if (!isObject(value)) return [];
  const before = isObject(old) ? old : {};
  return Object.keys(value).flatMap((name) => {
    const child = fieldOf(schema, name);
    return child ? repeatedItems(child, value[name], before[name], below(schema, at, name)) : [];
  });
}

/** The path of a field, or of an entry of a map. */
export function below({ properties = {} }: JsonSchema, at: string, name: string): string {
  if (!Object.hasOwn(properties, name)) return `${at}[${name}]`;
  return at === '' ? name : `${at}.${name}`;
}

function repeatedIn(schema: JsonSchema, list: readonly unknown[], at: string): FieldProblem[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return [];
  const seen: unknown[] = [];
  const told = new Set<string>();
  return list.flatMap((item, index) => {
    const key = type === 'set' ? item : keysOf(schema, item);
    if (!seen.some((each) => jsonEqual(each, key))) {
      seen.push(key);
      return [];
    }
    const shown = JSON.stringify(key);
    if (told.has(shown)) return [];
    told.add(shown);
    const message = `Duplicate value: ${shown}`;
    return [{ field: `${at}[${index}]`, reason: 'FieldValueDuplicate' as const, message }];
  });
}

/** The fields that tell an item apart, with their defaults where it leaves them out. */
function keysOf(schema: JsonSchema, item: unknown): Record<string, unknown> {
  const keys: Record<string, unknown> = {};
  for (const name of schema['x-kubernetes-list-map-keys'] ?? []) {
    const value = isObject(item) ? item[name] : undefined;
    if (value !== undefined) keys[name] = value;
  }
  return keys;
}
