import type { KeyObject } from 'node:crypto';
import type { KindDescriptor, SchemaSet } from '../../generator/model/index.ts';
import type { Random } from '../base/index.ts';
import {
  ApiError,
  type ApiRequest,
  type ApiResponse,
  type KubeletAnswer,
  type KubeObject,
  methodNotAllowed,
  notFound,
  type ResourceRef,
  type Status,
  type User,
  wrongMethod,
} from '../meta/index.ts';
import { type Awaitable, andThen, type ForkableStore, MemoryStore } from '../storage/index.ts';
import type { Journal } from '../trace/index.ts';
import {
  type AdmissionOptions,
  admissionPlugins,
  connecting,
  mutate,
  validate,
} from './admission/index.ts';
import { RemoteVersions } from './aggregation/index.ts';
import {
  type Authenticator,
  type Credentials,
  type Headers,
  impersonation,
  seededKey,
  TokenSigner,
} from './authentication/index.ts';
import { type Access, refusal } from './authorization/index.ts';
import { type BootstrapObject, bootstrapObjects } from './bootstrap.ts';
import { followNetwork } from './bootstrap-network.ts';
import type { LogReader, ReadOptions } from './cache/event-log.ts';
import type { IndexFunction } from './cache/resource-cache.ts';
import { type CacheView, through, viewOf } from './conversion/index.ts';
import { Core } from './core.ts';
import { create } from './create.ts';
import { customAnswer, customReader } from './custom/index.ts';
import { remove, removeAll } from './delete.ts';
import { withDeprecation } from './deprecation.ts';
import { answerOf, exchanged, mayAskWebhooks, unlessUnanswered, whenAnswered } from './exchange.ts';
import { classified, type Flow } from './flow/index.ts';
import { about, type ServedKind } from './kind.ts';
import { checkFreshness } from './list-options.ts';
import type { NodeConnection } from './nodes.ts';
import { patch } from './patch.ts';
import { restorePolicy, storePolicy } from './policy.ts';
import { type ProxyRequest, proxied } from './proxying/index.ts';
import { get, list, selected } from './read.ts';
import { review } from './review.ts';
import { type Row, stampRow } from './row.ts';
import type { ComponentHealth, Strategy } from './strategies/strategy.ts';
import { type Connection, connectionOf, SUBRESOURCES } from './subresources/index.ts';
import { replaced, update } from './update.ts';
import { getVirtual, isVirtual, listVirtual } from './virtual.ts';
import { type ServedWatch, shownNow, type WatchOptions, watchKind } from './watch.ts';
import { Watchers } from './watchers.ts';
import { Door, type OutsideCall, type OutsideReply } from './webhooks/index.ts';
import { checkWriteOptions } from './write-options.ts';

export interface ApiServerOptions {
  readonly schemas: SchemaSet;
  readonly journal: Journal;
  readonly random: Random;
  now(): number;
  /** Deep-freezes whatever is stored. */
  readonly freeze?: boolean;
  /** Absent: all admission plugins are on. A fork has its parent's. */
  readonly admission?: AdmissionOptions;
  /** Who may what that no role allows; only members of system:masters when absent. A fork does as its parent. */
  readonly authorization?: AuthorizationMode;
  /** PEM of the authority whose certificates clients may show, which is published where there is one. A fork has its parent's. */
  readonly clientAuthority?: string | undefined;
  /** Signs tokens of service accounts; absent, it derives from the randomness. A fork has its parent's. */
  readonly serviceAccountKey?: KeyObject;
}

/** `RBAC`: what roles allow. `AlwaysAllow`: everything. */
export type AuthorizationMode = 'RBAC' | 'AlwaysAllow';

const SELF = { component: 'apiserver', record: 0 };
const SYSTEM = { name: 'system:apiserver', groups: ['system:masters'] };

/** kube-apiserver, without a transport: requests in, answers out, and watches on what changes. */
export class ApiServer {
  /** A fork has none: its clients are its own. */
  readonly watchers = new Watchers();
  readonly #core: Core;
  readonly #store: ForkableStore<Row>;
  readonly #clientAuthority: string | undefined;
  /** Group versions for which others answer. */
  readonly remote: RemoteVersions;

