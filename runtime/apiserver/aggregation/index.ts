/**
 * The aggregation layer: which group versions this server answers for, and which a service in the cluster (kube-aggregator).
 *
 * `registered.ts` has the APIServices of what is built in; those of custom resources come and go by a controller, which also
 * finds out whether services answer. `remote.ts` hands requests for such a group version on to a pod of its service, and asks
 * it for its resources when discovery wants them.
 *
 * Invariant: what is known of services follows from stored objects; nothing is kept here. Left out: bodies, upgrades and client
 * certificates of requests that are handed on, as with the proxies of services; OpenAPI documents of services.
 */
export { API_SERVICES, GROUP_PRIORITY, registeredApiServices } from './registered.ts';
export { type RemoteResource, type RemoteVersion, RemoteVersions } from './remote.ts';
