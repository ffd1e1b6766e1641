/** A check of the server's health: nothing where all is well, else a text that says what is wrong. */
export type Check = () => string | undefined;

/** Checks by the name under which they are asked for, `/readyz/etcd`. */
export type HealthChecks = Readonly<Record<string, Check>>;

export const HEALTH_ROOTS = ['healthz', 'livez', 'readyz'] as const;
export type HealthRoot = (typeof HEALTH_ROOTS)[number];

const READY_ONLY = ['informer-sync', 'shutdown'];
/** What a server that cannot be reached at all, or cannot reach its store, is not restarted for, but asked otherwise. */
const NOT_READY = ['loopback-serving-certificate', 'etcd'];

/**
 * What kube-apiserver does when it starts, each a check of its own by the name `poststarthook/…`. Here all of it is done before the
 * server takes requests.
 */
const HOOKS = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'peer-endpoint-reconciler-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'storage-readiness',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-wait-for-first-sync',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
  'autoregister-completion',
  'apiservice-openapi-controller',
  'apiservice-openapiv3-controller',
];
/** Among the hooks in their order, but none. */
const NO_HOOK = 'autoregister-completion';

const NAMES: readonly string[] = [
  'ping',
  'log',
  'loopback-serving-certificate',
  'etcd',
  'informer-sync',
  ...HOOKS.map((hook) => (hook === NO_HOOK ? hook : `poststarthook/${hook}`)),
  'shutdown',
];

const isWell: Check = () => undefined;

/** The checks of one root, in the order in which they are told of; `own` are those that there is more to say of. */
export function checksAt(
  root: HealthRoot,
  own: HealthChecks,
): readonly (readonly [string, Check])[] {
  const absent = root === 'readyz' ? NOT_READY : READY_ONLY;
  return NAMES.filter((name) => !absent.includes(name)).map((name) => [name, own[name] ?? isWell]);
}

/** All paths below the roots of health. */
export function healthPaths(): string[] {
  return HEALTH_ROOTS.flatMap((root) => [
    `/${root}`,
    ...checksAt(root, {}).map(([name]) => `/${root}/${name}`),
  ]);
}
