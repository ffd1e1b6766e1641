import type { KindDescriptor, SchemaSet } from '../../generator/model/index.ts';
import { assert, type Random } from '../base/index.ts';
import { type ApiRequest, type KubeObject, notFound, resourceId } from '../meta/index.ts';
import type {
  Awaitable,
  Operation,
  Store,
  StoreEvent,
  StoreWatch,
  TxnResult,
} from '../storage/index.ts';
import type { Journal } from '../trace/index.ts';
import type { AdmissionPlugin } from './admission/index.ts';
import { Authenticator, type Credentials } from './authentication/index.ts';
import { Authorizer } from './authorization/index.ts';
import { serveVersion } from './conversion/index.ts';
import { CustomKinds, DEFINITIONS, type Definition } from './custom/index.ts';
import { forkKind, interpreterOf, type ServedKind, serveKind } from './kind.ts';
import { NO_NODES, type NodeConnection } from './nodes.ts';
import type { Row } from './row.ts';
import type { ComponentHealth, ReadContext, StrategyContext } from './strategies/strategy.ts';
import type { Door } from './webhooks/index.ts';

export interface CoreOptions {
  readonly store: Store<Row>;
  readonly schemas: SchemaSet;
  readonly journal: Journal;
  readonly random: Random;
  readonly plugins: readonly AdmissionPlugin[];
  /** Whether bodies that components vouch for are taken as they are. */
  readonly trusting: boolean;
  /** Whether everybody may do everything. */
  readonly allowsAll: boolean;
  readonly credentials: Credentials;
  now(): number;
}

/** One write, for the journal. */
type WriteNote = Pick<ApiRequest, 'cause' | 'subresource'> & {
  readonly verb: 'create' | 'update' | 'patch' | 'apply' | 'delete';
};

/** A write on its way: what of, under which key, and for whom. */
interface Write {
  readonly kind: ServedKind;
  readonly key: string;
  readonly note: WriteNote;
}

interface Sized {
  readonly size: number;
}

/** What names a kind in a path. */
interface Path {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

const ROOT = '/registry/';
const MUTATING_WEBHOOKS = 'mutatingwebhookconfigurations.admissionregistration.k8s.io';
const VALIDATING_WEBHOOKS = 'validatingwebhookconfigurations.admissionregistration.k8s.io';
const NOTHING = { size: 0 };

/**
 * Store, caches and journal as one: the only place that writes. A commit is a transaction on one key; its event is in the cache
 * before the commit returns, so that whoever writes reads its own writes.
 */
export class Core implements StrategyContext, ReadContext {
  /** What is built in. */
  readonly builtIn: SchemaSet;
  /** What stored definitions add. */
  readonly custom: CustomKinds;
  readonly journal: Journal;
  readonly random: Random;
  /** The admission chain, in its order. */
  readonly plugins: readonly AdmissionPlugin[];
  readonly trusting: boolean;
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
  readonly #store: Store<Row>;
  readonly #now: () => number;
  readonly #kinds: readonly ServedKind[];
  readonly #byRequest = new Map<string, ServedKind>();
  /** What was asked for by the very same reference before. */
  #byRef = new WeakMap<object, ServedKind>();
  readonly #byId = new Map<string, ServedKind>();
  readonly #descriptors = new Map<string, KindDescriptor>();
  readonly #definitions: ServedKind | undefined;
  readonly #webhooks: Core['webhooks'];
  readonly #watch: StoreWatch<Row>;
  #health: () => readonly ComponentHealth[] = () => [];
  /** In a transaction of our own, whose event is taken in once it is through. */
  #committing = false;

