import { jsonEqual, type KubeObject } from '../meta/index.ts';
import { schemaAtPath, valueAtPath } from './schema-findings.ts';
import { kinds } from './served-kinds.ts';

const FIXED = /immutable|\b(?:may|can) not (?:be )?(?:change|unset)|\bupdates to\b.*\bforbidden\b/s;

/**
 * The field of a manifest that a server's cause means. The API has lists beside older fields for one value: `clusterIPs[0]` is
 * `clusterIP` where the manifest has only that.
 */
export function writtenField(object: KubeObject, named: string): string {
  const field = object.kind === 'CustomResourceDefinition' ? ofVersion(named) : named;
  const [, single] = /^(.+[A-Za-z])s(?:\[0\])?$/.exec(field) ?? [];
  if (single === undefined || valueAtPath(object, field) !== undefined) return field;
  return valueAtPath(object, single) === undefined ? field : single;
}

/** A definition once had in one place what now each version has, and the API still names it there where all have the same. */
function ofVersion(field: string): string {
  return field
    .replace(/^spec\.validation\b/, 'spec.versions[0].schema')
    .replace(
      /^spec\.(?=(?:subresources|additionalPrinterColumns|selectableFields)\b)/,
      'spec.versions[0].',
    );
}

/**
 * What has changed in a field that must not change, as long as it is one thing: the API names all of `data` or `selector`. `before`
 * is the manifest that was applied last. The field itself where the message is about something else.
 */
export function changedField(
  object: KubeObject,
  before: KubeObject,
  field: string,
  message: string,
): string {
  if (!FIXED.test(message)) return field;
  let path = field;
  let now = valueAtPath(object, field);
  let was = valueAtPath(before, field);
  for (let key = onlyChange(now, was); key !== undefined; key = onlyChange(now, was)) {
    path += stepText(object, path, key, Array.isArray(now));
    [now, was] = [childOf(now, key), childOf(was, key)];
  }
  return path;
}

/** The only key whose values differ; undefined when there is none, or more than one. */
function onlyChange(now: unknown, was: unknown): string | undefined {
  if (!isObject(now) || !isObject(was) || Array.isArray(now) !== Array.isArray(was))
    return undefined;
  if (Array.isArray(now) && Array.isArray(was) && now.length !== was.length) return undefined;
  const keys = new Set([...Object.keys(now), ...Object.keys(was)]);
  const changed = [...keys].filter((key) => !jsonEqual(childOf(now, key), childOf(was, key)));
  return changed.length === 1 ? changed[0] : undefined;
}

function stepText(object: KubeObject, path: string, key: string, isItem: boolean): string {
  const known = kinds().find(object.apiVersion, object.kind);
  const schema = known && schemaAtPath(kinds().interpreter, known.schema, path);
  return isItem || schema?.values ? `[${key}]` : `.${key}`;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function childOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
