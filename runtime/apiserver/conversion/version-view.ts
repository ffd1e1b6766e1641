import type { KubeObject, WatchEvent } from '../../meta/index.ts';
import type { LogReader, ReadOptions } from '../cache/event-log.ts';
import type { IndexFunction, KindCache, ResourceCache } from '../cache/resource-cache.ts';
import type { ServedKind } from '../kind.ts';
import type { Row } from '../row.ts';
import type { ServedVersion } from './served-version.ts';

/** What readers may do with a cache. */
export type CacheView = Pick<
  ResourceCache,
  'size' | 'row' | 'first' | 'list' | 'addIndex' | 'byIndex' | 'countIndex' | 'subscribe'
>;

const views = new WeakMap<ServedKind, CacheView>();

/** The cache of a kind, as clients of the version see it that the kind is served in. */
export function viewOf(kind: ServedKind): CacheView {
  const { version, cache } = kind;
  if (!version) return cache;
  const view = views.get(kind) ?? versionView(cache, version);
  views.set(kind, view);
  return view;
}

function versionView(cache: KindCache, { face, conversion }: ServedVersion): CacheView {
  const from = (object: KubeObject): KubeObject => conversion.fromStorage(object);
  const indexName = (name: string): string => `${face.apiVersion} ${name}`;
  return {
    get size() {
      return cache.size;
    },
    row(key): Row | undefined {
      const row = cache.row(key);
      return row && { ...row, object: from(row.object) };
    },
    first() {
      const object = cache.first();
      return object && from(object);
    },
    list: (namespace) => cache.list(namespace).map(from),
    addIndex: (name, values: IndexFunction) =>
      cache.addIndex(indexName(name), (object) => values(from(object))),
    byIndex: (name, value) => cache.byIndex(indexName(name), value).map(from),
    countIndex: (name, value) => cache.countIndex(indexName(name), value),
    subscribe: (options, initial) => converted(cache, options, initial, from),
  };
}

function converted(
  cache: KindCache,
  { notify, concerns }: ReadOptions,
  initial: boolean,
  from: (object: KubeObject) => KubeObject,
): LogReader {
  const seen = (event: WatchEvent): WatchEvent => ({
    ...event,
    object: from(event.object),
    ...(event.previous ? { previous: from(event.previous) } : {}),
  });
  const concernsSeen = concerns && ((event: WatchEvent) => concerns(seen(event)));
  const reader = cache.subscribe({ notify, concerns: concernsSeen }, initial);
  return {
    next() {
      const event = reader.next();
      return event && seen(event);
    },
    get pending() {
      return reader.pending;
    },
    close: () => reader.close(),
  };
}
