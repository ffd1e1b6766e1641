import { schemaSet } from '../../generated/registry.ts';
import {
  KUBERNETES_VERSIONS,
  type KubernetesVersion,
  servedAt,
} from '../../generator/model/index.ts';
import { ApiServer, type ApiServerOptions, type ReadOptions } from '../apiserver/index.ts';
import type {
  IndexFunction,
  Lister,
  SubscribeOptions,
  Subscription,
  Transport,
} from '../client/index.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';

/** A new server over an empty store, serving every kind of the schemas that the version of Kubernetes has. */
export function createServer(
  options: Omit<ApiServerOptions, 'schemas'>,
  version: KubernetesVersion = KUBERNETES_VERSIONS[0],
): ApiServer {
  return new ApiServer({ ...options, schemas: servedAt(schemaSet, version) });
}

/** A client's way to a server in the same process: a function call. Nothing is copied. */
export function localTransport(server: ApiServer): Transport {
  return {
    request: (request) => server.request(request),
    lister: <T>(resource: ResourceRef<T>) => localLister<T>(server, resource),
    addIndex: <T>(resource: ResourceRef<T>, name: string, index: IndexFunction<T>) =>
      server.addIndex(resource, name, index as unknown as IndexFunction<KubeObject>),
    subscribe: <T>(resource: ResourceRef<T>, { initial, ...options }: SubscribeOptions<T>) =>
      server.subscribe(
        resource,
        options as unknown as ReadOptions,
        initial,
      ) as unknown as Subscription<T>,
  };
}

/** Reads the server's own indexes. */
function localLister<T>(server: ApiServer, resource: ResourceRef<T>): Lister<T> {
  const cache = server.cache(resource);
  const typed = (object: KubeObject | undefined): T | undefined =>
    object as unknown as T | undefined;
  return {
    get size() {
      return cache.size;
    },
    get: (name, namespace) => typed(cache.row(namespace ? `${namespace}/${name}` : name)?.object),
    byKey: (key) => typed(cache.row(key)?.object),
    list: (namespace) => cache.list(namespace) as unknown as T[],
    byIndex: (index, value) => cache.byIndex(index, value) as unknown as T[],
    countIndex: (index, value) => cache.countIndex(index, value),
  };
}
