import { limits } from '../base/index.ts';
import {
  ApiError,
  type ApiRequest,
  type ApiResponse,
  type Cause,
  isConflict,
  type KubeObject,
  type PatchType,
  type RequestOptions,
  type ResourceRef,
  type Status,
  type User,
} from '../meta/index.ts';
import type { Client, Init, Target } from './client.ts';
import type { Transport } from './transport.ts';

export interface ClientIdentity {
  readonly user: User;
  readonly cause: Cause;
  /** Name under which changes are owned; the user's name when absent. */
  readonly fieldManager?: string;
}

type Body = KubeObject & Record<string, unknown>;
type WriteOptions = RequestOptions & { readonly vouched?: boolean };

/** The options of a write whose body the caller vouches for: see `ApiRequest.vouched`. */
export const VOUCHED: { readonly vouched: true } = { vouched: true };

/** A `Client` over any transport. */
export function createClient(transport: Transport, identity: ClientIdentity): Client {
  return new ApiClient(transport, identity);
}

class ApiClient implements Client {
  readonly #transport: Transport;
  readonly #identity: ClientIdentity;
  readonly #manager: RequestOptions | undefined;

  constructor(transport: Transport, identity: ClientIdentity) {
    this.#transport = transport;
    this.#identity = identity;
    const { fieldManager } = identity;
    this.#manager = fieldManager === undefined ? undefined : { fieldManager };
  }

  get<T>(resource: ResourceRef<T>, name: string, namespace?: string): Promise<T> {
    return this.#send(resource, { verb: 'get', name, namespace });
  }

  async list<T>(
    resource: ResourceRef<T>,
    { namespace, ...options }: Parameters<Client['list']>[1] = {},
  ): Promise<{ items: readonly T[]; resourceVersion: string; continue?: string }> {
    const list = await this.#send<Body>(resource, { verb: 'list', namespace, options });
    const metadata = list.metadata as { resourceVersion?: string; continue?: string };
    return {
      items: list['items'] as T[],
      resourceVersion: metadata.resourceVersion ?? '',
      ...(metadata.continue ? { continue: metadata.continue } : {}),
    };
  }

  create<T>(resource: ResourceRef<T>, object: Init<T>, options?: WriteOptions): Promise<T> {
    const { namespace } = metadataOf(object);
    const body = typed(resource, object as Partial<Body>);
    return this.#send(resource, { verb: 'create', namespace, body, options, isWrite: true });
  }

  update<T>(resource: ResourceRef<T>, object: T, options?: WriteOptions): Promise<T> {
    return this.#update(resource, object, undefined, options);
  }

  updateStatus<T>(resource: ResourceRef<T>, object: T, options?: WriteOptions): Promise<T> {
    return this.#update(resource, object, 'status', options);
  }

  updateSubresource<T>(
    resource: ResourceRef<T>,
    object: T,
    subresource: string,
    options?: WriteOptions,
  ): Promise<T> {
    return this.#update(resource, object, subresource, options);
  }