  constructor(options: ApiServerOptions, from?: ApiServer) {
    const { schemas, journal, random, admission } = options;
    const plugins = from ? from.#core.plugins : admissionPlugins(admission);
    const allowsAll = from
      ? from.#core.authorizer.allowsAll
      : options.authorization === 'AlwaysAllow';
    const trusting = from ? from.#core.trusting : !options.freeze;
    const credentials = from ? from.#core.authenticator.credentials : credentialsOf(options);
    this.#clientAuthority = from ? from.#clientAuthority : options.clientAuthority;
    const stamp = stampRow(options.freeze ?? false);
    this.#store = from ? from.#store.fork() : new MemoryStore<Row>({ stamp });
    this.#core = new Core(
      {
        store: this.#store,
        schemas,
        journal,
        random,
        plugins,
        trusting,
        allowsAll,
        credentials,
        now: () => options.now(),
      },
      from ? from.#core : undefined,
    );
    this.remote = new RemoteVersions(this.#core);
  }

  /** A copy-on-write copy; the journal, clock and randomness are the fork's own. */
  fork(options: Pick<ApiServerOptions, 'journal' | 'random' | 'now'>): ApiServer {
    return new ApiServer({ ...options, schemas: this.#core.builtIn }, this);
  }

  get schemas(): SchemaSet {
    return this.#core.schemas;
  }

  get revision(): number {
    return this.#core.revision;
  }

  /** Forgets what was before `revision`: lists and watches from then have expired. */
  compact(revision: number): void {
    void this.#core.store.compact(revision);
  }

  /** Tells the server whom to ask how the parts of the control plane are, for those who read their statuses. */
  askHealth(source: () => readonly ComponentHealth[]): void {
    this.#core.askHealth(source);
  }

  /** Tells the server how to reach the kubelets. */
  connectNodes(nodes: NodeConnection): void {
    this.#core.nodes = nodes;
  }

  /** Creates what a cluster has from the start. */
  async bootstrap(): Promise<void> {
    for (const object of this.#bootstrapObjects()) {
      const { code, object: answer } = await this.#create(object);
      if (code >= 400) throw new ApiError(answer as unknown as Status);
    }
    await storePolicy(this.#core, SYSTEM, SELF);
  }

  /** Creates again what every cluster has and somebody deleted; where that does not succeed yet, it is for the next time. */
  async restore(): Promise<void> {
    await followNetwork(this.#core, SELF);
    await restorePolicy(this.#core, SYSTEM, SELF);
    for (const object of this.#bootstrapObjects()) {
      const { id, namespace, body } = object;
      const { name } = body.metadata;
      const key = namespace ? `${namespace}/${name}` : name!;
      if (!this.#core.kindById(id)!.cache.row(key)) await this.#create(object);
    }
  }

  /** Of the kinds that this server has. */
  #bootstrapObjects(): readonly BootstrapObject[] {
    const all = bootstrapObjects(this.#core, this.#clientAuthority);
    return all.filter(({ id }) => this.#core.kindById(id) !== undefined);
  }

  async #create({ id, status, ...rest }: BootstrapObject): Promise<ApiResponse> {
    const resource = refOf(this.#core.kindById(id)!.descriptor);
    const own = { resource, user: SYSTEM, cause: SELF };
    const made = await this.request({ verb: 'create', ...own, ...rest });
    if (!status || made.code >= 400) return made;
    const body = { ...made.object, status } as unknown as KubeObject;
    const { name = '' } = body.metadata;
    return this.request({ verb: 'update', ...own, name, subresource: 'status', body });
  }

  /** Says whose a bearer token is. */
  get authenticator(): Authenticator {
    return this.#core.authenticator;
  }

  /** The flow that a request belongs to, by the FlowSchemas; undefined where none is about it. */
  flow(user: User, access: Access): Flow | undefined {
    return classified(this.#core, user, access);
  }

  /** Throws a 403 unless the user may do it. Who lets somebody in calls this before `request`. */
  authorize(user: User, access: Access): void {
    const { allowed, reason } = this.#core.authorizer.decide(user, access);
    if (!allowed) throw refusal(user, access, reason);
  }

  /** The user that a request counts as, by its impersonation headers; throws where `user` may not be taken for him. */
  impersonate(user: User, headers: Headers): User {
    const wanted = impersonation(headers);
    for (const access of wanted?.accesses ?? []) this.authorize(user, access);
    return wanted?.user ?? user;
  }

  /** Answers a request. A refusal is an answer with a Status; anything else that is thrown is a bug. */
  request(request: ApiRequest): Awaitable<ApiResponse> {
    if (mayAskWebhooks(this.#core))
      return exchanged(this.#core, request, (asked) => this.#answer(asked));
    try {
      const answer = this.#answer(request);
      return answer instanceof Promise ? answer.catch(answerOf) : answer;
    } catch (error) {
      return answerOf(error);
    }
  }

  /** Opens the way to webhooks outside of the cluster, for one that is served in real time. */
  openDoor(post: (call: OutsideCall) => Promise<OutsideReply>): void {
    this.#core.door = new Door(post);
  }

  cache(resource: ResourceRef): CacheView {
    return this.#core.isBuiltIn(resource)
      ? viewOf(this.#core.kindOf(resource))
      : customReader(this.#core.custom, resource);
  }

  addIndex(resource: ResourceRef, name: string, values: IndexFunction): void {
    this.cache(resource).addIndex(name, values);
  }

  subscribe(resource: ResourceRef, options: ReadOptions, initial: boolean): LogReader {
    return this.cache(resource).subscribe(options, initial);
  }

  /** The object with its `managedFields`, which are worked out when somebody looks. */
  withManagedFields(resource: ResourceRef, object: KubeObject): KubeObject {
    return shownNow(this.#core.kindOf(resource), object);
  }

  /** An object of any version as its kind's columns take it: in the version in which it is stored. */
  inStorageVersion(resource: ResourceRef, object: KubeObject): KubeObject {
    const { version } = this.#core.kindOf(resource);
    return version ? version.conversion.toStorage(object) : object;
  }

  /** The kind that a path names; undefined where none is served there. */
  kindAt(group: string, version: string, resource: string): KindDescriptor | undefined {
    return this.#core.descriptorAt(group, version, resource);
  }

  /** How many objects of each resource are stored. */
  *counts(): IterableIterator<readonly [string, number]> {
    for (const { id, cache } of this.#core.kinds) yield [id, cache.size];
  }

  /** Passes a request on to whom an object stands for; throws where that cannot be done. */
  proxy(resource: ResourceRef, request: ProxyRequest): KubeletAnswer | 'to root' {
    return proxied(this.#core, this.#core.kindOf(resource), request);
  }

  /** Follows a resource; throws where the request cannot be served. */
  watch(request: ApiRequest, options: WatchOptions, notify: () => void): ServedWatch {
    const kind = this.#core.kindOf(request.resource);
    if (!kind.descriptor.verbs.includes('watch')) throw methodNotAllowed(about(kind), 'watch');
    const open = (news: () => void) =>
      unlessUnanswered(() => watchKind(this.#core, kind, request, options, news));
    return this.watchers.follow(request, open, notify);
  }

  /** What a client wants to be connected with in a pod. Throws a refusal where that cannot be. */
  connection(request: ApiRequest, parameters: URLSearchParams): Connection {
    return connectionOf(this.#core.kindOf(request.resource), request, parameters);
  }

  /** Asks admission about a connection. Throws its refusal. */
  admitConnection(request: ApiRequest, parameters: URLSearchParams): Awaitable<void> {
    const core = this.#core;
    if (!mayAskWebhooks(core)) return;
    const kind = core.kindOf(request.resource);
    const admitted = exchanged(core, request, (asked) => {
      const attributes = connecting(kind, asked, parameters);
      validate({ ...attributes, object: mutate(attributes, core) }, core);
      return { code: 200, object: attributes.object };
    });
    return andThen(admitted, ({ code, object }) => {
      if (code >= 400) throw new ApiError(object as unknown as Status);
    });
  }

  /** The kubelets, as far as the server can ask them. */
  get nodes(): NodeConnection {
    return this.#core.nodes;
  }

  /** Deletes what has outlived its kind's time to live. Work per deleted object. */
  async expire(nowMs: number): Promise<void> {
    for (const kind of this.#core.kinds)
      for (const key of kind.cache.expired(nowMs)) {
        const row = kind.cache.row(key);
        if (row) await this.#core.remove(kind, key, row, { verb: 'delete', cause: SELF });
      }
  }

  #answer(request: ApiRequest): Awaitable<ApiResponse> {
    const kind = this.#core.kindOf(request.resource);
    const answer = kind.version
      ? through(kind, kind.version, request, (asked) => this.#answerOf(kind, asked))
      : this.#answerOf(kind, request);
    const { custom } = kind;
    if (custom)
      return andThen(answer, (done) =>
        whenAnswered(this.#core, () => customAnswer(kind, custom, done)),
      );
    const { deprecated } = (kind.version?.face ?? kind).descriptor;
    return deprecated ? andThen(answer, (done) => withDeprecation(kind, done)) : answer;
  }

  #answerOf(kind: ServedKind, request: ApiRequest): Awaitable<ApiResponse> {
    const core = this.#core;
    if (request.subresource) return subresource(core, kind, request);
    const { verb } = request;
    if (!kind.descriptor.verbs.includes(verb)) throw wrongMethod();
    checkPath(kind, request);
    if (verb !== 'get' && verb !== 'list') checkWriteOptions(request);
    switch (verb) {
      case 'get':
        checkFreshness(request.options, core.revision);
        return isVirtual(kind) ? getVirtual(core, kind, request) : get(kind, request);
      case 'list':
        return isVirtual(kind) ? listVirtual(core, kind, request) : list(core, kind, request);
      case 'create':
        if (kind.strategy.standsFor) return createFor(core, kind.strategy.standsFor, request);
        return kind.strategy.answer ? review(core, kind, request) : create(core, kind, request);
      case 'update':
        return update(core, kind, request);
      case 'patch':
        return patch(core, kind, request, replaced);
      case 'delete':
        return remove(core, kind, request);
      case 'deletecollection':
        return removeAll(core, kind, request, selected(kind, request));
    }
  }
}

function credentialsOf({ random, serviceAccountKey }: ApiServerOptions): Credentials {
  const stream = random.stream('service-account-key');
  const signer = new TokenSigner(() => serviceAccountKey ?? seededKey(stream));
  return { signer, tokens: new Map() };
}

const NAMED = new Set(['get', 'update', 'patch', 'delete']);

/** What is done to one object needs a name, what makes or clears needs the one place to do it in. */
function checkPath(kind: ServedKind, { verb, name, namespace }: ApiRequest): void {
  const isOff = NAMED.has(verb)
    ? !name
    : verb !== 'list' && (!!name || (kind.descriptor.namespaced && !namespace));
  if (isOff) throw wrongMethod();
}

/** POST of a kind that is another's subresource under a path of its own: what it is about is what it is named after. */
function createFor(
  core: Core,
  { resource, subresource: name }: NonNullable<Strategy['standsFor']>,
  request: ApiRequest,
): Awaitable<ApiResponse> {
  const { metadata } = (request.body ?? {}) as Partial<KubeObject>;
  const named = { ...request, name: metadata?.name, subresource: name };
  return subresource(core, core.kindById(resource)!, named);
}

function subresource(core: Core, kind: ServedKind, request: ApiRequest): Awaitable<ApiResponse> {
  const { subresource: name = '', verb } = request;
  const { status, scale, others = {} } = kind.descriptor.subresources;
  const declared = { ...others, ...(status ? { status } : {}), ...(scale ? { scale } : {}) };
  const handler = name in declared ? SUBRESOURCES[name] : undefined;
  if (!handler)
    throw notFound({ ...about(kind, request.name), resource: `${kind.descriptor.plural}/${name}` });
  if (verb !== 'get' && verb !== 'create' && verb !== 'update' && verb !== 'patch')
    throw wrongMethod();
  const answer = handler[verb];
  if (!answer) throw wrongMethod();
  checkWriteOptions(request);
  return answer(core, kind, request);
}

function refOf({ group, version, plural, kind, namespaced }: KindDescriptor): ResourceRef {
  return { group, version, resource: plural, kind, namespaced };
}
