import type { StructuralInterpreter } from '../../../generator/model/index.ts';
import type { KubeObject, WatchEvent } from '../../meta/index.ts';
import type { LogReader, ReadOptions } from '../cache/event-log.ts';
import type { IndexFunction, KindCache } from '../cache/resource-cache.ts';
import type { Row } from '../row.ts';
import { type Convert, orPlain } from './webhook-conversion.ts';

/** How a version of a custom resource sees what is stored, and is stored. The same object gives the same one. */
export interface CustomView {
  /** A stored object, or one that was seen already, as clients of the version see it. */
  seen(object: KubeObject): KubeObject;
  /** The same of many at once, so that who converts them is asked once. */
  seenAll(objects: readonly KubeObject[]): KubeObject[];
  /** As it is seen, or where it cannot be converted at once with nothing changed but `apiVersion`. */
  glimpsed(object: KubeObject): KubeObject;
  /** An object of the version as it is stored. */
  stored(object: KubeObject): KubeObject;
}

type Schema = Pick<StructuralInterpreter, 'prune' | 'withDefaults'>;

/** One version, and the one in which objects are stored. */
export interface ViewedVersion {
  readonly apiVersion: string;
  readonly schema: Schema;
}

/** How objects get from one version to another, where more than their `apiVersion` changes. */
export interface ViewConversion {
  readonly convert: Convert;
  /** Whether somebody outside of the cluster does it, who must be waited for. */
  readonly isOutside: boolean;
}

/**
 * Objects lie in the storage version as they were sent, pruned. Who reads them gets the defaults of the storage version and what the
 * schema of its own version names; what it writes loses what the storage version does not name.
 */
export function customView(
  own: ViewedVersion,
  storage: ViewedVersion,
  conversion?: ViewConversion,
): CustomView {
  const known = new WeakMap<KubeObject, KubeObject>();
  const kept = new WeakMap<KubeObject, KubeObject>();
  const renamed: Convert = (objects, apiVersion) =>
    objects.map((object) => ({ ...object, apiVersion }));
  const convert = conversion?.convert ?? renamed;
  const as = (object: KubeObject, { apiVersion, schema }: ViewedVersion): KubeObject => {
    const [named] = object.apiVersion === apiVersion ? [object] : convert([object], apiVersion);
    return schema.prune(named) as KubeObject;
  };
  /** With what its own version adds before anybody converts it. */
  const whole = (object: KubeObject): KubeObject =>
    object.apiVersion === storage.apiVersion
      ? (storage.schema.withDefaults(as(object, storage)) as KubeObject)
      : object;
  const remember = (object: KubeObject, found: KubeObject): KubeObject => {
    known.set(object, found);
    known.set(found, found);
    return found;
  };
  const seen = (object: KubeObject): KubeObject =>
    known.get(object) ?? remember(object, as(whole(object), own));
  return {
    seen,
    seenAll(objects) {
      const strange = conversion ? objects.filter((each) => !known.has(each)) : [];
      const asked = strange.map(whole);
      const foreign = asked.filter(({ apiVersion }) => apiVersion !== own.apiVersion);
      if (foreign.length > 1) {
        const converted = convert(foreign, own.apiVersion);
        for (const [at, object] of foreign.entries())
          remember(strange[asked.indexOf(object)]!, as(converted[at]!, own));
      }
      return objects.map(seen);
    },
    glimpsed(object) {
      if (!conversion || known.has(object)) return seen(object);
      if (conversion.isOutside) return { ...object, apiVersion: own.apiVersion };
      return orPlain(() => seen(object), object, own.apiVersion);
    },
    stored(object) {
      const found = kept.get(object) ?? as(object, storage);
      if (conversion) kept.set(object, found);
      return found;
    },
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
    list: (namespace) => view.seenAll(cache.list(namespace)),
    addIndex: (name, values: IndexFunction) =>
      cache.addIndex(name, (object) => values(view.glimpsed(object))),
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
