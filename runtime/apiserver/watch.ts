import {
  ApiError,
  type ApiRequest,
  expired,
  formatTime,
  invalidObject,
  type KubeObject,
  keyOf,
  managedFields,
  type Ownership,
} from '../meta/index.ts';
import { CompactedError, type StoreEvent, type StoreWatch } from '../storage/index.ts';
import { seenAs } from './conversion/index.ts';
import type { Core } from './core.ts';
import { unstoredOwnership } from './dry-run.ts';
import { about, type ServedKind } from './kind.ts';
import type { Row } from './row.ts';
import { matcherOf } from './selecting.ts';
import { Unanswered } from './webhooks/index.ts';

/** What a watch asks for beside the namespace, selectors and revision of its request. */
export interface WatchOptions {
  /** Begin with what exists, and say with a bookmark where that ends. */
  readonly sendInitialEvents?: boolean | undefined;
  readonly allowBookmarks?: boolean | undefined;
}

/** One line of a watch, as Kubernetes' `WatchEvent`. */
export interface ServedEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** A watch on one resource, read at the reader's pace. */
export interface ServedWatch {
  /** The next event, or undefined if there is none now. After an `ERROR` there is none for ever. */
  next(): ServedEvent | undefined;
  /** A bookmark of how far the reader has come. */
  bookmark(): ServedEvent;
  close(): void;
}

type Matcher = ((object: KubeObject) => boolean) | undefined;

const INITIAL_END = 'k8s.io/initial-events-end';

/**
 * Follows a resource from a revision on, or from what exists now. Changes come from the store's history, which is bounded: who
 * asks for too early a revision, or reads too slowly, gets an `ERROR` with a 410.
 */
export function watchKind(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  { sendInitialEvents, allowBookmarks = false }: WatchOptions,
  notify: () => void,
): ServedWatch {
  const { options = {}, namespace } = request;
  const { resourceVersion = '', resourceVersionMatch } = options;
  checkInitial(sendInitialEvents, resourceVersionMatch);
  const isNew = resourceVersion === '' || resourceVersion === '0';
  const wantsInitial = sendInitialEvents ?? isNew;
  const from = isNew || wantsInitial ? core.revision : revisionNamed(resourceVersion, kind);
  const matches = matcherOf(kind, options);
  const initial: ServedEvent[] = wantsInitial
    ? kind.cache
        .list(namespace)
        .filter((object) => !matches || matches(object))
        .map((object) => ({ type: 'ADDED' as const, object: shownNow(kind, object) }))
    : [];
  if (sendInitialEvents && allowBookmarks)
    initial.push(bookmarkOf(kind, from, { annotations: { [INITIAL_END]: 'true' } }));
  const prefix = namespace ? `${kind.prefix}${namespace}/` : kind.prefix;
  const changes = core.store.watch(
    { start: prefix, end: `${prefix.slice(0, -1)}0`, fromRevision: from + 1 },
    notify,
  );
  return new Watch({ kind, from, matches, notify }, initial, changes);
}