  constructor(options: CoreOptions, from?: Core) {
    const { store, schemas, journal, random, plugins, now } = options;
    this.builtIn = schemas;
    const self = (): Core => this;
    this.custom = from?.custom.fork(self) ?? new CustomKinds(schemas, interpreterOf(schemas), self);
    this.plugins = plugins;
    this.trusting = options.trusting;
    this.journal = journal;
    this.random = random;
    this.#store = store;
    this.#now = now;
    this.authorizer = new Authorizer(this, options.allowsAll);
    this.authenticator = new Authenticator(this, options.credentials);
    this.#kinds = from
      ? from.#kinds.map(forkKind)
      : [...schemas.kinds, ...(schemas.stored ?? [])]
          .filter(({ storageVersion }) => storageVersion === undefined)
          .map((descriptor) => serveKind(schemas, descriptor));
    for (const kind of this.#kinds) this.#serve(kind);
    this.#serveVersions();
    this.#definitions = this.#byId.get(DEFINITIONS);
    this.#webhooks = {
      mutating: this.#byId.get(MUTATING_WEBHOOKS)?.cache ?? NOTHING,
      validating: this.#byId.get(VALIDATING_WEBHOOKS)?.cache ?? NOTHING,
    };
    this.door = from?.door;
    this.#watch = store.watch(
      { start: ROOT, end: `${ROOT.slice(0, -1)}0`, fromRevision: store.revision + 1 },
      () => {
        if (!this.#committing) this.#catchUp();
      },
    );
  }

  #serve(kind: ServedKind): void {
    const { group, version, plural } = kind.descriptor;
    this.#byRequest.set(`${group}/${version}/${plural}`, kind);
    this.#byId.set(kind.id, kind);
    for (const [name, values] of Object.entries(kind.strategy.indexes ?? {}))
      kind.cache.addIndex(name, values);
  }

