import type { KubeObject, PatchType, RequestOptions, ResourceRef } from '../meta/index.ts';

type Options<K extends keyof RequestOptions> = Pick<RequestOptions, K>;
type WriteOptions = Options<'fieldManager' | 'dryRun' | 'fieldValidation'>;
/** See `ApiRequest.vouched`; a transport that leaves the process takes no notice of it. */
type Vouching = { readonly vouched?: boolean };

/**
 * The API as a program sees it. Every method throws `ApiError` (a Kubernetes Status) when the server refuses.
 * Objects that come back are shared with the store: read, never change.
 */
export interface Client {
  get<T>(resource: ResourceRef<T>, name: string, namespace?: string): Promise<T>;
  list<T>(
    resource: ResourceRef<T>,
    options?: Options<'labelSelector' | 'fieldSelector' | 'limit' | 'continue'> & {
      namespace?: string;
    },
  ): Promise<{
    readonly items: readonly T[];
    readonly resourceVersion: string;
    readonly continue?: string;
  }>;
  /** The namespace is the object's; apiVersion and kind are filled in from `resource` when absent. */
  create<T>(
    resource: ResourceRef<T>,
    object: Init<T>,
    options?: WriteOptions & Vouching,
  ): Promise<T>;
  /** With the object's resourceVersion as the condition, when it has one. */
  update<T>(resource: ResourceRef<T>, object: T, options?: WriteOptions & Vouching): Promise<T>;
  updateStatus<T>(
    resource: ResourceRef<T>,
    object: T,
    options?: WriteOptions & Vouching,
  ): Promise<T>;
  patch<T>(
    resource: ResourceRef<T>,
    target: Target,
    patch: unknown,
    options?: WriteOptions & { type?: PatchType; subresource?: string },
  ): Promise<T>;
  /** Server-side apply of a partial object. */
  apply<T>(
    resource: ResourceRef<T>,
    object: Init<T>,
    options: WriteOptions & Options<'force'> & { fieldManager: string; subresource?: string },
  ): Promise<T>;
  delete<T>(
    resource: ResourceRef<T>,
    target: Target,
    options?: Options<'propagationPolicy' | 'gracePeriodSeconds' | 'preconditions' | 'dryRun'>,
  ): Promise<void>;
  /** GET of a subresource that answers with text, such as `log`, whose options are `parameters`. */
  readText<T>(
    resource: ResourceRef<T>,
    target: Target,
    subresource: string,
    parameters?: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** GET of a subresource such as `scale`. */
  getSubresource<T>(
    resource: ResourceRef<T>,
    target: Target,
    subresource: string,
  ): Promise<KubeObject>;
  /** POST to a subresource such as `binding` or `eviction`. */
  createSubresource<T>(
    resource: ResourceRef<T>,
    target: Target,
    subresource: string,
    body: unknown,
  ): Promise<KubeObject>;
  /** PUT to a subresource such as `finalize`. */
  updateSubresource<T>(
    resource: ResourceRef<T>,
    object: T,
    subresource: string,
    options?: WriteOptions,
  ): Promise<T>;
  /** Reads live, changes, writes; on conflict again, up to `limits.conflictRetries` times. `change` returning the same object writes nothing. */
  modify<T>(
    resource: ResourceRef<T>,
    target: Target,
    change: (live: T) => T,
    subresource?: 'status',
  ): Promise<T>;
}

export interface Target {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** An object as given to create or apply: apiVersion and kind may be absent, and whatever the server fills in. */
export type Init<T> = T extends object ? Partial<T> & { metadata?: object } : never;
