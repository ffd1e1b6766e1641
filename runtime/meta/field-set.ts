import type { Schema } from '../../generator/model/schema.ts';
import { jsonEqual } from '../../generator/model/equal.ts';
import type { Resolve } from './patch.ts';

/**
 * A set of field paths as a trie, in the very form of `managedFields[].fieldsV1`: `f:name` for fields, `k:{…}` for items of keyed
 * lists, `v:…` for members of sets, `.` for the node itself. A node without children is a leaf and in the set.
 */
export interface FieldSet {
  readonly [step: string]: FieldSet;
}

type Json = Record<string, unknown>;
type Mutable = { [step: string]: Mutable };

export const EMPTY: FieldSet = Object.freeze({});

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How values of a schema split into owned parts. */
function shapeOf(schema: Schema | undefined): 'struct' | 'keyed' | 'set' | 'leaf' {
  if (!schema) return 'leaf';
  if (schema.type === 'object')
    return schema.mapType === 'atomic' || !(schema.properties || schema.values) ? 'leaf' : 'struct';
  if (schema.type === 'array' && schema.listType === 'map') return 'keyed';
  return schema.type === 'array' && schema.listType === 'set' ? 'set' : 'leaf';
}

function stepOf(item: unknown, schema: Schema, shape: 'keyed' | 'set'): string {
  if (shape === 'set') return `v:${JSON.stringify(item)}`;
  const keys: Json = {};
  for (const key of [...(schema.listMapKeys ?? [])].sort()) {
    const value = (item as Json)[key];
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

const fieldOf = (schema: Schema, name: string): Schema | undefined =>
  schema.properties?.[name] ?? schema.values;

/** Every field that `value` has. */
export function fieldsOf(value: unknown, schema: Schema | undefined, resolve: Resolve): FieldSet {
  const own = schema && resolve(schema);
  const shape = shapeOf(own);
  if (shape === 'struct' && isObject(value)) {
    const set: Mutable = {};
    for (const name in value)
      set[`f:${name}`] = fieldsOf(value[name], fieldOf(own!, name), resolve) as Mutable;
    return set;
  }
  if ((shape === 'keyed' || shape === 'set') && Array.isArray(value)) {
    const set: Mutable = {};
    for (const item of value) {
      const step = stepOf(item, own!, shape);
      if (shape === 'set') set[step] = {};
      else set[step] = { '.': {}, ...(fieldsOf(item, own!.items, resolve) as Mutable) };
    }
    return set;
  }
  return EMPTY;
}

/** Fields whose value in `after` is new or another than in `before`. Subtrees with equal references are not looked at. */
export function changedFields(
  before: unknown,
  after: unknown,
  schema: Schema | undefined,
  resolve: Resolve,
): FieldSet | undefined {
  if (before === after) return undefined;
  if (before === undefined) return fieldsOf(after, schema, resolve);
  const own = schema && resolve(schema);
  const shape = shapeOf(own);
  const set: Mutable = {};
  if (shape === 'struct' && isObject(before) && isObject(after)) {
    for (const name in after) {
      const changed = changedFields(before[name], after[name], fieldOf(own!, name), resolve);
      if (changed) set[`f:${name}`] = changed as Mutable;
    }
    return Object.keys(set).length > 0 ? set : undefined;
  }
  if ((shape === 'keyed' || shape === 'set') && Array.isArray(before) && Array.isArray(after)) {
    const known = new Map(before.map((item) => [stepOf(item, own!, shape), item]));
    for (const item of after) {
      const step = stepOf(item, own!, shape);
      const changed = known.has(step)
        ? changedFields(known.get(step), item, own!.items, resolve)
        : shape === 'set'
          ? EMPTY
          : { '.': {}, ...fieldsOf(item, own!.items, resolve) };
      if (changed) set[step] = changed as Mutable;
    }
    return Object.keys(set).length > 0 ? set : undefined;
  }
  return jsonEqual(before, after) ? undefined : EMPTY;
}

const isLeaf = (set: FieldSet): boolean => {
  for (const _ in set) return false;
  return true;
};

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isLeaf(b)) return a;
  let result: Mutable | undefined;
  for (const step in b) {
    const merged = a[step] ? union(a[step], b[step]!) : b[step]!;
    if (merged === a[step]) continue;
    result ??= { ...(a as Mutable) };
    result[step] = merged as Mutable;
  }
  return result ?? a;
}

/** What is in `a` and not in `b`; undefined when nothing is left. A leaf of `b` takes all below it. */
export function difference(a: FieldSet, b: FieldSet): FieldSet | undefined {
  if (isLeaf(a)) return undefined;
  let result: Mutable | undefined;
  for (const step in b) {
    const own = a[step];
    if (!own) continue;
    const left = isLeaf(b[step]!) || isLeaf(own) ? undefined : difference(own, b[step]!);
    if (left === own) continue;
    result ??= { ...(a as Mutable) };
    if (left && !onlySelf(left)) result[step] = left as Mutable;
    else delete result[step];
  }
  if (!result) return a;
  return isLeaf(result) ? undefined : result;
}

