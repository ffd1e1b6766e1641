import { childPath } from '../problem.ts';
import { fieldOf, isObject, type Json, type JsonSchema, valuesOf } from './json-schema.ts';

/** What becomes of an object of the API inside of another, at its path. */
export type ResourceChange = (resource: Json, at: string) => Json;

const known = new WeakMap<JsonSchema, boolean>();

function hasEmbedded(schema: JsonSchema): boolean {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const { items, properties = {} } = schema;
  const values = valuesOf(schema);
  const inside = [
    ...Object.values(properties),
    ...(items ? [items] : []),
    ...(values ? [values] : []),
  ];
  const has = schema['x-kubernetes-embedded-resource'] === true || inside.some(hasEmbedded);
  known.set(schema, has);
  return has;
}

/** The value with every embedded resource changed; the same reference when none is. */
export function withEmbedded(
  schema: JsonSchema,
  value: unknown,
  change: ResourceChange,
  at = '',
): unknown {
  if (!hasEmbedded(schema)) return value;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return value;
    const list = value.map((each, index) => withEmbedded(items, each, change, `${at}[${index}]`));
    return list.every((each, index) => each === value[index]) ? value : list;
  }
  if (!isObject(value)) return value;
  let output: Record<string, unknown> | undefined;
  for (const name in value) {
    const child = fieldOf(schema, name);
    if (!child) continue;
    const after = withEmbedded(child, value[name], change, childPath(at, name));
    if (after === value[name]) continue;
    output ??= { ...value };
    output[name] = after;
  }
  const inside = output ?? value;
  return schema['x-kubernetes-embedded-resource'] ? change(inside, at) : inside;
}
