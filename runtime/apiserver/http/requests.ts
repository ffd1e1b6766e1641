import {
  ApiError,
  type ApiRequest,
  type PatchType,
  type RequestOptions,
  type ResourceRef,
  type User,
  unknownError,
} from '../../meta/index.ts';
import { decodeBody, type Incoming, isText, mediaType, readBody } from './body.ts';
import { deleteOptions } from './delete-options.ts';
import type { ResourcePath } from './paths.ts';
import type { Query } from './query.ts';

/** Who and what a request is about, as far as its head says. */
export interface Head {
  readonly incoming: Incoming;
  readonly method: string;
  readonly query: Query;
  readonly user: User;
}

type Verb = ApiRequest['verb'];

export const HTTP = { component: 'http', record: 0 };
const APPLY = 'application/apply-patch+yaml';
/** As long as a `fieldManager` may be. */
const MANAGER_LENGTH_MAX = 128;

/** What a method does to what a path names; undefined where it can do nothing. */
export function verbOf(method: string, { name, subresource }: ResourcePath): Verb | undefined {
  switch (method) {
    case 'GET':
      return name ? 'get' : 'list';
    case 'POST':
      return name && !subresource ? undefined : 'create';
    case 'PUT':
      return name ? 'update' : undefined;
    case 'PATCH':
      return name ? 'patch' : undefined;
    case 'DELETE':
      return name ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}

/** What a method is called where it is passed on, for those who say who may do it. */
export function proxyVerb(method: string): string {
  return PROXY_VERBS[method] ?? '';
}

const PROXY_VERBS: Readonly<Record<string, string>> = {
  DELETE: 'delete',
  GET: 'get',
  HEAD: 'get',
  PATCH: 'patch',
  POST: 'create',
  PUT: 'update',
};

/** The request of the API server that path, query and headers make; without its body. */
export function requestOf(
  { query, user, incoming, method }: Head,
  { namespace, name, subresource }: ResourcePath,
  { verb, ref }: { readonly verb: Verb; readonly ref: ResourceRef },
): ApiRequest {
  const patchType =
    verb === 'patch' ? (mediaType(incoming.headers['content-type']) as PatchType) : undefined;
  const isWrite = method !== 'GET' && method !== 'DELETE';
  // Who applies must say under which name; anybody else is known by the program that he uses.
  const manager = isWrite && patchType !== APPLY ? managerOf(incoming) : {};
  const one = name && verb === 'list' ? { fieldSelector: `metadata.name=${name}` } : {};
  return {
    verb,
    resource: ref,
    namespace,
    ...(verb === 'list' ? {} : { name }),
    subresource,
    options: { ...manager, ...query.options, ...one },
    user,
    cause: HTTP,
    ...(patchType ? { patchType } : {}),
  };
}

function managerOf({ headers }: Incoming): Pick<RequestOptions, 'fieldManager'> {
  const [agent = ''] = (headers['user-agent'] ?? '').split('/');
  return agent ? { fieldManager: agent.slice(0, MANAGER_LENGTH_MAX) } : {};
}

/** The request with what its body says: an object, a patch, or options of a deletion. */
export async function withBody(request: ApiRequest, incoming: Incoming): Promise<ApiRequest> {
  const { verb } = request;
  if (verb === 'get' || verb === 'list') return request;
  const bytes = await readBody(incoming);
  const type = mediaType(incoming.headers['content-type']);
  // A patch in another form is refused by whoever knows the forms of patches.
  if (verb === 'patch' && !isText(type)) return request;
  const { kind, group, version } = request.resource;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  if (verb !== 'delete' && verb !== 'deletecollection')
    return { ...request, ...decodeBody(bytes, type, { apiVersion, kind }) };
  if (bytes.length === 0) return request;
  const options = decodedOptions(bytes, type);
  return { ...request, options: { ...request.options, ...deleteOptions(options) } };
}

/** What is no DeleteOptions is none of the API's errors upstream. */
function decodedOptions(bytes: Buffer, type: string): unknown {
  try {
    return decodeBody(bytes, type, { apiVersion: 'v1', kind: 'DeleteOptions' }).body;
  } catch (error) {
    if (error instanceof ApiError && error.code === 400) throw unknownError(error.message);
    throw error;
  }
}
