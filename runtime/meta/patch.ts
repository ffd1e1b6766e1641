import type { Schema } from '../../generator/model/schema.ts';
import { badRequest, invalidObject } from './status.ts';
import { jsonEqual } from '../../generator/model/equal.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7386. What does not change keeps its reference. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const base = isObject(target) ? target : {};
  let result: Json | undefined;
  for (const key in patch) {
    const value = patch[key];
    if (value === null) {
      if (!(key in base)) continue;
      result ??= { ...base };
      delete result[key];
      continue;
    }
    const merged = mergePatch(base[key], value);
    if (jsonEqual(merged, base[key])) continue;
    result ??= { ...base };
    result[key] = merged;
  }
  return result ?? base;
}

interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** RFC 6902 as Kubernetes' library does it: `replace` of an absent key adds, a path need not begin with a slash. */
export function jsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw badRequest('a JSON patch must be an array of operations');
  return (operations as JsonPatchOperation[]).reduce(applyOperation, target);
}

function applyOperation(target: unknown, operation: JsonPatchOperation): unknown {
  const { op, path, from, value } = operation;
  if (typeof path !== 'string') throw badRequest(`JSON patch operation ${String(op)} has no path`);
  switch (op) {
    case 'add':
      return setAt(target, steps(path), value, true);
    case 'replace':
      return setAt(target, steps(path), value, false);
    case 'remove':
      return removeAt(target, steps(path), path);
    case 'move': {
      const moved = readAt(target, steps(from ?? ''));
      return setAt(removeAt(target, steps(from ?? ''), from ?? ''), steps(path), moved, true);
    }
    case 'copy':
      return setAt(target, steps(path), readAt(target, steps(from ?? '')) ?? null, true);
    case 'test':
      if (jsonEqual(readAt(target, steps(path)), value)) return target;
      throw invalidObject({ group: '', resource: '' }, [
        { message: `testing value ${path} failed`, reason: 'FieldValueInvalid' },
      ]);
    default:
      throw badRequest(`unknown JSON patch operation ${JSON.stringify(op)}`);
  }
}

function steps(path: string): string[] {
  if (path === '') return [];
  return path
    .replace(/^\//, '')
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function readAt(target: unknown, path: readonly string[]): unknown {
  let value = target;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isObject(value)) value = value[step];
    else return undefined;
  }
  return value;
}

function setAt(target: unknown, path: readonly string[], value: unknown, insert: boolean): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(target)) {
    const at = step === '-' ? target.length : Number(step);
    if (!Number.isInteger(at) || at < 0 || at > target.length)
      throw invalidPatch(`index ${step} is out of bounds`);
    const copy = target.slice();
    if (rest.length > 0) copy[at] = setAt(target[at], rest, value, insert);
    else if (insert) copy.splice(at, 0, value);
    else copy[at] = value;
    return copy;
  }
  if (!isObject(target)) throw invalidPatch(`there is nothing at ${step}`);
  return { ...target, [step]: rest.length > 0 ? setAt(target[step], rest, value, insert) : value };
}

function removeAt(target: unknown, path: readonly string[], whole: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (Array.isArray(target)) {
    const at = Number(step);
    if (!(at in target)) throw invalidPatch(`unable to remove nonexistent index: ${whole}`);
    const copy = target.slice();
    if (rest.length > 0) copy[at] = removeAt(target[at], rest, whole);
    else copy.splice(at, 1);
    return copy;
  }
  if (!isObject(target) || !(step in target))
    throw invalidPatch(`unable to remove nonexistent key: ${whole}`);
  if (rest.length > 0) return { ...target, [step]: removeAt(target[step], rest, whole) };
  const { [step]: _, ...others } = target;
  return others;
}

function invalidPatch(message: string): Error {
  return invalidObject({ group: '', resource: '' }, [{ message, reason: 'FieldValueInvalid' }]);
}

/** Follows references of a schema; from the interpreter. */
export type Resolve = (schema: Schema) => Schema;

/**
 * Strategic merge patch: a merge patch in which the schema says which lists merge by key, with the directives `$patch`,
 * `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder`.
 */
