import type {
  ApiRequest,
  ApiResponse,
  KubeObject,
  RequestOptions,
  ResourceRef,
  Verb,
} from '../../meta/index.ts';
import { resourceId } from '../../meta/index.ts';
import type {
  IndexFunction,
  Lister,
  SubscribeOptions,
  Subscription,
  Transport,
} from '../transport.ts';
import { Connection, type HttpAccess, statusOf } from './connection.ts';
import { pathOf } from './paths.ts';
import { Reflector } from './reflector.ts';

export interface HttpTransportOptions {
  /** A list or watch broke; it is tried again. */
  onFailure?(error: unknown): void;
}

const METHODS: Readonly<Record<Verb, string>> = {
  get: 'GET',
  list: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

/**
 * A client's way to an API server over HTTP. The server sees the user of the access, whoever a request says it is from. A
 * resource is followed from the first time that somebody wants to read it; `synced` waits until its lister holds everything.
 */
export class HttpTransport implements Transport {
  readonly #connection: Connection;
  readonly #reflectors = new Map<string, Reflector>();
  readonly #onFailure: (error: unknown) => void;

  constructor(access: HttpAccess, { onFailure = () => {} }: HttpTransportOptions = {}) {
    this.#connection = new Connection(access);
    this.#onFailure = onFailure;
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const { verb, resource, options = {}, parameters = {}, body, patchType } = request;
    const { preconditions, ...asked } = options;
    const path = pathOf(resource, request, { ...queryOf(asked), ...parameters });
    const { code, text, json, warnings } = await this.#connection.ask({
      method: METHODS[verb],
      path,
      body: preconditions
        ? { apiVersion: 'v1', kind: 'DeleteOptions', preconditions }
        : (body ?? undefined),
      ...(patchType ? { contentType: patchType } : {}),
    });
    const said = warnings.length > 0 ? { warnings } : {};
    if (code >= 400) {
      const object = statusOf(code, json) as unknown as KubeObject;
      return { code, object, ...said };
    }
    if (typeof json === 'object' && json !== null)
      return { code, object: json as KubeObject, ...said };
    return { code, object: statusOf(code, json) as unknown as KubeObject, text, ...said };
  }

  /** What is not of a resource: `/version`. Undefined where the answer is no JSON or an error. */
  async read(path: string): Promise<unknown> {
    const { code, json } = await this.#connection.ask({ method: 'GET', path });
    return code < 400 ? json : undefined;
  }

  /** Throws an `ApiError` when the server has refused to list the resource. */
  lister<T>(resource: ResourceRef<T>): Lister<T> {
    const reflector = this.#reflector(resource);
    if (reflector.refusal) throw reflector.refusal;
    return reflector.cache as unknown as Lister<T>;
  }

  addIndex<T>(resource: ResourceRef<T>, name: string, index: IndexFunction<T>): void {
    this.#reflector(resource).cache.addIndex(name, index as unknown as IndexFunction<KubeObject>);
  }

  subscribe<T>(resource: ResourceRef<T>, options: SubscribeOptions<T>): Subscription<T> {
    return this.#reflector(resource).subscribe(
      options as unknown as SubscribeOptions<KubeObject>,
    ) as unknown as Subscription<T>;
  }

  /**
   * Resolves when the listers of these hold what the server has, or it has refused. Rejects when the server cannot be
   * reached; whoever waits no longer may try again, as the transport does.
   */
  async synced(resources: readonly ResourceRef[]): Promise<void> {
    await Promise.all(resources.map((each) => this.#reflector(each).ready));
  }

  close(): void {
    for (const reflector of this.#reflectors.values()) reflector.close();
    this.#connection.close();
  }

  #reflector<T>(resource: ResourceRef<T>): Reflector {
    const id = `${resourceId(resource)} ${resource.version}`;
    const known = this.#reflectors.get(id);
    if (known) return known;
    const reflector = new Reflector(this.#connection, untyped(resource), this.#onFailure);
    this.#reflectors.set(id, reflector);
    return reflector;
  }
}

/** Which type the objects have is forgotten where all resources are treated alike. */
const untyped = <T>(resource: ResourceRef<T>): ResourceRef => resource as unknown as ResourceRef;

function queryOf(options: Omit<RequestOptions, 'preconditions'>): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === false) continue;
    query[name] = name === 'dryRun' ? 'All' : String(value);
  }
  return query;
}
