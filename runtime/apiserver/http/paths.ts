import type { KindDescriptor } from '../../../generator/model/index.ts';

/** What a request line asks for: the path, decoded once and as a whole, and the query. */
export interface Target {
  readonly path: string;
  readonly parameters: URLSearchParams;
}

/**
 * Reads the target of a request line. Nothing of it is resolved: `..` and `//` are parts of a path like others, and are found nowhere.
 * Throws a URIError for what is no text.
 */
export function readTarget(target: string): Target {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '');
  const at = local.indexOf('?');
  const path = decodeURIComponent(at < 0 ? local : local.slice(0, at)) || '/';
  return { path, parameters: new URLSearchParams(at < 0 ? '' : local.slice(at + 1)) };
}

/** What the path of a request names of the API. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  /** What stands behind the subresource, as in `proxy/healthz`; of a proxy as it is, be it empty as in `proxy/`. */
  readonly rest?: string | undefined;
  /** The older way to ask for a watch: `/api/v1/watch/pods`. */
  readonly isWatch: boolean;
}

/** The subresource that has paths below it, which are passed on. */
export const PROXY = 'proxy';

/** Subresources of namespaces, which look like resources in one. */
const OF_NAMESPACES = new Set(['finalize', 'status']);

/** Reads `/api/v1/…` and `/apis/<group>/<version>/…` by Kubernetes' grammar; undefined for what is no resource. */
export function resourcePath(path: string): ResourcePath | undefined {
  const [, root, ...parts] = path.split('/');
  const group = root === 'apis' ? parts.shift() : root === 'api' ? '' : undefined;
  const version = parts.shift();
  if (group === undefined || !version) return undefined;
  if (root === 'apis' && group === '') return undefined;
  const isWatch = parts[0] === 'watch' && parts.length > 1;
  if (isWatch) parts.shift();
  const namespace = namespaceOf(parts);
  const behind = namespace === undefined ? 3 : 5;
  const passed = parts[behind - 1] === PROXY ? parts.splice(behind) : undefined;
  if (!passed && parts.at(-1) === '') parts.pop();
  const [resource, name, subresource, ...rest] = passed
    ? [...parts.slice(behind - 3), ...passed]
    : namespace === undefined
      ? parts
      : parts.slice(2);
  if (!resource || parts.includes('')) return undefined;
  return {
    group,
    version,
    resource,
    namespace,
    name,
    subresource,
    ...(rest.length > 0 ? { rest: rest.join('/') } : {}),
    isWatch,
  };
}

/** Whether the kind has such a path: one of its objects, or one of its subresources, has no other than that below its namespace. */
export function isPathOf(
  { namespaced, subresources }: KindDescriptor,
  { namespace, name, subresource, rest }: ResourcePath,
): boolean {
  if (namespaced ? name !== undefined && namespace === undefined : namespace !== undefined)
    return false;
  if (subresource === undefined) return true;
  const { others, ...own } = subresources;
  const isOne = Object.hasOwn(own, subresource) || Object.hasOwn(others ?? {}, subresource);
  return isOne && (rest === undefined || subresource === PROXY);
}

/** `namespaces/a/pods` is pods in `a`; `namespaces/a` and `namespaces/a/status` are the namespace itself. */
function namespaceOf(parts: readonly string[]): string | undefined {
  if (parts[0] !== 'namespaces' || parts.length < 3) return undefined;
  return OF_NAMESPACES.has(parts[2]!) && parts.length === 3 ? undefined : parts[1];
}
