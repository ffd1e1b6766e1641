import type { KindDescriptor } from '../../../../generator/model/index.ts';
import type { ApiRequest, PatchType, RequestOptions, Verb } from '../../../meta/index.ts';
import type { Step } from './cases.ts';

const USER = { name: 'oracle', groups: ['system:masters', 'system:authenticated'] };
const CAUSE = { component: 'oracle', record: 0 };
/** The default field manager: the user agent up to its first slash. */
const DEFAULT_MANAGER = 'oracle';
const VERBS: Readonly<Record<string, readonly [named: Verb, collection: Verb]>> = {
  GET: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};
const PATH =
  /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+)(?:\/([^/]+))?)?$/;
const NAMESPACE_PATH = /^\/(api)\/(v1)\/(namespaces)(?:\/([^/]+)(?:\/(status|finalize))?)?$/;

/** Headers that make an answer other than plain JSON, or a body other than JSON: only a server over HTTP knows them. */
const PLAIN = {
  accept: ['application/json', '*/*'],
  'content-type': ['application/json', 'application/yaml'],
};

/**
 * A recorded HTTP request as an in-process one, without a body that is text; undefined when only HTTP can express it (media
 * types, watches, odd parameters) or when the kind does not exist here.
 */
export function toApiRequest(step: Step, kinds: readonly KindDescriptor[]): ApiRequest | undefined {
  const { method = '', path = '', headers = {}, body } = step;
  const [route = '', query = ''] = path.split('?');
  const target = targetOf(route, kinds);
  const verbs = VERBS[method];
  if (!target || !verbs || isForHttp(method, headers)) return undefined;
  const asked = optionsOf(query, method === 'DELETE' ? body : undefined);
  if (!asked) return undefined;
  const patchType = method === 'PATCH' ? (headers['content-type'] as PatchType) : undefined;
  const isRead = method === 'GET' || method === 'DELETE';
  const isApply = patchType === 'application/apply-patch+yaml';
  const options = isRead || isApply ? asked : { fieldManager: DEFAULT_MANAGER, ...asked };
  return {
    verb: target.name === undefined ? verbs[1] : verbs[0],
    ...target,
    ...(body !== undefined && method !== 'DELETE' ? { body } : {}),
    ...(patchType ? { patchType } : {}),
    options,
    user: USER,
    cause: CAUSE,
  };
}

type Target = Pick<ApiRequest, 'resource' | 'namespace' | 'name' | 'subresource'>;

function targetOf(route: string, kinds: readonly KindDescriptor[]): Target | undefined {
  const own = NAMESPACE_PATH.exec(route);
  const [, group = '', version, namespace, resource, name, subresource] = own
    ? ['', '', own[2], undefined, own[3], own[4], own[5]]
    : (PATH.exec(route) ?? []);
  const kind = kinds.find(
    (each) => each.group === group && each.version === version && each.plural === resource,
  );
  if (!kind || (namespace !== undefined) !== kind.namespaced) {
    const isList = kind && namespace === undefined && name === undefined;
    if (!isList) return undefined;
  }
  const { plural, namespaced } = kind;
  return {
    resource: { group, version: kind.version, resource: plural, kind: kind.kind, namespaced },
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(subresource ? { subresource } : {}),
  };
}

function isForHttp(method: string, headers: NonNullable<Step['headers']>): boolean {
  return Object.entries(headers).some(([name, value]) => {
    if (name.startsWith('impersonate-')) return false;
    if (name === 'content-type' && method === 'PATCH') return !value?.includes('patch+');
    return !(name in PLAIN) || !PLAIN[name as keyof typeof PLAIN].includes(value ?? '');
  });
}

const READERS: Readonly<Record<string, (value: string) => RequestOptions | undefined>> = {
  fieldManager: (fieldManager) => ({ fieldManager }),
  fieldValidation: (value) =>
    ['Ignore', 'Warn', 'Strict'].includes(value)
      ? { fieldValidation: value as 'Strict' }
      : undefined,
  force: (value) => (/^(true|false)$/.test(value) ? { force: value === 'true' } : undefined),
  dryRun: (value) => (value === 'All' ? { dryRun: true } : undefined),
  labelSelector: (labelSelector) => ({ labelSelector }),
  fieldSelector: (fieldSelector) => ({ fieldSelector }),
  limit: (value) => (/^\d+$/.test(value) ? { limit: Number(value) } : undefined),
  continue: (value) => ({ continue: value }),
  resourceVersion: (resourceVersion) => ({ resourceVersion }),
  resourceVersionMatch: (value) =>
    ['NotOlderThan', 'Exact'].includes(value)
      ? { resourceVersionMatch: value as 'Exact' }
      : undefined,
  propagationPolicy: (value) =>
    ['Orphan', 'Background', 'Foreground'].includes(value)
      ? { propagationPolicy: value as 'Orphan' }
      : undefined,
  gracePeriodSeconds: (value) =>
    /^\d+$/.test(value) ? { gracePeriodSeconds: Number(value) } : undefined,
  pretty: () => ({}),
};

/** From the query, and for deletions from the DeleteOptions in the body; undefined when something cannot be said. */
function optionsOf(query: string, deleteOptions: unknown): RequestOptions | undefined {
  const pairs = [...new URLSearchParams(query)];
  const {
    apiVersion: _,
    kind = 'DeleteOptions',
    preconditions,
    ...rest
  } = (deleteOptions ?? {}) as Record<string, unknown>;
  if (kind !== 'DeleteOptions') return undefined;
  for (const [name, value] of Object.entries(rest))
    pairs.push([name, Array.isArray(value) ? value.join() : String(value)]);
  let options: RequestOptions = preconditions ? { preconditions } : {};
  for (const [name, value] of pairs) {
    const read = READERS[name]?.(value);
    if (!read) return undefined;
    options = { ...options, ...read };
  }
  return options;
}
