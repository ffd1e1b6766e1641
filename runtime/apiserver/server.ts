import type { KindDescriptor, SchemaSet } from '../../generator/model/index.ts';
import type { Random } from '../base/index.ts';
import {
  ApiError,
  type ApiRequest,
  type ApiResponse,
  badRequest,
  formatTime,
  type KubeObject,
  keyOf,
  managedFields,
  methodNotAllowed,
  notFound,
  type ResourceRef,
  type Status,
} from '../meta/index.ts';
import { type Awaitable, type ForkableStore, MemoryStore } from '../storage/index.ts';
import type { Journal } from '../trace/index.ts';
import { type AdmissionOptions, admissionPlugins } from './admission/index.ts';
import { bootstrapObjects } from './bootstrap.ts';
import type { LogReader, ReadOptions } from './cache/event-log.ts';
import type { IndexFunction, ResourceCache } from './cache/resource-cache.ts';
import { Core } from './core.ts';
import { create } from './create.ts';
import { remove, removeAll } from './delete.ts';
import { about, type ServedKind } from './kind.ts';
import { patch } from './patch.ts';
import { get, list, selected } from './read.ts';
import { type Row, stampRow } from './row.ts';
import { SUBRESOURCES } from './subresources/index.ts';
import { replaced, update } from './update.ts';

export interface ApiServerOptions {
  readonly schemas: SchemaSet;
  readonly journal: Journal;
  readonly random: Random;
  now(): number;
  /** Deep-freezes whatever is stored. */
  readonly freeze?: boolean;
  /** Absent: all admission plugins are on. A fork has its parent's. */
  readonly admission?: AdmissionOptions;
}

const SELF = { component: 'apiserver', record: 0 };
const SYSTEM = { name: 'system:apiserver', groups: ['system:masters'] };

/** kube-apiserver, without a transport: requests in, answers out, and watches on what changes. */
export class ApiServer {
  readonly #core: Core;
  readonly #store: ForkableStore<Row>;

  constructor(options: ApiServerOptions, from?: ApiServer) {
    const { schemas, journal, random, admission } = options;
    const plugins = from ? from.#core.plugins : admissionPlugins(admission);
    const trusting = from ? from.#core.trusting : !options.freeze;
    const stamp = stampRow(options.freeze ?? false);
    this.#store = from ? from.#store.fork() : new MemoryStore<Row>({ stamp });
    this.#core = new Core(
      { store: this.#store, schemas, journal, random, plugins, trusting, now: () => options.now() },
      from ? from.#core : undefined,
    );
  }

  /** A copy-on-write copy; the journal, clock and randomness are the fork's own. */
  fork(options: Omit<ApiServerOptions, 'schemas' | 'freeze' | 'admission'>): ApiServer {
    return new ApiServer({ ...options, schemas: this.schemas }, this);
  }

  get schemas(): SchemaSet {
    return this.#core.schemas;
  }

  get revision(): number {
    return this.#core.revision;
  }

  /** Creates what a cluster has from the start. */
  async bootstrap(): Promise<void> {
    for (const { id, ...rest } of bootstrapObjects({
      first: (resource) => this.#core.first(resource),
    })) {
      const resource = refOf(this.#core.kindById(id)!.descriptor);
      const answer = await this.request({
        verb: 'create',
        resource,
        user: SYSTEM,
        cause: SELF,
        ...rest,
      });
      if (answer.code >= 400) throw new ApiError(answer.object as unknown as Status);
    }
  }

  /** Answers a request. A refusal is an answer with a Status; anything else that is thrown is a bug. */
  request(request: ApiRequest): Awaitable<ApiResponse> {
    try {
      const answer = this.#answer(request);
      return answer instanceof Promise ? answer.catch(refusal) : answer;
    } catch (error) {
      return refusal(error);
    }
  }

  cache(resource: ResourceRef): ResourceCache {
    return this.#core.kindOf(resource).cache;
  }

  addIndex(resource: ResourceRef, name: string, values: IndexFunction): void {
    this.cache(resource).addIndex(name, values);
  }

  subscribe(resource: ResourceRef, options: ReadOptions, initial: boolean): LogReader {
    return this.cache(resource).subscribe(options, initial);
  }

  /** The object with its `managedFields`, which are worked out when somebody looks. */
  withManagedFields(resource: ResourceRef, object: KubeObject): KubeObject {
    const kind = this.#core.kindOf(resource);
    const row = kind.cache.row(keyOf(object));
    if (!row || row.object !== object) return object;
    const fields = managedFields(row.ownership, kind.ownershipSchema, formatTime);
    return { ...object, metadata: { ...object.metadata, managedFields: fields } };
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
    const core = this.#core;
    const kind = core.kindOf(request.resource);
    if (request.subresource) return subresource(core, kind, request);
    const { verb } = request;
    if (!kind.descriptor.verbs.includes(verb)) throw methodNotAllowed(about(kind), verb);
    if (NAMED.has(verb) && !request.name) throw badRequest('name must be provided');
    switch (verb) {
      case 'get':
        return get(kind, request);
      case 'list':
        return list(core, kind, request);
      case 'create':
        return create(core, kind, request);
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

/** A refusal is an answer. */
function refusal(error: unknown): ApiResponse {
  if (!(error instanceof ApiError)) throw error;
  return { code: error.code, object: error.status as unknown as KubeObject };
}

const NAMED = new Set(['get', 'update', 'patch', 'delete']);

function subresource(core: Core, kind: ServedKind, request: ApiRequest): Awaitable<ApiResponse> {
  const { subresource: name = '', verb } = request;
  const { status, scale, others = {} } = kind.descriptor.subresources;
  const declared = { ...others, ...(status ? { status } : {}), ...(scale ? { scale } : {}) };
  const handler = name in declared ? SUBRESOURCES[name] : undefined;
  if (!handler)
    throw notFound({ ...about(kind, request.name), resource: `${kind.descriptor.plural}/${name}` });
  if (verb !== 'get' && verb !== 'create' && verb !== 'update' && verb !== 'patch')
    throw methodNotAllowed(about(kind), verb);
  const answer = handler[verb];
  if (!answer) throw methodNotAllowed(about(kind), verb);
  return answer(core, kind, request);
}

function refOf({ group, version, plural, kind, namespaced }: KindDescriptor): ResourceRef {
  return { group, version, resource: plural, kind, namespaced };
}
