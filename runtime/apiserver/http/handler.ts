import type { KindDescriptor, KubernetesVersion } from '../../../generator/model/index.ts';
import { afterWall } from '../../base/index.ts';
import {
  ApiError,
  type ApiRequest,
  type ApiResponse,
  badRequest,
  type KubeObject,
  type ResourceRef,
  type User,
  wrongMethod,
} from '../../meta/index.ts';
import type { RemoteVersion } from '../aggregation/index.ts';
import { accessOf } from '../authorization/index.ts';
import { discoveryAnswer } from '../discovery/index.ts';
import type { DocumentAnswer } from '../documents.ts';
import { openApiAnswer } from '../openapi/index.ts';
import type { ApiServer } from '../server.ts';
import { SUBRESOURCES } from '../subresources/index.ts';
import { admit } from './admittance.ts';
import {
  type Answer,
  failure,
  type Outgoing,
  pageNotFound,
  plainText,
  retryHeaders,
  send,
  statusAnswer,
  warningHeaders,
} from './answer.ts';
import { authenticate } from './authenticate.ts';
import { ClientGone, type Incoming, readBody } from './body.ts';
import type { HealthChecks } from './checks.ts';
import { encode, encodeEvent } from './encoding.ts';
import { followLog } from './following.ts';
import {
  type Form,
  formOf,
  isList,
  metadataList,
  metadataOf,
  OFFERED,
  STREAMED,
  tableOf,
  withPlainItems,
} from './form.ts';
import { healthAnswer } from './health.ts';
import { healthMetrics, RequestCounter } from './metrics.ts';
import { openIdAnswer } from './openid.ts';
import {
  isPathOf,
  PROXY,
  type ResourcePath,
  readTarget,
  resourcePath,
  type Target,
} from './paths.ts';
import { protobuf } from './protobuf/index.ts';
import { type Query, readQuery } from './query.ts';
import { HTTP, proxyVerb, requestOf, verbOf, withBody } from './requests.ts';
import { rootPaths } from './root-paths.ts';
import { WatchStream } from './streaming.ts';
import { isDoor } from './streams/index.ts';

export interface HandlerOptions {
  readonly server: ApiServer;
  readonly version: KubernetesVersion;
  /** `127.0.0.1:6443`, as clients reach the server. */
  serverAddress(): string;
  now(): number;
  /** Brings the cluster's time up to the wall's, before a request is served. */
  sync?(): void;
  /** Somebody is about to change something. */
  beforeWrite?(): void;
  readonly checks?: HealthChecks;
  /** Told of what is a bug and not an answer. */
  onFailure(error: unknown): void;
}

/** One request, as far as it has been understood. */
interface Context {
  readonly incoming: Incoming;
  readonly outgoing: Outgoing;
  readonly method: string;
  readonly path: string;
  readonly query: Query;
  readonly user: User;
}

/** Watches end after this long, and up to as long again, unless their client says how long it wants. */
const WATCH_SECONDS = 1800;

/** Turns HTTP requests into requests of the API server, and what it says into answers. */
export class HttpHandler {
  readonly #options: HandlerOptions;
  readonly #counter = new RequestCounter();
  readonly #streams = new Set<WatchStream>();

  constructor(options: HandlerOptions) {
    this.#options = options;
  }

  /** Ends every watch. */
  close(): void {
    for (const stream of this.#streams) stream.end(true);
  }

  async handle(incoming: Incoming, outgoing: Outgoing): Promise<void> {
    let answer: Answer | undefined;
    try {
      answer = await this.#answer(incoming, outgoing);
    } catch (error) {
      answer = this.#refusal(error, incoming);
    }
    if (!answer) return;
    const acceptsGzip = /\bgzip\b/.test(String(incoming.headers['accept-encoding'] ?? ''));
    send(outgoing, answer, { acceptsGzip, isHead: incoming.method === 'HEAD' });
    // What was not read of the body must not be waited for.
    if (!incoming.readableEnded) incoming.resume();
  }

  #refusal(error: unknown, { destroyed, headers }: Incoming): Answer | undefined {
    if (error instanceof ApiError) return refused(error, headers.accept);
    if (error instanceof RangeError)
      return refused(badRequest('the value is too deep'), headers.accept);
    if (error instanceof URIError) return plainText(400, '400 Bad Request');
    // Whoever went in the middle of a request is told nothing, and it is nobody's fault.
    if (destroyed || error instanceof ClientGone) return undefined;
    this.#options.onFailure(error);
    return failure(500, 'InternalError', 'Internal error occurred: see the log of the server');
  }