const onlySelf = (set: FieldSet): boolean => {
  for (const step in set) if (step !== '.') return false;
  return '.' in set;
};

/** One step of a path with the value it leads to; undefined where it leads nowhere. */
export function follow(
  step: string,
  value: unknown,
  schema: Schema | undefined,
): { value: unknown; schema: Schema | undefined } {
  const name = step.slice(2);
  if (step.startsWith('f:'))
    return {
      value: isObject(value) ? value[name] : undefined,
      schema: schema && fieldOf(schema, name),
    };
  const shape = step.startsWith('k:') ? 'keyed' : 'set';
  const items = Array.isArray(value) ? value : [];
  return {
    value: schema && items.find((item) => stepOf(item, schema, shape) === step),
    schema: schema?.items,
  };
}

/** The leaves of both sets, as paths in the words of a conflict: `.spec.containers[name="web"].image`. */
export function commonLeaves(a: FieldSet, b: FieldSet): string[][] {
  const found: string[][] = [];
  const visit = (left: FieldSet, right: FieldSet, path: string[]): void => {
    for (const step in left) {
      const other = right[step];
      if (!other || step === '.') continue;
      if (isLeaf(left[step]!) || isLeaf(other)) found.push([...path, step]);
      else visit(left[step]!, other, [...path, step]);
    }
  };
  visit(a, b, []);
  return found;
}

export function pathText(path: readonly string[]): string {
  return path
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      const keys = Object.entries(JSON.parse(step.slice(2)) as Json);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}

/** `value` without the fields of `set`. */
export function removeFields(
  value: unknown,
  set: FieldSet,
  schema: Schema | undefined,
  resolve: Resolve,
): unknown {
  const own = schema && resolve(schema);
  if (isObject(value)) {
    let result: Json | undefined;
    for (const step in set) {
      const name = step.slice(2);
      if (!step.startsWith('f:') || !(name in value)) continue;
      const after = isLeaf(set[step]!)
        ? undefined
        : removeFields(value[name], set[step]!, own && fieldOf(own, name), resolve);
      if (after === value[name]) continue;
      result ??= { ...value };
      if (after === undefined) delete result[name];
      else result[name] = after;
    }
    return result ?? value;
  }
  const shape = shapeOf(own);
  if (Array.isArray(value) && own && (shape === 'keyed' || shape === 'set')) {
    const kept: unknown[] = [];
    for (const item of value) {
      const part = set[stepOf(item, own, shape)];
      if (!part) kept.push(item);
      else if (!isLeaf(part) && !('.' in part)) kept.push(removeFields(item, part, own.items, resolve));
    }
    return kept;
  }
  return value;
}

/** `live` with what `config` says, list items merged by key: the heart of server-side apply. */
export function mergeApplied(
  live: unknown,
  config: unknown,
  schema: Schema | undefined,
  resolve: Resolve,
): unknown {
  const own = schema && resolve(schema);
  const shape = shapeOf(own);
  if (shape === 'struct' && isObject(live) && isObject(config)) {
    let result: Json | undefined;
    for (const name in config) {
      const merged = mergeApplied(live[name], config[name], fieldOf(own!, name), resolve);
      if (merged === live[name]) continue;
      result ??= { ...live };
      result[name] = merged;
    }
    return result ?? live;
  }
  if ((shape === 'keyed' || shape === 'set') && Array.isArray(live) && Array.isArray(config))
    return mergeLists(live, config, own!, shape, resolve);
  return jsonEqual(live, config) ? live : config;
}

/** Applied items in their order, where live ones that the configuration does not name keep their places behind those before them. */
function mergeLists(
  live: readonly unknown[],
  config: readonly unknown[],
  schema: Schema,
  shape: 'keyed' | 'set',
  resolve: Resolve,
): unknown {
  const wanted = new Map(config.map((item) => [stepOf(item, schema, shape), item]));
  const result: unknown[] = [];
  const placed = new Set<string>();
  const order = [...wanted.keys()];
  let next = 0;
  const place = (step: string, before: unknown): void => {
    placed.add(step);
    const item = wanted.get(step);
    result.push(before === undefined ? item : mergeApplied(before, item, schema.items, resolve));
  };
  const liveBySteps = new Map(live.map((item) => [stepOf(item, schema, shape), item]));
  for (const item of live) {
    const step = stepOf(item, schema, shape);
    if (!wanted.has(step)) result.push(item);
    else if (!placed.has(step)) {
      while (next < order.length && order[next] !== step) {
        const earlier = order[next++]!;
        if (!placed.has(earlier)) place(earlier, liveBySteps.get(earlier));
      }
      next++;
      place(step, item);
    }
  }
  for (const step of order) if (!placed.has(step)) place(step, undefined);
  const same = result.length === live.length && result.every((item, at) => item === live[at]);
  return same ? live : result;
}
