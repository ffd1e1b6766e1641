import {
  type ApiRequest,
  type ApiResponse,
  badRequest,
  compileSelector,
  expired,
  type KubeObject,
  notFound,
  parseFieldSelector,
  type RequestOptions,
  valueAt,
} from '../meta/index.ts';
import { CompactedError, type Entry } from '../storage/index.ts';
import type { Core } from './core.ts';
import { about, type ServedKind } from './kind.ts';
import type { Row } from './row.ts';
import { keyOfRequest } from './update.ts';

/** GET of one object. */
export function get(kind: ServedKind, request: ApiRequest): ApiResponse {
  const row = kind.cache.row(keyOfRequest(request));
  if (!row) throw notFound(about(kind, request.name));
  return { code: 200, object: row.object };
}

/** GET of a collection: from the cache, or from the past when the client names a revision or goes on with an earlier list. */
export async function list(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
): Promise<ApiResponse> {
  const { namespace, options = {} } = request;
  const { limit } = options;
  const matches = matcherOf(kind, options);
  const from = startOf(core, kind, namespace, options);
  const objects = await from.objects();
  const chosen: KubeObject[] = [];
  let next: string | undefined;
  for (const object of objects) {
    if (matches && !matches(object)) continue;
    if (limit && chosen.length === limit) {
      next = keyIn(chosen.at(-1)!);
      break;
    }
    chosen.push(object);
  }
  const more = next === undefined ? {} : { continue: token(from.revision, next) };
  const remaining =
    next === undefined || matches ? {} : { remainingItemCount: objects.length - chosen.length };
  const answer = {
    kind: `${kind.descriptor.kind}List`,
    apiVersion: kind.apiVersion,
    metadata: { resourceVersion: String(from.revision), ...more, ...remaining },
    items: chosen,
  };
  return { code: 200, object: answer as unknown as KubeObject };
}

/** The objects that a collection request selects, as they are now. */
export function selected(kind: ServedKind, { namespace, options = {} }: ApiRequest): KubeObject[] {
  const matches = matcherOf(kind, options);
  const all = kind.cache.list(namespace);
  return matches ? all.filter(matches) : all;
}

interface Start {
  readonly revision: number;
  objects(): Promise<readonly KubeObject[]> | readonly KubeObject[];
}

function startOf(
  core: Core,
  kind: ServedKind,
  namespace: string | undefined,
  { continue: from, resourceVersion, resourceVersionMatch }: RequestOptions,
): Start {
  if (from !== undefined) {
    const { revision, after } = readToken(from);
    return past(core, kind, namespace, revision, after);
  }
  if (resourceVersionMatch === 'Exact' && resourceVersion)
    return past(core, kind, namespace, Number(resourceVersion), undefined);
  return { revision: core.revision, objects: () => kind.cache.list(namespace) };
}

function past(
  core: Core,
  kind: ServedKind,
  namespace: string | undefined,
  revision: number,
  after: string | undefined,
): Start {
  const prefix = namespace === undefined ? kind.prefix : `${kind.prefix}${namespace}/`;
  const start = after === undefined ? prefix : `${kind.prefix}${after}\0`;
  const end = `${prefix.slice(0, -1)}0`;
  return {
    revision,
    objects: async () => {
      try {
        const { entries } = await core.store.range({ start, end, revision });
        return entries.map(({ value }: Entry<Row>) => value.object);
      } catch (error) {
        if (error instanceof CompactedError)
          throw expired(
            'The provided continue parameter is too old to display a consistent list result.',
          );
        throw error;
      }
    },
  };
}

function keyIn({ metadata }: KubeObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : `${metadata.name}`;
}

function token(revision: number, after: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString(
    'base64url',
  );
}

function readToken(text: string): { revision: number; after: string } {
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString()) as {
      rv: unknown;
      start: unknown;
    };
    if (Number.isInteger(rv) && typeof start === 'string')
      return { revision: rv as number, after: start };
  } catch {
    // Falls through to the refusal.
  }
  throw badRequest('continue key is not valid: it is not one that this server gave');
}

/** Label and field selectors of a request as one function; undefined when there are none. */
export function matcherOf(
  kind: ServedKind,
  { labelSelector, fieldSelector }: RequestOptions,
): ((object: KubeObject) => boolean) | undefined {
  const labels = labelSelector ? compileSelector(labelSelector) : undefined;
  const fields = fieldSelector ? parseFieldSelector(fieldSelector) : undefined;
  if (!labels && !fields) return undefined;
  for (const { path } of fields ?? [])
    if (!isSelectable(kind, path)) throw badRequest(`field label not supported: ${path}`);
  return (object) =>
    (!labels || labels(object.metadata.labels ?? {})) &&
    (fields ?? []).every(
      ({ path, value, equal }) => (text(valueAt(object, path)) === value) === equal,
    );
}

function isSelectable({ descriptor }: ServedKind, path: string): boolean {
  if (path === 'metadata.name') return true;
  if (path === 'metadata.namespace') return descriptor.namespaced;
  return descriptor.selectableFields.includes(path);
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
