import { type KubeObject, resourceId, type WatchEvent } from '../../meta/index.ts';
import type { CacheView } from '../conversion/index.ts';
import type { CustomKinds } from './custom-kinds.ts';

interface Path {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/**
 * What readers see of a resource that may come and go with its definition: nothing while there is none, and always by the schema that
 * there is now.
 */
export function customReader(kinds: CustomKinds, { group, version, resource }: Path): CacheView {
  const id = resourceId({ group, resource });
  const path = `${group}/${version}/${resource}`;
  const cache = kinds.cacheOf(id);
  const seen = (object: KubeObject): KubeObject =>
    kinds.at(path)?.custom?.glimpsed(object) ?? object;
  const shown = (event: WatchEvent): WatchEvent => ({
    ...event,
    object: seen(event.object),
    ...(event.previous ? { previous: seen(event.previous) } : {}),
  });
  return {
    get size() {
      return cache.size;
    },
    row(key) {
      const row = cache.row(key);
      return row && { ...row, object: seen(row.object) };
    },
    first() {
      const object = cache.first();
      return object && seen(object);
    },
    list: (namespace) => cache.list(namespace).map(seen),
    addIndex: (name, values) => cache.addIndex(name, values),
    byIndex: (name, value) => cache.byIndex(name, value).map(seen),
    countIndex: (name, value) => cache.countIndex(name, value),
    subscribe({ notify, concerns }, initial) {
      const reader = cache.subscribe({ notify, concerns }, initial);
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
    },
  };
}
