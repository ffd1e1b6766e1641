import { internalError, isApiError, jsonPatch, type KubeObject } from '../../../meta/index.ts';
import { jsonSyntaxError } from '../../decoding/index.ts';

interface Operation {
  readonly op?: string;
  readonly path?: string;
  readonly from?: string;
}

/** The operations of a JSON patch, or why it is none, in Go's words. */
export function operationsIn(patch: string): readonly Operation[] | string {
  try {
    const value: unknown = JSON.parse(patch);
    if (Array.isArray(value)) return value as readonly Operation[];
    return `json: cannot unmarshal ${goType(value)} into Go value of type jsonpatch.Patch`;
  } catch {
    return jsonSyntaxError(patch);
  }
}

function goType(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

/** An object with a patch. Throws a 500 where the patch does not fit, in the words of the library behind Kubernetes. */
export function applied(shown: KubeObject, operations: readonly Operation[]): KubeObject {
  let object: unknown = shown;
  for (const operation of operations)
    try {
      object = jsonPatch(object, [operation]);
    } catch (error) {
      if (!isApiError(error)) throw error;
      throw internalError(misfit(operation, error.message));
    }
  return object as KubeObject;
}

const MISSING = 'missing value';

function misfit({ op = '', path = '', from = '' }: Operation, why: string): string {
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (why.includes('nonexistent key'))
    return `error in ${op} for path: '${path}': Unable to remove nonexistent key: ${last}: ${MISSING}`;
  if (why.includes('missing path')) {
    if (op === 'move' || op === 'copy')
      return `${op} operation does not apply: doc is missing from path: ${from}: ${MISSING}`;
    const quoted = op === 'replace' ? path : `"${path}"`;
    return `${op} operation does not apply: doc is missing path: ${quoted}: ${MISSING}`;
  }
  if (why.includes('invalid index')) {
    const at = /^-?\d+$/.test(last)
      ? `Unable to access invalid index: ${last}: invalid index referenced`
      : `value was not a proper array index: '${last}': strconv.Atoi: parsing "${last}": invalid syntax`;
    return `error in ${op} for path: '${path}': ${at}`;
  }
  if (op === 'test') return `testing value ${path} failed: test failed`;
  return why;
}