function revisionNamed(text: string, kind: ServedKind): number {
  if (/^\d+$/.test(text)) return Number(text);
  const message = `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw invalidObject(about(kind), [
    { reason: 'FieldValueInvalid', field: 'resourceVersion', message },
  ]);
}

/** Upstream's rules for who wants to be told of what exists. */
function checkInitial(wanted: boolean | undefined, match: string | undefined): void {
  if (wanted === undefined || match === 'NotOlderThan') return;
  const message =
    match === undefined
      ? 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'
      : `Invalid value: ${JSON.stringify(match)}: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`;
  throw invalidObject({ group: 'meta.k8s.io', resource: 'ListOptions', name: '' }, [
    { reason: 'FieldValueForbidden', field: 'resourceVersionMatch', message },
  ]);
}

interface Scope {
  readonly kind: ServedKind;
  readonly from: number;
  readonly matches: Matcher;
  readonly notify: () => void;
}

class Watch implements ServedWatch {
  readonly #scope: Scope;
  readonly #initial: ServedEvent[];
  readonly #changes: StoreWatch<Row>;
  #revision: number;
  /** What cannot be shown before somebody outside of the cluster has answered. */
  #held: StoreEvent<Row> | undefined;
  #isOver = false;

  constructor(scope: Scope, initial: ServedEvent[], changes: StoreWatch<Row>) {
    this.#scope = scope;
    this.#initial = initial.reverse();
    this.#changes = changes;
    this.#revision = scope.from;
  }

  next(): ServedEvent | undefined {
    const first = this.#initial.pop();
    if (first || this.#isOver) return first;
    try {
      for (let change = this.#next(); change; change = this.#next()) {
        this.#held = change;
        const event = change.revision > this.#scope.from ? this.#eventOf(change) : undefined;
        this.#held = undefined;
        this.#revision = change.revision;
        if (event) return event;
      }
    } catch (error) {
      if (error instanceof Unanswered) {
        void error.reply.then(this.#scope.notify);
        return undefined;
      }
      if (error instanceof ApiError) return this.#failed(error);
      if (!(error instanceof CompactedError)) throw error;
      this.#isOver = true;
      const { status } = expired(
        `too old resource version: ${this.#revision} (${error.compactedRevision})`,
      );
      return { type: 'ERROR', object: status as unknown as KubeObject };
    }
    return undefined;
  }

  #next(): StoreEvent<Row> | undefined {
    return this.#held ?? this.#changes.next();
  }

  /** An object that cannot be shown ends the watch. */
  #failed({ status }: ApiError): ServedEvent {
    this.#isOver = true;
    return { type: 'ERROR', object: status as unknown as KubeObject };
  }

  bookmark(): ServedEvent {
    return bookmarkOf(this.#scope.kind, this.#revision, {});
  }

  close(): void {
    this.#changes.close();
  }

  /** What a change means to somebody who sees only what matches. */
  #eventOf({ entry, previous, revision }: StoreEvent<Row>): ServedEvent | undefined {
    const { kind, matches } = this.#scope;
    const before = previous?.value;
    const after = entry?.value;
    const wasSeen = before !== undefined && (!matches || matches(before.object));
    const isSeen = after !== undefined && (!matches || matches(after.object));
    if (isSeen) return { type: wasSeen ? 'MODIFIED' : 'ADDED', object: presented(kind, after) };
    if (!wasSeen) return undefined;
    const { metadata, ...rest } = presented(kind, before);
    const last = { ...rest, metadata: { ...metadata, resourceVersion: String(revision) } };
    return { type: 'DELETED', object: last as KubeObject };
  }
}

function bookmarkOf(
  { apiVersion, descriptor, version }: ServedKind,
  revision: number,
  metadata: object,
): ServedEvent {
  const object = {
    kind: descriptor.kind,
    apiVersion: version?.face.apiVersion ?? apiVersion,
    metadata: { resourceVersion: String(revision), creationTimestamp: null, ...metadata },
  };
  return { type: 'BOOKMARK', object: object as unknown as KubeObject };
}

/** The stored object of a kind as clients see it; any other object as it is. */
export function shownNow(kind: ServedKind, object: KubeObject): KubeObject {
  const ownership = unstoredOwnership(object);
  if (ownership) return withFields(kind, object, ownership);
  const row = kind.cache.row(keyOf(object));
  return row && seenAs(kind, row.object) === object ? presented(kind, row) : object;
}

const shown = new WeakMap<Row, KubeObject>();

/** The object with its `managedFields`, which are worked out when somebody looks, once. */
export function presented(kind: ServedKind, row: Row): KubeObject {
  let object = shown.get(row);
  if (!object) {
    object = withFields(kind, row.object, row.ownership);
    shown.set(row, object);
  }
  return seenAs(kind, object);
}

function withFields(kind: ServedKind, object: KubeObject, ownership: Ownership): KubeObject {
  const fields = managedFields(ownership, kind.ownershipSchema, formatTime);
  if (fields.length === 0) return object;
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, managedFields: fields } } as KubeObject;
}