  patch<T>(
    resource: ResourceRef<T>,
    { name, namespace }: Target,
    body: unknown,
    options: WriteOptions & { type?: PatchType; subresource?: string } = {},
  ): Promise<T> {
    const {
      type: patchType = 'application/strategic-merge-patch+json',
      subresource,
      ...rest
    } = options;
    return this.#send(resource, {
      verb: 'patch',
      name,
      namespace,
      subresource,
      patchType,
      body,
      options: rest,
      isWrite: true,
    });
  }

  apply<T>(
    resource: ResourceRef<T>,
    object: Init<T>,
    { subresource, ...options }: RequestOptions & { fieldManager: string; subresource?: string },
  ): Promise<T> {
    const { name = '', namespace } = metadataOf(object);
    return this.#send(resource, {
      verb: 'patch',
      name,
      namespace,
      subresource,
      patchType: 'application/apply-patch+yaml',
      body: typed(resource, object as Partial<Body>),
      options,
      isWrite: true,
    });
  }

  async delete<T>(
    resource: ResourceRef<T>,
    { name, namespace }: Target,
    options?: RequestOptions,
  ): Promise<void> {
    await this.#send(resource, { verb: 'delete', name, namespace, options });
  }

  async readText<T>(
    resource: ResourceRef<T>,
    { name, namespace }: Target,
    subresource: string,
    parameters?: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { user, cause } = this.#identity;
    const verb = 'get';
    const asked = {
      verb,
      resource,
      namespace,
      name,
      subresource,
      parameters,
      user,
      cause,
    } as const;
    const response = await this.#transport.request(asked);
    objectOf(response);
    return response.text ?? '';
  }

  getSubresource<T>(
    resource: ResourceRef<T>,
    { name, namespace }: Target,
    subresource: string,
  ): Promise<KubeObject> {
    return this.#send(resource, { verb: 'get', name, namespace, subresource });
  }

  createSubresource<T>(
    resource: ResourceRef<T>,
    { name, namespace }: Target,
    subresource: string,
    body: unknown,
  ): Promise<KubeObject> {
    return this.#send(resource, { verb: 'create', name, namespace, subresource, body });
  }

  async modify<T>(
    resource: ResourceRef<T>,
    target: Target,
    change: (live: T) => T,
    subresource?: 'status',
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const live = await this.get(resource, target.name, target.namespace);
      const next = change(live);
      if (next === live) return live;
      try {
        return await (subresource === 'status'
          ? this.updateStatus(resource, next)
          : this.update(resource, next));
      } catch (error) {
        if (!isConflict(error) || attempt >= limits.conflictRetries) throw error;
      }
    }
  }

  #update<T>(
    resource: ResourceRef<T>,
    object: T,
    subresource: string | undefined,
    options: WriteOptions | undefined,
  ): Promise<T> {
    const { name = '', namespace } = metadataOf(object);
    return this.#send(resource, {
      verb: 'update',
      name,
      namespace,
      subresource,
      body: object,
      options,
      isWrite: true,
    });
  }

  /** Requests are all of one shape, whatever they leave out: that keeps the server's reading of them fast. */
  #send<T>(
    resource: ResourceRef<unknown>,
    { verb, namespace, name, subresource, body, patchType, options, isWrite = false }: Sent,
  ): Promise<T> {
    const { user, cause } = this.#identity;
    const request: ApiRequest = {
      verb,
      resource,
      namespace,
      name,
      subresource,
      body,
      patchType,
      options: isWrite ? this.#managed(options) : options,
      user,
      cause,
      vouched: options?.vouched ?? false,
    };
    try {
      const response = this.#transport.request(request);
      return response instanceof Promise
        ? response.then((late) => objectOf<T>(late))
        : Promise.resolve(objectOf<T>(response));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** With the name under which changes are owned. */
  #managed(options: WriteOptions | undefined): RequestOptions | undefined {
    if (this.#manager === undefined || options?.fieldManager !== undefined) return options;
    if (options === undefined || options === VOUCHED) return this.#manager;
    return { ...this.#manager, ...options };
  }
}

function objectOf<T>({ code, object }: ApiResponse): T {
  if (code >= 400) throw new ApiError(object as unknown as Status);
  return object as T;
}

/** What `#send` makes a request of. */
type Sent = Omit<ApiRequest, 'user' | 'cause' | 'resource' | 'options' | 'vouched'> & {
  readonly options?: WriteOptions | undefined;
  /** Whether what it changes is owned by somebody. */
  readonly isWrite?: boolean;
};

function metadataOf(object: unknown): { name?: string; namespace?: string } {
  return (object as { metadata?: { name?: string; namespace?: string } }).metadata ?? NOTHING;
}

const NOTHING = {};

/** With apiVersion and kind, which callers in the control plane leave out. */
function typed(resource: ResourceRef<unknown>, object: Partial<Body>): unknown {
  if (object.apiVersion !== undefined && object.kind !== undefined) return object;
  const apiVersion =
    resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  return { apiVersion, kind: resource.kind, ...object };
}
