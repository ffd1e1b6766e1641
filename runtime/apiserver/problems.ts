import {
  type ApiError,
  type ApiRequest,
  badRequest,
  invalidObject,
  type KubeObject,
  type StatusCause,
} from '../meta/index.ts';
import { aboutKind, type ServedKind } from './kind.ts';
import type { Problem } from './strategies/problem.ts';

export function causesOf(problems: readonly Problem[]): StatusCause[] {
  return problems.map(({ field, reason, message }) => ({ reason, message, field }));
}

/** 422 with every problem as a cause; nothing when there is none. */
export function throwInvalid(kind: ServedKind, name: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw invalidObject(aboutKind(kind, name), causesOf(problems));
}

/** A body that is no object of the kind: 400, or the 422 of a patch that makes something of the object that is none. */
export function undecodable(
  kind: ServedKind,
  { verb, patchType, body }: Pick<ApiRequest, 'verb' | 'patchType' | 'body'>,
  { object, why }: { readonly object: KubeObject; readonly why: string },
): ApiError {
  if (verb === 'patch') {
    const isText = patchType === 'application/json-patch+json' || patchType === MERGE;
    return unfitPatch(isText ? JSON.stringify(object) : goSyntax(body), why);
  }
  const face = kind.version?.face ?? kind;
  const { version, kind: name } = face.descriptor;
  return badRequest(`${name} in version "${version}" cannot be handled as a ${name}: ${why}`);
}

const MERGE = 'application/merge-patch+json';

/** A patch that cannot be: 422, about no object in particular. */
export function unfitPatch(patch: string, why: string): ApiError {
  const message = `Invalid value: ${JSON.stringify(patch)}: ${why}`;
  return invalidObject({ group: '', resource: '', name: '' }, [
    { reason: 'FieldValueInvalid', message, field: 'patch' },
  ]);
}

/** A value as Go prints it with `%+v`: keys of maps in order. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goSyntax).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, each]) => `${key}:${goSyntax(each)}`).join(' ')}]`;
}
