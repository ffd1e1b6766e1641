import { jsonEqual } from '../../generator/model/equal.ts';
import { isObject, type Json } from './json.ts';
import { badRequest, unprocessable } from './status.ts';

interface JsonPatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * RFC 6902 as the library behind Kubernetes does it: `replace` of an absent key adds it, `copy` of what is not there
 * copies null, and what stands before the first slash of a path is not read.
 */
export function jsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations) || !operations.every(isObject))
    throw badRequest('a JSON patch must be an array of operations');
  return (operations as unknown as JsonPatchOperation[]).reduce(applyOperation, target);
}

function applyOperation(target: unknown, operation: JsonPatchOperation): unknown {
  const { op, path, from } = operation;
  const value = operation.value ?? null;
  if (typeof path !== 'string') throw unprocessable(`${op} operation has no path`);
  switch (op) {
    case 'add':
      return edit(target, path, (parent, step) => inserted(parent, step, value, path));
    case 'replace':
      if (path === '') return value;
      return edit(target, path, (parent, step) => replaced(parent, step, value, path));
    case 'remove':
      return edit(target, path, (parent, step) => removed(parent, step, path));
    case 'move': {
      const source = sourceOf(from, op);
      const moved = valueAt(target, source);
      const rest = edit(target, source, (parent, step) => removed(parent, step, source));
      return edit(rest, path, (parent, step) => inserted(parent, step, moved, path));
    }
    case 'copy': {
      const copied = valueAt(target, sourceOf(from, op)) ?? null;
      return edit(target, path, (parent, step) => inserted(parent, step, copied, path));
    }
    case 'test':
      if (jsonEqual(valueAt(target, path) ?? null, value)) return target;
      throw unprocessable(`testing value ${path} failed`);
    default:
      throw unprocessable(`unexpected operation ${JSON.stringify(op)}`);
  }
}

function sourceOf(from: unknown, op: string): string {
  if (typeof from === 'string') return from;
  throw unprocessable(`${op} operation has no from`);
}

const stepsOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

function valueAt(target: unknown, path: string): unknown {
  let value = target;
  for (const step of stepsOf(path)) {
    if (Array.isArray(value)) value = value[indexOf(step, value.length) ?? value.length];
    else if (isObject(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else return undefined;
  }
  return value;
}

type Edit = (parent: unknown[] | Json, step: string) => unknown[] | Json;

/** `target` with the container of the path's last step changed; everything on the way there must exist. */
function edit(target: unknown, path: string, change: Edit): unknown {
  const steps = stepsOf(path);
  if (steps.length === 0) throw unprocessable(`missing path: ${JSON.stringify(path)}`);
  const visit = (value: unknown, depth: number): unknown => {
    if (!Array.isArray(value) && !isObject(value)) throw unprocessable(`missing path: ${path}`);
    const step = steps[depth]!;
    if (depth === steps.length - 1) return change(value, step);
    if (!Array.isArray(value)) {
      const child = Object.hasOwn(value, step) ? value[step] : undefined;
      return { ...value, [step]: visit(child, depth + 1) };
    }
    const at = indexOf(step, value.length) ?? value.length;
    return value.with(at < value.length ? at : outOfBounds(path), visit(value[at], depth + 1));
  };
  return visit(target, 0);
}

function inserted(
  parent: unknown[] | Json,
  step: string,
  value: unknown,
  path: string,
): unknown[] | Json {
  if (!Array.isArray(parent)) return { ...parent, [step]: value };
  const { length } = parent;
  const at = step === '-' ? length : (indexOf(step, length + 1) ?? outOfBounds(path));
  return parent.toSpliced(at, 0, value);
}

function replaced(
  parent: unknown[] | Json,
  step: string,
  value: unknown,
  path: string,
): unknown[] | Json {
  if (!Array.isArray(parent)) return { ...parent, [step]: value };
  return parent.with(indexOf(step, parent.length) ?? outOfBounds(path), value);
}

function removed(parent: unknown[] | Json, step: string, path: string): unknown[] | Json {
  if (Array.isArray(parent))
    return parent.toSpliced(indexOf(step, parent.length) ?? outOfBounds(path), 1);
  if (!Object.hasOwn(parent, step))
    throw unprocessable(`unable to remove nonexistent key: ${path}`);
  const { [step]: _, ...others } = parent;
  return others;
}

/** The index that a step names, counted from the end when negative; undefined beyond the bounds. */
function indexOf(step: string, length: number): number | undefined {
  if (!/^-?\d+$/.test(step)) return undefined;
  const at = Number(step) < 0 ? Number(step) + length : Number(step);
  return at >= 0 && at < length ? at : undefined;
}

function outOfBounds(path: string): never {
  throw unprocessable(`invalid index referenced: ${path}`);
}
