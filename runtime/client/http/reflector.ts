import { afterWall, limits } from '../../base/index.ts';
import {
  ApiError,
  isApiError,
  type KubeObject,
  keyOf,
  type ResourceRef,
  type WatchEvent,
} from '../../meta/index.ts';
import type { SubscribeOptions, Subscription } from '../transport.ts';
import { type Connection, statusOf } from './connection.ts';
import { ObjectCache } from './object-cache.ts';
import { pathOf } from './paths.ts';

type Options = SubscribeOptions<KubeObject>;

/** Keeps the objects of one resource as the server has them, from the first list until it is closed. */
export class Reflector {
  readonly cache = new ObjectCache();
  /**
   * Resolves when the first list is there, or the server has said that there will be none (`refusal`). Rejects when the server
   * could not be reached at first; it is tried again all the same.
   */
  readonly ready: Promise<void>;
  readonly #connection: Connection;
  readonly #resource: ResourceRef;
  readonly #onFailure: (error: unknown) => void;
  readonly #subscriptions = new Set<Queue>();
  readonly #closing = new AbortController();
  #refusal: ApiError | undefined;
  /** Up to where the changes are known; undefined when everything is to be listed. */
  #revision: string | undefined;

  constructor(connection: Connection, resource: ResourceRef, onFailure: (error: unknown) => void) {
    this.#connection = connection;
    this.#resource = resource;
    this.#onFailure = onFailure;
    const first = Promise.withResolvers<void>();
    this.ready = first.promise;
    this.ready.catch(() => {});
    void this.#run(first);
  }

  /** Why the server does not list the resource: it does not know it, or not for us. */
  get refusal(): ApiError | undefined {
    return this.#refusal;
  }

  subscribe(options: Options): Subscription<KubeObject> {
    const queue = new Queue(options, () => this.#subscriptions.delete(queue));
    this.#subscriptions.add(queue);
    if (options.initial)
      for (const object of this.cache.list())
        queue.push({ type: 'ADDED', object, revision: Number(object.metadata.resourceVersion) });
    return queue;
  }

  close(): void {
    this.#closing.abort();
  }

  async #run(first: PromiseWithResolvers<void>): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; ) {
      try {
        this.#revision ??= await this.#list();
        this.#refusal = undefined;
        first.resolve();
        await this.#watch(this.#revision);
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        if (isApiError(error) && error.code === 410) {
          this.#revision = undefined;
          continue;
        }
        const refused = isApiError(error) && [401, 403, 404, 405].includes(error.code);
        if (refused) this.#refusal = error as ApiError;
        else this.#onFailure(error);
        if (refused) first.resolve();
        else first.reject(error);
        await pause(retryDelayMs(failures++), signal);
      }
    }
    first.resolve();
  }

  /** The revision that the list is of. */
  async #list(): Promise<string> {
    const objects: KubeObject[] = [];
    let next = '';
    let metadata: { resourceVersion?: string; continue?: string };
    do {
      const query = { limit: String(limits.httpListPage), ...(next ? { continue: next } : {}) };
      const path = pathOf(this.#resource, {}, query);
      const { code, json } = await this.#connection.ask({ method: 'GET', path });
      if (code >= 400) throw new ApiError(statusOf(code, json));
      const list = json as { metadata?: typeof metadata; items?: readonly KubeObject[] };
      metadata = list.metadata ?? {};
      objects.push(...(list.items ?? []).map((item) => this.#typed(item)));
      next = metadata.continue ?? '';
    } while (next !== '');
    this.#tell(this.cache.reset(objects));
    return metadata.resourceVersion ?? '';
  }

  /** Follows from one revision on, until the server ends it. */
  async #watch(from: string): Promise<void> {
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      timeoutSeconds: String(limits.httpWatchSeconds),
    };
    const path = pathOf(this.#resource, {}, query);
    let failure: ApiError | undefined;
    const onLine = (line: string): void => {
      const { type, object } = JSON.parse(line) as { type: string; object: KubeObject };
      if (type === 'ERROR') {
        failure ??= new ApiError(statusOf(500, object));
        return;
      }
      this.#revision = object.metadata.resourceVersion ?? this.#revision;
      if (type === 'BOOKMARK') return;
      const event =
        type === 'DELETED'
          ? this.cache.delete(keyOf(object), this.#typed(object))
          : this.cache.set(this.#typed(object));
      if (event) this.#tell([event]);
    };
    await this.#connection.lines(path, onLine, this.#closing.signal);
    if (failure) throw failure;
  }

  /** Items of a list do not say what they are. */
  #typed(object: KubeObject): KubeObject {
    if (object.kind) return object;
    const { group, version, kind } = this.#resource;
    return { ...object, apiVersion: group === '' ? version : `${group}/${version}`, kind };
  }

  #tell(events: readonly WatchEvent[]): void {
    for (const event of events) for (const queue of this.#subscriptions) queue.push(event);
  }
}

/** What one subscriber has not read yet. */
class Queue implements Subscription<KubeObject> {
  #events: WatchEvent[] = [];
  #read = 0;
  readonly #options: Options;
  readonly #onClose: () => void;

  constructor(options: Options, onClose: () => void) {
    this.#options = options;
    this.#onClose = onClose;
  }

  get pending(): boolean {
    return this.#read < this.#events.length;
  }

  push(event: WatchEvent): void {
    const { concerns, notify } = this.#options;
    if (concerns && !concerns(event)) return;
    this.#events.push(event);
    notify();
  }

  next(): WatchEvent | undefined {
    const event = this.#events[this.#read];
    if (event) this.#read++;
    if (!this.pending) {
      this.#events = [];
      this.#read = 0;
    }
    return event;
  }

  close(): void {
    this.#events = [];
    this.#read = 0;
    this.#onClose();
  }
}

const retryDelayMs = (failures: number): number =>
  Math.min(limits.httpRetryBaseMs * 2 ** Math.min(failures, 20), limits.httpRetryMaxMs);

/** Until a time or an abort, whichever comes first. */
function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = afterWall(delayMs, () => {
      signal.removeEventListener('abort', end);
      resolve();
    });
    const end = (): void => {
      cancel();
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
  });
}
