import type { SchemaSet } from '../../generator/model/index.ts';
import type { Random } from '../base/index.ts';
import { type ApiRequest, type KubeObject, notFound, resourceId } from '../meta/index.ts';
import type { Compare, Operation, Store, StoreWatch } from '../storage/index.ts';
import type { Journal } from '../trace/index.ts';
import { forkKind, type ServedKind, serveKind } from './kind.ts';
import type { Row } from './row.ts';
import type { StrategyContext } from './strategies/strategy.ts';

export interface CoreOptions {
  readonly store: Store<Row>;
  readonly schemas: SchemaSet;
  readonly journal: Journal;
  readonly random: Random;
  now(): number;
}

/** One write, for the journal. */
type WriteNote = Pick<ApiRequest, 'cause' | 'subresource'> & {
  readonly verb: 'create' | 'update' | 'patch' | 'apply' | 'delete';
};

const ROOT = '/registry/';

/**
 * Store, caches and journal as one: the only place that writes. A commit is a transaction on one key; its event is in the cache
 * before the commit returns, so that whoever writes reads its own writes.
 */
export class Core implements StrategyContext {
  readonly schemas: SchemaSet;
  readonly journal: Journal;
  readonly random: Random;
  readonly #store: Store<Row>;
  readonly #now: () => number;
  readonly #kinds: readonly ServedKind[];
  readonly #byRequest = new Map<string, ServedKind>();
  readonly #byId = new Map<string, ServedKind>();
  readonly #watch: StoreWatch<Row>;

  constructor({ store, schemas, journal, random, now }: CoreOptions, from?: Core) {
    this.schemas = schemas;
    this.journal = journal;
    this.random = random;
    this.#store = store;
    this.#now = now;
    this.#kinds = from
      ? from.#kinds.map(forkKind)
      : schemas.kinds.map((descriptor) => serveKind(schemas, descriptor));
    for (const kind of this.#kinds) this.#serve(kind);
    this.#watch = store.watch(
      { start: ROOT, end: `${ROOT.slice(0, -1)}0`, fromRevision: store.revision + 1 },
      () => this.#catchUp(),
    );
  }

  #serve(kind: ServedKind): void {
    const { group, version, plural } = kind.descriptor;
    this.#byRequest.set(`${group}/${version}/${plural}`, kind);
    this.#byId.set(kind.id, kind);
    for (const [name, values] of Object.entries(kind.strategy.indexes ?? {}))
      kind.cache.addIndex(name, values);
  }

  now(): number {
    return this.#now();
  }

  get revision(): number {
    return this.#store.revision;
  }

  get store(): Store<Row> {
    return this.#store;
  }

  get kinds(): readonly ServedKind[] {
    return this.#kinds;
  }

  /** The kind that a request's path names; 404 when there is none. */
  kindOf(ref: { group: string; version: string; resource: string }): ServedKind {
    const kind = this.#byRequest.get(`${ref.group}/${ref.version}/${ref.resource}`);
    if (!kind) throw notFound({ group: ref.group, resource: resourceId(ref) });
    return kind;
  }

  /** A kind by its id, `pods`; for admission and strategies that look at other kinds. */
  kindById(id: string): ServedKind | undefined {
    return this.#byId.get(id);
  }

  byIndex(resource: string, index: string, value: string): readonly KubeObject[] {
    return this.#byId.get(resource)?.cache.byIndex(index, value) ?? [];
  }

  /** Writes a row under the condition that the stored one is still `live` (absent: that there is none). */
  put(
    kind: ServedKind,
    key: string,
    { object, ownership }: Pick<Row, 'object' | 'ownership'>,
    live: Row | undefined,
    note: WriteNote,
  ): Promise<boolean> {
    const value: Row = { object, ownership, writtenMs: this.#now() };
    return this.#commit(kind, key, { put: kind.prefix + key, value }, live, note);
  }

  remove(kind: ServedKind, key: string, live: Row, note: WriteNote): Promise<boolean> {
    return this.#commit(kind, key, { delete: kind.prefix + key }, live, note);
  }

  async #commit(
    kind: ServedKind,
    key: string,
    operation: Operation<Row>,
    live: Row | undefined,
    { verb, subresource, cause }: WriteNote,
  ): Promise<boolean> {
    const modRevision = live ? Number(live.object.metadata.resourceVersion) : 0;
    const compare: Compare[] = [{ key: kind.prefix + key, modRevision }];
    const answer = this.#store.txn(compare, [operation]);
    const { succeeded, revision } = answer instanceof Promise ? await answer : answer;
    if (!succeeded) return false;
    this.#catchUp();
    const fromOutside = cause.record === 0;
    this.journal.write(
      {
        component: cause.component,
        verb,
        resource: kind.id,
        key,
        ...(subresource ? { subresource } : {}),
        revision,
        by: cause.record,
      },
      fromOutside && 'put' in operation ? operation.value.object : undefined,
    );
    return true;
  }

  #catchUp(): void {
    for (let event = this.#watch.next(); event; event = this.#watch.next()) {
      const slash = event.key.indexOf('/', ROOT.length);
      const kind = this.#byId.get(event.key.slice(ROOT.length, slash));
      kind?.cache.apply(event.key.slice(slash + 1), event, this.#now());
    }
  }
}
