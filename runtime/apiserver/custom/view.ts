import type { StructuralInterpreter } from '../../../generator/model/index.ts';
import type { KubeObject, WatchEvent } from '../../meta/index.ts';
import type { LogReader, ReadOptions } from '../cache/event-log.ts';
import type { IndexFunction, KindCache } from '../cache/resource-cache.ts';
import type { Row } from '../row.ts';

/** How a version of a custom resource sees what is stored, and is stored. The same object gives the same one. */
export interface CustomView {
  /** A stored object, or one that was seen already, as clients of the version see it. */
  seen(object: KubeObject): KubeObject;
  /** An object of the version as it is stored. */
  stored(object: KubeObject): KubeObject;
}

type Schema = Pick<StructuralInterpreter, 'prune' | 'withDefaults'>;

/** One version, and the one in which objects are stored. */
export interface ViewedVersion {
  readonly apiVersion: string;
  readonly schema: Schema;
}

/**
 * Objects lie in the storage version as they were sent, pruned. Who reads them gets the defaults of the storage version and what the
 * schema of its own version names; what it writes loses what the storage version does not name.
 */
export function customView(own: ViewedVersion, storage: ViewedVersion): CustomView {
  const known = new WeakMap<KubeObject, KubeObject>();
  const as = (object: KubeObject, { apiVersion, schema }: ViewedVersion): KubeObject => {
    const named = object.apiVersion === apiVersion ? object : { ...object, apiVersion };
    return schema.prune(named) as KubeObject;
  };
  return {
    seen(object) {
      let found = known.get(object);
      if (!found) {
        const isStored = object.apiVersion === storage.apiVersion;
        const whole = isStored ? storage.schema.withDefaults(as(object, storage)) : object;
        found = as(whole as KubeObject, own);
        known.set(object, found);
        known.set(found, found);
      }
      return found;
    },
    stored: (object) => as(object, storage),
  };
}

/** The cache of a custom resource in one of its versions. Changes of the store go into the one cache below. */
export function viewedCache(cache: KindCache, view: CustomView): KindCache {
  const rows = new WeakMap<Row, Row>();
  const seenRow = (row: Row | undefined): Row | undefined => {
    if (!row) return undefined;
    let found = rows.get(row);
    if (!found) {
      const object = view.seen(row.object);
      found = object === row.object ? row : { ...row, object };
      rows.set(row, found);
    }
    return found;
  };
  const seen = (object: KubeObject): KubeObject => view.seen(object);
  return {
    get size() {
      return cache.size;
    },
    row: (key) => seenRow(cache.row(key)),
    first() {
      const object = cache.first();
      return object && seen(object);
    },
    list: (namespace) => cache.list(namespace).map(seen),
    addIndex: (name, values: IndexFunction) =>
      cache.addIndex(name, (object) => values(view.seen(object))),
    hasIndex: (name) => cache.hasIndex(name),
    byIndex: (name, value) => cache.byIndex(name, value).map(seen),
    countIndex: (name, value) => cache.countIndex(name, value),
    subscribe: (options, initial) => seenChanges(cache, options, initial, seen),
    expired: (nowMs) => cache.expired(nowMs),
    apply: (key, event, nowMs) => cache.apply(key, event, nowMs),
    fork: () => viewedCache(cache.fork(), view),
  };
}

function seenChanges(
  cache: KindCache,
  { notify, concerns }: ReadOptions,
  initial: boolean,
  seen: (object: KubeObject) => KubeObject,
): LogReader {
  const shown = (event: WatchEvent): WatchEvent => ({
    ...event,
    object: seen(event.object),
    ...(event.previous ? { previous: seen(event.previous) } : {}),
  });
  const asked = concerns && ((event: WatchEvent) => concerns(shown(event)));
  const reader = cache.subscribe({ notify, concerns: asked }, initial);
  return {
    next() {
      const event = reader.next();
      return event && shown(event);
    },
    get pending() {
      return reader.pending;
    },
    close: () => reader.close(),
  };
}