export function strategicMergePatch(
  target: unknown,
  patch: unknown,
  schema: Schema | undefined,
  resolve: Resolve,
): unknown {
  if (!isObject(patch)) return patch;
  const directive = patch['$patch'];
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  const own = schema && resolve(schema);
  let base = isObject(target) ? target : {};
  const retain = patch['$retainKeys'];
  if (Array.isArray(retain))
    base = Object.fromEntries(Object.entries(base).filter(([key]) => retain.includes(key)));
  let result: Json = base;
  const change = (): Json => {
    if (result === base) result = { ...base };
    return result;
  };
  for (const key in patch) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith('$setElementOrder/')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length);
      const removed = patch[key] as unknown[];
      const list = (result[field] as unknown[] | undefined) ?? [];
      if (!(field in patch)) change()[field] = list.filter((each) => !removed.includes(each));
      continue;
    }
    const value = patch[key];
    if (value === null) {
      if (key in result) delete change()[key];
      continue;
    }
    const field = own?.properties?.[key] ?? own?.values;
    const merged = mergeField(result[key], value, field, resolve, patch[`$deleteFromPrimitiveList/${key}`]);
    const ordered = reorder(merged, patch[`$setElementOrder/${key}`], field && resolve(field));
    if (!jsonEqual(ordered, result[key])) change()[key] = ordered;
  }
  return result;
}

function mergeField(
  before: unknown,
  value: unknown,
  field: Schema | undefined,
  resolve: Resolve,
  removed: unknown,
): unknown {
  const schema = field && resolve(field);
  const strategies = field?.patchStrategy ?? schema?.patchStrategy ?? '';
  if (isObject(value)) {
    if (strategies.includes('replace')) return withoutDirectives(value);
    return strategicMergePatch(before, value, field, resolve);
  }
  if (!Array.isArray(value)) return value;
  const list = Array.isArray(before) ? (before as unknown[]) : [];
  if (!strategies.includes('merge')) return value.map(withoutDirectives);
  const key = field?.patchMergeKey ?? schema?.patchMergeKey;
  if (key) return mergeKeyedList(list, value as Json[], key, schema?.items, resolve);
  const gone = Array.isArray(removed) ? removed : [];
  const kept = list.filter((each) => !gone.includes(each));
  return [...kept, ...value.filter((each) => !kept.includes(each))];
}

function mergeKeyedList(
  list: readonly unknown[],
  patch: readonly Json[],
  key: string,
  items: Schema | undefined,
  resolve: Resolve,
): unknown[] {
  if (patch.some((item) => item['$patch'] === 'replace'))
    return patch.filter((item) => item['$patch'] !== 'replace');
  let result = list.slice() as Json[];
  const added: Json[] = [];
  for (const item of patch) {
    const wanted = item[key];
    if (item['$patch'] === 'delete') {
      result = result.filter((each) => each[key] !== wanted);
      continue;
    }
    const at = result.findIndex((each) => each[key] === wanted);
    if (at >= 0) result[at] = strategicMergePatch(result[at], item, items, resolve) as Json;
    else added.push(strategicMergePatch({}, item, items, resolve) as Json);
  }
  return [...added, ...result];
}

/** Puts a list in the order that the patch names; what it does not name stays behind what it followed. */
function reorder(list: unknown, order: unknown, schema: Schema | undefined): unknown {
  if (!Array.isArray(list) || !Array.isArray(order)) return list;
  const key = schema?.patchMergeKey;
  const idOf = (item: unknown): unknown => (key && isObject(item) ? item[key] : item);
  const wanted = order.map(idOf);
  const rank = (item: unknown): number => wanted.indexOf(idOf(item));
  const named = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const result: unknown[] = [];
  for (const item of list) result.push(rank(item) < 0 ? item : named.shift());
  return result;
}

function withoutDirectives<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutDirectives) as T;
  if (!isObject(value)) return value;
  const clean: Json = {};
  for (const key in value) if (!key.startsWith('$')) clean[key] = withoutDirectives(value[key]);
  return clean as T;
}