  async #answer(incoming: Incoming, outgoing: Outgoing): Promise<Answer | undefined> {
    const { path, parameters } = readTarget(incoming.url ?? '/');
    const method = incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? 'GET');
    const { server } = this.#options;
    this.#options.sync?.();
    const authenticated = authenticate(server, incoming);
    if (!authenticated) return failure(401, 'Unauthorized', 'Unauthorized');
    const user = server.impersonate(authenticated, incoming.headers);
    const named = resourcePath(path);
    const remote = server.remote.at(path);
    const asked = { method, path, user, parameters };
    if (remote) return this.#handOn(remote, asked, named, outgoing);
    const resource = named && this.#kindOf(named);
    if (!named || !resource) return this.#path(incoming, asked, outgoing);
    const query = readQuery(parameters);
    const context = { incoming, outgoing, method, path, query, user };
    return this.#resource(context, named, resource);
  }

  /** Everything that is no resource: health, version, discovery, documents. */
  #path(
    incoming: Incoming,
    { method, path, user, parameters }: Target & { method: string; user: User },
    outgoing: Outgoing,
  ): Answer {
    const { server, version, serverAddress, checks = {} } = this.#options;
    admit(server, outgoing, user, { verb: method.toLowerCase(), path });
    const { accept, 'if-none-match': ifNoneMatch } = incoming.headers;
    const hash = parameters.get('hash') ?? undefined;
    const request = { path, accept, ifNoneMatch, hash };
    const document =
      discoveryAnswer(server.schemas, request, {
        serverAddress: serverAddress(),
        version,
        remote: server.remote,
      }) ?? openApiAnswer(server.schemas, request, { version });
    if (document && method === 'GET') return fromDocument(document);
    const { signer } = server.authenticator.credentials;
    const openId = method === 'GET' && openIdAnswer(path, signer, serverAddress());
    if (openId) return openId;
    const health = healthAnswer(path, parameters, checks);
    if (health && method === 'GET') return health;
    if (path === '/metrics') return this.#metrics();
    if (path === '/metrics/slis') return metricsAnswer(healthMetrics(checks));
    if (path === '/') return rootPaths(server);
    return pageNotFound();
  }

  /** What others answer for goes on to them, once it is clear that the user may ask. */
  #handOn(
    remote: RemoteVersion,
    { method, path, user, parameters }: Target & { method: string; user: User },
    named: ResourcePath | undefined,
    outgoing: Outgoing,
  ): Answer {
    const { server } = this.#options;
    admit(
      server,
      outgoing,
      user,
      named
        ? { ...named, verb: named.isWatch ? 'watch' : (verbOf(method, named) ?? '') }
        : { verb: method.toLowerCase(), path },
    );
    const asked = { method, path, parameters: Object.fromEntries(parameters) };
    const { code, contentType, body } = server.remote.ask(remote, asked);
    return { code, headers: { 'content-type': contentType }, body };
  }

  #metrics(): Answer {
    const { server, version, checks = {} } = this.#options;
    return metricsAnswer(this.#counter.text(server.counts(), version, checks));
  }

  #kindOf({ group, version, resource }: ResourcePath): KindDescriptor | undefined {
    return this.#options.server.kindAt(group, version, resource);
  }

  async #resource(
    context: Context,
    named: ResourcePath,
    descriptor: KindDescriptor,
  ): Promise<Answer | undefined> {
    const { server } = this.#options;
    const { user, query, method, incoming } = context;
    const { group, version, plural: resource, kind, namespaced } = descriptor;
    if (!isPathOf(descriptor, named)) return pageNotFound();
    const ref = { group, version, resource, kind, namespaced } as ResourceRef;
    if (named.subresource === PROXY) return this.#proxy(context, named, ref);
    const verb = verbOf(method, named);
    if (!verb || incoming.method === 'HEAD') throw wrongMethod();
    const isWatch =
      verb === 'list' ? query.watch || named.isWatch : verb === 'get' && named.isWatch;
    const request = requestOf(context, named, { verb: isWatch ? 'list' : verb, ref });
    const access = accessOf(isWatch ? { ...request, name: named.name } : request);
    admit(server, context.outgoing, user, isWatch ? { ...access, verb: 'watch' } : access);
    const speaksProtobuf = protobuf().speaks({ apiVersion: apiVersionOf(descriptor), kind });
    const hasTable = descriptor.verbs.includes('get');
    const form = formOf(incoming.headers.accept, { speaksProtobuf, hasTable });
    if (!form || (isWatch && form.encoding === 'yaml'))
      return failure(
        406,
        'NotAcceptable',
        `only the following media types are accepted: ${(isWatch ? STREAMED : OFFERED).join(', ')}`,
      );
    if (isWatch) return this.#watch(context, request, descriptor, form);
    if (named.subresource === 'log' && verb === 'get') return this.#log(context, request);
    // What is connected with has no body, only parameters.
    const full = isDoor(named.subresource) ? request : await withBody(request, incoming);
    if (method !== 'GET') this.#options.beforeWrite?.();
    const response = await server.request(full);
    const isDryRun = request.options?.dryRun !== undefined;
    this.#counter.count({ ...named, verb, isDryRun, code: response.code });
    if (response.tookMs) await waited(response.tookMs);
    return this.#present(response, { request: full, descriptor, form, query });
  }

  async #log(
    { outgoing, query: { parameters } }: Context,
    request: ApiRequest,
  ): Promise<Answer | undefined> {
    const { server } = this.#options;
    const asked = { ...request, parameters: Object.fromEntries(parameters) };
    const first = await server.request(asked);
    if (first.code >= 400) return statusAnswer({ code: first.code, status: first.object as never });
    if (parameters.get('follow') !== 'true') return plainText(200, first.text ?? '');
    const all = { ...asked, parameters: { ...asked.parameters, tailLines: '', limitBytes: '' } };
    followLog(outgoing, first, async () => {
      this.#options.sync?.();
      return server.request(all);
    });
    return undefined;
  }

  /** Whatever is asked of a proxy goes on to whom it stands for, and the answer back as it is. */
  async #proxy(
    { incoming, method, path, user, query, outgoing }: Context,
    { namespace, name = '', subresource, rest }: ResourcePath,
    ref: ResourceRef,
  ): Promise<Answer> {
    const { server } = this.#options;
    const { group, resource } = ref;
    const verb = proxyVerb(method);
    admit(server, outgoing, user, { verb, group, resource, subresource, namespace, name });
    const options = new URLSearchParams(rest === undefined ? {} : { path: `/${rest}` });
    const connection = { resource: ref, namespace, name, subresource, user };
    await server.admitConnection({ verb: 'create', ...connection, cause: HTTP }, options);
    const answer = server.proxy(ref, {
      method: incoming.method ?? method,
      namespace,
      name,
      path: rest === undefined ? undefined : `/${rest}`,
      parameters: Object.fromEntries(query.parameters),
      body: verb === 'get' ? '' : (await readBody(incoming)).toString('utf8'),
      prefix: rest === undefined ? path : path.slice(0, -rest.length - 1),
    });
    const answered = answer === 'to root' ? 301 : answer.code;
    this.#counter.count({ ...ref, subresource, namespace, name, verb, code: answered });
    if (answer === 'to root') return plainText(301, '', { location: `${path}/` });
    const { code, contentType, body } = answer;
    return { code, headers: { 'content-type': contentType }, body };
  }

  #present(
    { code, object, warnings }: ApiResponse,
    about: { request: ApiRequest; descriptor: KindDescriptor; form: Form; query: Query },
  ): Answer {
    const headers = { ...warningHeaders(warnings), ...retryHeaders(object) };
    const { form } = about;
    const shaped = code >= 400 ? object : this.#shaped(object, about);
    return {
      code,
      headers: { 'content-type': form.contentType, ...headers },
      body: encode(shaped, form, about.query.pretty),
    };
  }

  /** The object or list as the client wants to see it. */
  #shaped(
    object: KubeObject,
    {
      request,
      descriptor,
      form,
      query,
    }: { request: ApiRequest; descriptor: KindDescriptor; form: Form; query: Query },
  ): object {
    const { server, now } = this.#options;
    if (object.kind === 'Status') return object;
    const shown = isList(object)
      ? {
          ...(object as object),
          items: object.items.map((item) =>
            server.withManagedFields(request.resource, item as KubeObject),
          ),
        }
      : server.withManagedFields(request.resource, object);
    if (form.as === 'object')
      return isList(shown) && form.encoding !== 'protobuf' ? withPlainItems(shown) : shown;
    if (form.as === 'metadata')
      return isList(shown) ? metadataList(shown) : metadataOf(shown as KubeObject);
    const { columns } = SUBRESOURCES[request.subresource ?? ''] ?? {};
    const printed = columns ? { ...descriptor, printerColumns: columns } : descriptor;
    return tableOf(printed, shown as KubeObject, {
      nowMs: now(),
      includeObject: query.includeObject,
    });
  }

  #watch(context: Context, request: ApiRequest, descriptor: KindDescriptor, form: Form): undefined {
    const { server, now } = this.#options;
    const { outgoing, query } = context;
    const timeoutMs = (query.timeoutSeconds || WATCH_SECONDS) * 1000;
    let isFollowing = false;
    const stream: WatchStream = new WatchStream(
      outgoing,
      {
        contentType:
          form.encoding === 'json' ? form.contentType : `${form.contentType};stream=watch`,
        timeoutMs,
        sendsBookmarks: query.watching.allowBookmarks ?? false,
        frame: ({ type, object }) => {
          if (type === 'ERROR' || form.as === 'object') return encodeEvent(type, object, form);
          if (form.as === 'metadata') return encodeEvent(type, metadataOf(object), form);
          const options = { nowMs: now(), includeObject: query.includeObject, isFollowing };
          const table = tableOf(descriptor, object, options);
          isFollowing = true;
          const shown = type === 'BOOKMARK' ? bookmarkTable(table, object) : table;
          return encodeEvent(type, shown, form);
        },
      },
      (notify) => server.watch(request, query.watching, notify),
    );
    this.#streams.add(stream);
    outgoing.on('close', () => this.#streams.delete(stream));
    const { namespace, name } = request;
    this.#counter.count({ ...request.resource, namespace, name, verb: 'watch', code: 200 });
    return undefined;
  }
}

const metricsAnswer = (text: string): Answer =>
  plainText(200, text, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });

/** A bookmark has no row to show but the object that says how far it is. */
const bookmarkTable = (table: object, object: KubeObject): object => ({
  ...table,
  rows: [{ cells: [], object }],
});

/** An error in the form that the client wants, where there is one. */
function refused(error: ApiError, accept: string | undefined): Answer {
  const form = formOf(accept);
  if (!form) return statusAnswer(error);
  return {
    code: error.code,
    headers: { 'content-type': form.contentType, ...retryHeaders(error.status) },
    body: encode(error.status, form),
  };
}

function apiVersionOf({ group, version }: KindDescriptor): string {
  return group === '' ? version : `${group}/${version}`;
}

function fromDocument({ status, headers, body }: DocumentAnswer): Answer {
  return { code: status, headers, body };
}

/** The client waits for as long as webhooks have taken, in the world where it is. */
const waited = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    afterWall(ms, resolve);
  });
