import type { Schema } from '../../generator/model/schema.ts';
import { isObject, type Json } from './json.ts';
import type { Typed } from './merge-strategy.ts';

/** How a value splits into parts that have owners: fields, items under keys, members, or not at all. */
export type Shape = 'struct' | 'keyed' | 'set' | 'leaf';

/** A value's schema with its references followed, and its shape. */
export interface Shaped {
  readonly shape: Shape;
  readonly schema: Schema | undefined;
}

export function shapeOf(value: unknown, { schema, resolve }: Typed): Shaped {
  const own = schema && resolve(schema);
  return { shape: own ? shapeBySchema(value, own) : 'leaf', schema: own };
}

function shapeBySchema(value: unknown, schema: Schema): Shape {
  if (isObject(value)) {
    const splits = schema.properties !== undefined || schema.values !== undefined;
    return splits && schema.mapType !== 'atomic' ? 'struct' : 'leaf';
  }
  if (!Array.isArray(value)) return 'leaf';
  if (schema.listType === 'map') return 'keyed';
  return schema.listType === 'set' ? 'set' : 'leaf';
}

export function fieldOf(name: string, { schema }: Shaped, { resolve }: Typed): Typed {
  return { schema: schema?.properties?.[name] ?? schema?.values, resolve };
}

export function itemOf({ schema }: Shaped, { resolve }: Typed): Typed {
  return { schema: schema?.items, resolve };
}

/** The step from a list to one of its items. A key that the item leaves out is the key's default. */
export function stepOf(item: unknown, shaped: Shaped, typed: Typed): string {
  if (shaped.shape === 'set') return `v:${JSON.stringify(item)}`;
  const { schema } = shaped;
  const items = schema?.items && typed.resolve(schema.items);
  const keys: Json = {};
  for (const key of [...(schema?.listMapKeys ?? [])].sort()) {
    const value = (isObject(item) ? item[key] : undefined) ?? items?.properties?.[key]?.default;
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

/** The items of a list by their steps, in order. Of two with one step the first counts. */
export function itemsByStep(
  list: readonly unknown[],
  shaped: Shaped,
  typed: Typed,
): Map<string, unknown> {
  const items = new Map<string, unknown>();
  for (const item of list) {
    const step = stepOf(item, shaped, typed);
    if (!items.has(step)) items.set(step, item);
  }
  return items;
}

/**
 * Whether a field of an object that is there is always there itself: in the Go types a struct that is no pointer, or a
 * list that is written out even when empty. Nobody owns it, only what is in it. Required or defaulted tells us which.
 */
export function isAlwaysThere(name: string, { schema }: Shaped): boolean {
  const field = schema?.properties?.[name];
  if (!field) return false;
  if (field.ref === 'meta/v1.ObjectMeta') return true;
  return schema?.required?.includes(name) === true || isObject(field.default);
}