  /** Kinds in the versions in which they are not stored, over the same caches. */
  #serveVersions(): void {
    const byVersion = new Map(
      this.#kinds.map((kind) => [`${kind.apiVersion} ${kind.descriptor.kind}`, kind]),
    );
    for (const descriptor of this.builtIn.kinds) {
      const { storageVersion, group, version, plural, kind } = descriptor;
      this.#descriptors.set(`${group}/${version}/${plural}`, descriptor);
      if (storageVersion === undefined) continue;
      const stored = byVersion.get(`${storageVersion} ${kind}`);
      assert(stored, `${kind} is stored as ${storageVersion}, which is not there`);
      const served = serveVersion(this.builtIn, stored, descriptor);
      this.#byRequest.set(`${group}/${version}/${plural}`, served);
    }
  }

  now(): number {
    return this.#now();
  }

  /** Whom to ask how the parts of the control plane are. */
  askHealth(source: () => readonly ComponentHealth[]): void {
    this.#health = source;
  }

  /** The way to the kubelets. */
  nodes: NodeConnection = NO_NODES;

  /** The way to webhooks outside of the cluster; absent where it is not served in real time. */
  door: Door | undefined;

  health(): readonly ComponentHealth[] {
    return [{ name: 'etcd-0' }, ...this.#health()];
  }

  /** What is stored of the configurations of webhooks. */
  get webhooks(): { readonly mutating: Sized; readonly validating: Sized } {
    return this.#webhooks;
  }

  get revision(): number {
    return this.#store.revision;
  }

  get store(): Store<Row> {
    return this.#store;
  }

  get kinds(): readonly ServedKind[] {
    return [...this.#kinds, ...this.custom.all()];
  }

  /** All that is served, with the kinds that stored definitions add. */
  get schemas(): SchemaSet {
    return this.custom.schemas;
  }

  /** Whether a group version is there whatever is stored. */
  hasBuiltIn(group: string, version: string): boolean {
    return this.builtIn.kinds.some((each) => each.group === group && each.version === version);
  }

  /** Whether a resource is there whatever is stored. */
  isBuiltIn({ group, version, resource }: Path): boolean {
    return this.#byRequest.has(`${group}/${version}/${resource}`);
  }

  /** The kind that a path names, in its version; undefined where none is served there. */
  descriptorAt(group: string, version: string, resource: string): KindDescriptor | undefined {
    const path = `${group}/${version}/${resource}`;
    return this.#descriptors.get(path) ?? this.custom.at(path)?.descriptor;
  }

  /** The kind that a request's path names; 404 when there is none. */
  kindOf(ref: Path): ServedKind {
    const known = this.#byRef.get(ref);
    if (known) return known;
    const path = `${ref.group}/${ref.version}/${ref.resource}`;
    const kind = this.#byRequest.get(path) ?? this.custom.at(path);
    if (!kind) throw notFound({ group: ref.group, resource: resourceId(ref) });
    this.#byRef.set(ref, kind);
    return kind;
  }

  /** A kind by its id, `pods`; for admission and strategies that look at other kinds. */
  kindById(id: string): ServedKind | undefined {
    return this.#byId.get(id) ?? this.custom.byId(id);
  }

  /** The object of a resource under a key. */
  object(resource: string, key: string): KubeObject | undefined {
    return this.#byId.get(resource)?.cache.row(key)?.object;
  }

  byIndex(resource: string, index: string, value: string): readonly KubeObject[] {
    return this.#byId.get(resource)?.cache.byIndex(index, value) ?? [];
  }

  first(resource: string): KubeObject | undefined {
    return this.#byId.get(resource)?.cache.first();
  }

  /** Writes a row under the condition that the stored one is still `live` (absent: that there is none). */
  put(
    kind: ServedKind,
    key: string,
    { object, ownership }: Pick<Row, 'object' | 'ownership'>,
    live: Row | undefined,
    note: WriteNote,
  ): Awaitable<boolean> {
    const stored = kind.custom ? kind.custom.stored(object) : object;
    const value: Row = { object: stored, ownership, writtenMs: this.#now() };
    return this.#commit({ kind, key, note }, (put) => ({ put, value }), live);
  }

  remove(kind: ServedKind, key: string, live: Row, note: WriteNote): Awaitable<boolean> {
    return this.#commit({ kind, key, note }, (gone) => ({ delete: gone }), live);
  }

  #commit(
    write: Write,
    operation: (storeKey: string) => Operation<Row>,
    live: Row | undefined,
  ): Awaitable<boolean> {
    const storeKey = write.kind.prefix + write.key;
    const modRevision = live ? Number(live.object.metadata.resourceVersion) : 0;
    const done = operation(storeKey);
    this.#committing = true;
    const answer = this.#store.txn([{ key: storeKey, modRevision }], [done]);
    this.#committing = false;
    return answer instanceof Promise
      ? answer.then((result) => this.#committed(write, done, result))
      : this.#committed(write, done, answer);
  }

  #committed(
    { kind, key, note }: Write,
    operation: Operation<Row>,
    { succeeded, revision }: TxnResult<Row>,
  ): boolean {
    if (!succeeded) return false;
    const { verb, subresource, cause } = note;
    this.#catchUp('put' in operation ? operation.put : operation.delete, kind, key);
    const fromOutside = cause.record === 0;
    this.journal.write(
      {
        component: cause.component,
        verb,
        resource: kind.id,
        key,
        subresource,
        revision,
        by: cause.record,
      },
      fromOutside && 'put' in operation ? operation.value.object : undefined,
    );
    return true;
  }

  /** Takes every new event of the store into its cache; what `own` stands for is known. */
  #catchUp(own?: string, kind?: ServedKind, key?: string): void {
    for (let event = this.#watch.next(); event; event = this.#watch.next()) {
      if (event.key === own) {
        this.#take(kind, key!, event);
        continue;
      }
      const slash = event.key.indexOf('/', ROOT.length);
      const other = this.kindById(event.key.slice(ROOT.length, slash));
      this.#take(other, event.key.slice(slash + 1), event);
    }
  }

  #take(kind: ServedKind | undefined, key: string, event: StoreEvent<Row>): void {
    kind?.cache.apply(key, event, this.#now());
    if (kind === undefined || kind !== this.#definitions) return;
    this.custom.change(key, event.entry?.value.object as Definition | undefined);
    this.#byRef = new WeakMap();
  }
}
