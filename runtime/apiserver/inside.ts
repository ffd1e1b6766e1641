import type { KubernetesVersion } from '../../generator/model/index.ts';
import { ApiError, badRequest, type ResourceRef, wrongMethod } from '../meta/index.ts';
import { ANONYMOUS } from './authentication/index.ts';
import { accessOf } from './authorization/index.ts';
import { discoveryAnswer } from './discovery/index.ts';
import {
  type Answer,
  failure,
  jsonAnswer,
  pageNotFound,
  plainText,
  statusAnswer,
} from './http/answer.ts';
import { decodeBody, type Incoming, isText, mediaType } from './http/body.ts';
import { healthAnswer } from './http/health.ts';
import { openIdAnswer } from './http/openid.ts';
import { isPathOf, PROXY, readTarget, resourcePath } from './http/paths.ts';
import { readQuery } from './http/query.ts';
import { proxyVerb, requestOf, verbOf } from './http/requests.ts';
import type { ApiServer } from './server.ts';

/** A request of a program that runs in a pod: by HTTP in all but the wire. */
export interface InsideRequest {
  readonly method: string;
  /** With the query. */
  readonly target: string;
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface InsideOptions {
  readonly server: ApiServer;
  readonly version: KubernetesVersion;
  /** As pods reach the server. */
  readonly serverAddress: string;
}

/** What follows from the state is no input, though no reconcile asked for it. */
const CAUSE = { component: 'apiserver', record: 0 };
const CHECKS = { ping: () => undefined, log: () => undefined, etcd: () => undefined };

/**
 * The answer to a plain request that comes from within the process and has to be answered at once. Left out: watches, tables, protobuf,
 * commands and logs, and writes to a store that answers later.
 */
export function insideAnswer(options: InsideOptions, request: InsideRequest): Answer {
  try {
    return answerTo(options, request);
  } catch (error) {
    if (error instanceof ApiError) return statusAnswer(error);
    if (error instanceof URIError) return plainText(400, '400 Bad Request');
    throw error;
  }
}

function answerTo(options: InsideOptions, asked: InsideRequest): Answer {
  const { server } = options;
  const { headers } = asked;
  const { path, parameters } = readTarget(asked.target);
  const method = asked.method === 'HEAD' ? 'GET' : asked.method;
  const user = userOf(server, headers['authorization']);
  if (!user) return failure(401, 'Unauthorized', 'Unauthorized');
  const named = resourcePath(path);
  const kind = named && server.kindAt(named.group, named.version, named.resource);
  if (!named || !kind) {
    server.authorize(user, { verb: method.toLowerCase(), path });
    return method === 'GET' ? documentAt(options, path, parameters, headers) : pageNotFound();
  }
  if (!isPathOf(kind, named)) return pageNotFound();
  const { group, version, plural: resource } = kind;
  const { namespaced } = kind;
  const ref: ResourceRef = { group, version, resource, kind: kind.kind, namespaced };
  const query = readQuery(parameters);
  if (named.subresource === PROXY) {
    const { namespace, name = '', subresource, rest } = named;
    const verb = proxyVerb(method);
    server.authorize(user, { verb, group, resource, subresource, namespace, name });
    const inner = { method, namespace, name, path: rest === undefined ? '/' : `/${rest}` };
    const answer = server.proxy(ref, { ...inner, parameters: Object.fromEntries(parameters) });
    if (answer === 'to root') return plainText(301, '', { location: `${path}/` });
    const { code, contentType, body } = answer;
    return { code, headers: { 'content-type': contentType }, body };
  }
  const verb = verbOf(method, named);
  if (!verb) throw wrongMethod();
  if (query.watch || named.isWatch) throw badRequest('watches are not answered at once');
  const incoming = { headers, method } as unknown as Incoming;
  const head = {
    ...requestOf({ incoming, method, query, user }, named, { verb, ref }),
    cause: CAUSE,
  };
  server.authorize(user, accessOf(head));
  const response = server.request(bodied(head, asked));
  if (response instanceof Promise) return failure(503, 'ServiceUnavailable', 'the store is busy');
  const { code, object, text } = response;
  return text === undefined ? jsonAnswer(code, object) : plainText(code, text);
}

function userOf(server: ApiServer, header: string | undefined) {
  if (!header) return ANONYMOUS;
  const [, token] = /^Bearer\s+(\S+)\s*$/i.exec(header) ?? [];
  return token === undefined ? undefined : server.authenticator.authenticate(token)?.user;
}

/** Everything that is no resource. */
function documentAt(
  { server, version, serverAddress }: InsideOptions,
  path: string,
  parameters: URLSearchParams,
  { accept }: InsideRequest['headers'],
): Answer {
  const request = { path, accept, ifNoneMatch: undefined, hash: undefined };
  const document = discoveryAnswer(server.schemas, request, { serverAddress, version });
  if (document) return { code: document.status, headers: document.headers, body: document.body };
  const { signer } = server.authenticator.credentials;
  return (
    openIdAnswer(path, signer, serverAddress) ??
    healthAnswer(path, parameters, CHECKS) ??
    pageNotFound()
  );
}

type Request = ReturnType<typeof requestOf>;

function bodied(request: Request, { headers, body }: InsideRequest): Request {
  const { verb, resource } = request;
  if (verb === 'get' || verb === 'list' || body === '') return request;
  const type = mediaType(headers['content-type']);
  if (!isText(type)) return request;
  const { group, version, kind } = resource;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { ...request, ...decodeBody(Buffer.from(body, 'latin1'), type, { apiVersion, kind }) };
}
