import { limits } from '../base/index.ts';
import {
  ApiError,
  type ApiRequest,
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

/** A `Client` over any transport. */
export function createClient(transport: Transport, identity: ClientIdentity): Client {
  return new ApiClient(transport, identity);
}

class ApiClient implements Client {
  readonly #transport: Transport;
  readonly #identity: ClientIdentity;

  constructor(transport: Transport, identity: ClientIdentity) {
    this.#transport = transport;
    this.#identity = identity;
  }

  get<T>(resource: ResourceRef<T>, name: string, namespace?: string): Promise<T> {
    return this.#send({ verb: 'get', resource, name, ...at(namespace) });
  }

  async list<T>(
    resource: ResourceRef<T>,
    { namespace, ...options }: Parameters<Client['list']>[1] = {},
  ): Promise<{ items: readonly T[]; resourceVersion: string; continue?: string }> {
    const list = await this.#send<Body>({ verb: 'list', resource, ...at(namespace), options });
    const metadata = list.metadata as { resourceVersion?: string; continue?: string };
    return {
      items: list['items'] as T[],
      resourceVersion: metadata.resourceVersion ?? '',
      ...(metadata.continue ? { continue: metadata.continue } : {}),
    };
  }

  create<T>(resource: ResourceRef<T>, object: Init<T>, options?: RequestOptions): Promise<T> {
    return this.#send({
      verb: 'create',
      resource,
      ...at(namespaceOf(object)),
      body: typed(resource, object as Partial<Body>),
      ...this.#options(options),
    });
  }

  update<T>(resource: ResourceRef<T>, object: T, options?: RequestOptions): Promise<T> {
    const target = targetOf(object);
    return this.#send({
      verb: 'update',
      resource,
      ...target,
      body: object,
      ...this.#options(options),
    });
  }

  updateStatus<T>(resource: ResourceRef<T>, object: T, options?: RequestOptions): Promise<T> {
    return this.updateSubresource(resource, object, 'status', options);
  }

  updateSubresource<T>(
    resource: ResourceRef<T>,
    object: T,
    subresource: string,
    options?: RequestOptions,
  ): Promise<T> {
    return this.#send({
      verb: 'update',
      resource,
      ...targetOf(object),
      subresource,
      body: object,
      ...this.#options(options),
    });
  }

  patch<T>(
    resource: ResourceRef<T>,
    target: Target,
    patch: unknown,
    options: RequestOptions & { type?: PatchType; subresource?: string } = {},
  ): Promise<T> {
    const { type = 'application/strategic-merge-patch+json', subresource, ...rest } = options;
    return this.#send({
      verb: 'patch',
      resource,
      name: target.name,
      ...at(target.namespace),
      ...(subresource ? { subresource } : {}),
      patchType: type,
      body: patch,
      ...this.#options(rest),
    });
  }

  apply<T>(
    resource: ResourceRef<T>,
    object: Init<T>,
    { subresource, ...options }: RequestOptions & { fieldManager: string; subresource?: string },
  ): Promise<T> {
    return this.#send({
      verb: 'patch',
      resource,
      ...targetOf(object),
      ...(subresource ? { subresource } : {}),
      patchType: 'application/apply-patch+yaml',
      body: typed(resource, object as Partial<Body>),
      ...this.#options(options),
    });
  }

  async delete<T>(
    resource: ResourceRef<T>,
    target: Target,
    options?: RequestOptions,
  ): Promise<void> {
    await this.#send({
      verb: 'delete',
      resource,
      name: target.name,
      ...at(target.namespace),
      ...(options ? { options } : {}),
    });
  }

  createSubresource<T>(
    resource: ResourceRef<T>,
    target: Target,
    subresource: string,
    body: unknown,
  ): Promise<KubeObject> {
    return this.#send({
      verb: 'create',
      resource,
      name: target.name,
      ...at(target.namespace),
      subresource,
      body,
    });
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

  #options(options: ApiRequest['options']): Pick<ApiRequest, 'options'> {
    const manager = this.#identity.fieldManager;
    if (!options) return manager ? { options: { fieldManager: manager } } : {};
    return { options: manager ? { fieldManager: manager, ...options } : options };
  }

  async #send<T>(
    request: Omit<ApiRequest, 'user' | 'cause' | 'resource'> & { resource: ResourceRef<unknown> },
  ): Promise<T> {
    const response = await this.#transport.request({
      ...(request as Omit<ApiRequest, 'user' | 'cause'>),
      user: this.#identity.user,
      cause: this.#identity.cause,
    });
    if (response.code >= 400) throw new ApiError(response.object as unknown as Status);
    return response.object as T;
  }
}

function at(namespace: string | undefined): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

function namespaceOf(object: unknown): string | undefined {
  return (object as { metadata?: { namespace?: string } }).metadata?.namespace;
}

function targetOf(object: unknown): { name: string; namespace?: string } {
  const metadata = (object as { metadata?: { name?: string; namespace?: string } }).metadata;
  return { name: metadata?.name ?? '', ...at(metadata?.namespace) };
}

/** With apiVersion and kind, which callers in the control plane leave out. */
function typed(resource: ResourceRef<unknown>, object: Partial<Body>): unknown {
  if (object.apiVersion !== undefined && object.kind !== undefined) return object;
  const apiVersion =
    resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  return { apiVersion, kind: resource.kind, ...object };
}
