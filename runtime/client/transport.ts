import type { ApiRequest, ApiResponse, ResourceRef, WatchEvent } from '../meta/index.ts';

/** Maps an object to the values under which it is found; a pure function of the object. */
export type IndexFunction<T> = (object: T) => readonly string[];

/**
 * Read access to all objects of one resource, up to date with the watch. Locally it reads the server's own indexes (no
 * copy); over HTTP it is an informer's cache. Objects are shared and must not be changed. Lists are sorted by key.
 */
export interface Lister<T> {
  readonly size: number;
  get(name: string, namespace?: string): T | undefined;
  /** By `namespace/name`, or `name` for cluster-scoped resources. */
  byKey(key: string): T | undefined;
  list(namespace?: string): readonly T[];
  /** Objects for which the index function named `index` gave `value`. Cost: the number of results. */
  byIndex(index: string, value: string): readonly T[];
  /** Number of objects under `value`, without reading them. */
  countIndex(index: string, value: string): number;
}

/** A place in the stream of changes of one resource. Pulled, so that the reader decides when it reads. */
export interface Subscription<T> {
  /** The next event, or undefined if there is none at this moment. */
  next(): WatchEvent<T> | undefined;
  readonly pending: boolean;
  close(): void;
}

export interface SubscribeOptions<T = never> {
  /** Called when `next` has something, at least once after each time `next` said undefined. Must be cheap: it marks an actor ready. */
  readonly notify: () => void;
  /** Begin with an ADDED for every object that exists. False for a component that a fork inherits: it has seen them. */
  readonly initial: boolean;
  /** Changes for which it says no are left out. Pure, and so quick that every write of the resource can ask it. */
  readonly concerns?: ((event: WatchEvent<T>) => boolean) | undefined;
}

/** How a client reaches an API server. One contract, two ways: a function call in the same process, or HTTP. */
export interface Transport {
  /** Answers every request, at once or later; API errors are answers (`code` ≥ 400, a Status), only a broken transport rejects. */
  request(request: ApiRequest): ApiResponse | Promise<ApiResponse>;
  lister<T>(resource: ResourceRef<T>): Lister<T>;
  /** Adds an index to a resource's listers; the same name again is the same index. */
  addIndex<T>(resource: ResourceRef<T>, name: string, index: IndexFunction<T>): void;
  subscribe<T>(resource: ResourceRef<T>, options: SubscribeOptions<T>): Subscription<T>;
}
