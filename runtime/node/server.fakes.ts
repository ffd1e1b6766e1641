import { Loop, Random } from '../base/index.ts';
import type { ComponentContext, IndexFunction, Lister, Transport } from '../client/index.ts';
import { type ApiRequest, type ApiResponse, type KubeObject, resourceId } from '../meta/index.ts';
import { Journal } from '../trace/index.ts';
import { createNodes, type Nodes } from './nodes.ts';

type Metadata = Record<string, unknown> & { name: string; namespace?: string };
type Stored = KubeObject & Record<string, unknown> & { metadata: Metadata };
interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Stored;
  readonly revision: number;
}

/** As much of an API server as kubelets need: objects by key, a revision, conflicts, graceful deletion of pods, watches. */
export class FakeServer implements Transport {
  readonly loop = new Loop();
  readonly journal: Journal;
  readonly requests: ApiRequest[] = [];
  keepRequests = true;
  revision = 0;
  readonly #objects = new Map<string, Map<string, Stored>>();
  readonly #indexes = new Map<string, Map<string, IndexFunction<never>>>();
  readonly #watchers = new Map<string, { queue: Change[]; notify: () => void }[]>();

  constructor() {
    this.journal = new Journal(() => this.loop.now());
  }

  objects(resource: string): Map<string, Stored> {
    const known = this.#objects.get(resource) ?? new Map<string, Stored>();
    this.#objects.set(resource, known);
    return known;
  }

  request(request: ApiRequest): Promise<ApiResponse> {
    if (this.keepRequests) this.requests.push(request);
    return Promise.resolve(this.#answer(request));
  }

  #answer({ verb, resource, body, options, ...request }: ApiRequest): ApiResponse {
    const id = resourceId(resource);
    const given = body as Stored | undefined;
    const metadata = given?.metadata;
    const namespace = request.namespace ?? metadata?.namespace;
    const name = request.name ?? metadata?.name ?? '';
    const key = namespace ? `${namespace}/${name}` : name;
    const live = this.objects(id).get(key);
    if (verb === 'create') {
      if (live) return refuse(409, 'AlreadyExists');
      const uid = `uid-${++this.revision}`;
      return this.#put(id, key, { ...given!, metadata: { uid, ...metadata!, name } }, 'ADDED');
    }
    if (!live) return refuse(404, 'NotFound');
    if (verb === 'get') return { code: 200, object: live };
    if (verb === 'delete') return this.#delete(id, key, live, options?.gracePeriodSeconds);
    if (verb === 'patch') return this.#put(id, key, { ...live, ...given }, 'MODIFIED');
    if (metadata!.resourceVersion !== live.metadata.resourceVersion) return refuse(409, 'Conflict');
    const next = request.subresource ? { ...live, status: given!.status } : given!;
    return this.#put(id, key, next, 'MODIFIED');
  }

  #delete(id: string, key: string, live: Stored, grace: number | undefined): ApiResponse {
    if (id === 'pods' && grace !== 0) {
      const seconds = grace ?? 30;
      const deletionTimestamp = new Date(this.loop.now() + seconds * 1000).toISOString();
      const metadata = { ...live.metadata, deletionTimestamp, deletionGracePeriodSeconds: seconds };
      return this.#put(id, key, { ...live, metadata }, 'MODIFIED');
    }
    this.objects(id).delete(key);
    this.#tell(id, { type: 'DELETED', object: live, revision: ++this.revision });
    return { code: 200, object: live };
  }

  #put(id: string, key: string, next: Stored, type: Change['type']): ApiResponse {
    const revision = ++this.revision;
    const metadata = { ...next.metadata, resourceVersion: String(revision) };
    const object = { ...next, metadata } as Stored;
    this.objects(id).set(key, object);
    this.#tell(id, { type, object, revision });
    return { code: 200, object };
  }

  #tell(id: string, change: Change): void {
    for (const { queue, notify } of this.#watchers.get(id) ?? []) {
      queue.push(change);
      notify();
    }
  }

  lister<T>(resource: Parameters<Transport['lister']>[0]): Lister<T> {
    const id = resourceId(resource);
    const objects = (): Map<string, Stored> => this.objects(id);
    const byIndex = (index: string, value: string): Stored[] => {
      const values = this.#indexes.get(id)?.get(index) as IndexFunction<Stored>;
      return [...objects().values()].filter((each) => values(each).includes(value));
    };
    return {
      get size() {
        return objects().size;
      },
      get: (name, namespace) => objects().get(namespace ? `${namespace}/${name}` : name) as T,
      byKey: (key) => objects().get(key) as T | undefined,
      list: () => [...objects().values()] as T[],
      byIndex: (index, value) => byIndex(index, value) as T[],
      countIndex: (index, value) => byIndex(index, value).length,
    };
  }

  addIndex<T>(
    resource: Parameters<Transport['addIndex']>[0],
    name: string,
    index: IndexFunction<T>,
  ): void {
    const id = resourceId(resource);
    const known = this.#indexes.get(id) ?? new Map<string, IndexFunction<never>>();
    known.set(name, index as IndexFunction<never>);
    this.#indexes.set(id, known);
  }

  subscribe: Transport['subscribe'] = (resource, { notify, initial }) => {
    const id = resourceId(resource);
    const watcher = { queue: [] as Change[], notify };
    this.#watchers.set(id, [...(this.#watchers.get(id) ?? []), watcher]);
    if (initial)
      for (const object of this.objects(id).values())
        watcher.queue.push({ type: 'ADDED', object, revision: 0 });
    let at = 0;
    return {
      next: () => {
        const event = watcher.queue[at++];
        if (event === undefined) {
          watcher.queue.length = 0;
          at = 0;
        }
        return event as never;
      },
      get pending() {
        return at < watcher.queue.length;
      },
      close: () => undefined,
    };
  };

  startNodes(inherited?: unknown): Nodes {
    const { loop } = this;
    const context: ComponentContext = {
      name: 'nodes',
      transport: this,
      journal: this.journal,
      random: Random.seeded(1),
      pace: {
        now: () => loop.now(),
        ready: () => loop.markReady('nodes'),
        setTimer: (key, atMs, kind) => loop.setTimer('nodes', key, atMs, kind),
        clearTimer: (key) => loop.clearTimer('nodes', key),
      },
      report: (error) => {
        throw error;
      },
      ...(inherited === undefined ? {} : { inherited }),
    };
    const nodes = createNodes()(context);
    loop.register(nodes);
    nodes.start();
    return nodes;
  }

  /** Runs until nothing is ready and the clock stands `ms` after the start of the call. */
  async advance(ms: number): Promise<void> {
    const endMs = this.loop.now() + ms;
    for (;;) {
      while (!this.loop.idle) await this.loop.step();
      const nextMs = this.loop.nextTimerMs();
      if (nextMs === undefined || nextMs > endMs) break;
      this.loop.fireUntil(nextMs);
    }
    this.loop.fireUntil(endMs);
    while (!this.loop.idle) await this.loop.step();
  }

  put(resource: string, object: object, type: Change['type'] = 'ADDED'): void {
    const { metadata } = object as Stored;
    const key = metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
    this.#put(resource, key, object as Stored, type);
  }
}

function refuse(code: number, reason: string): ApiResponse {
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, code, reason, message: reason };
  return { code, object: object as unknown as KubeObject };
}
