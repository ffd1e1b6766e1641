import { services } from '../../generated/core/v1/resources.ts';
import type { Pod, Service } from '../../generated/core/v1/types.ts';
import type { ControllerDeps, Lister } from '../client/index.ts';
import { hasLabels, jsonEqual, keyOf, type Labels, type WatchEvent } from '../meta/index.ts';
import { hasPodEnded, isPodReady } from './pods.ts';
import { PodsByLabel } from './pods-by-label.ts';
import { labelValue } from './selecting.ts';

const BY_SELECTOR = 'service-selector-label';
const NONE: readonly string[] = [];

/** Which services select which pods, by indexes: one entry a label of a pod, one a service. */
export class ServicePods {
  readonly #pods: PodsByLabel;
  readonly #services: Lister<Service>;

  constructor({ transport }: ControllerDeps) {
    transport.addIndex<Service>(services, BY_SELECTOR, selectorValue);
    this.#pods = new PodsByLabel({ transport });
    this.#services = transport.lister(services);
  }

  service(key: string): Service | undefined {
    return this.#services.byKey(key);
  }

  /** The pods that a service selects, through the rarest of its labels. */
  podsOf(service: Service): readonly Pod[] {
    const selector = selectorOf(service);
    if (!selector) return [];
    return this.#pods.having(service.metadata.namespace ?? '', selector);
  }

  /** Keys of the services that select a pod with these labels. */
  servicesFor(namespace: string, labels: Labels): string[] {
    const found: string[] = [];
    for (const key in labels)
      for (const service of this.#services.byIndex(
        BY_SELECTOR,
        labelValue(namespace, key, labels[key]!),
      ))
        if (hasLabels(labels, selectorOf(service)!)) found.push(keyOf(service));
    return found;
  }

  /** The services that a pod's change touches: those that select it, and those that selected it before. */
  touchedBy({ type, object, previous }: WatchEvent<Pod>): readonly string[] {
    const { namespace = '', labels = {} } = object.metadata;
    const before = previous && isReachable(previous) ? previous : undefined;
    const now = type !== 'DELETED' && isReachable(object) ? object : undefined;
    if (type === 'DELETED') return isReachable(object) ? this.servicesFor(namespace, labels) : NONE;
    if (!before && !now) return NONE;
    if (before && now && isSameEndpoint(before, now)) return NONE;
    const keys = this.servicesFor(namespace, labels);
    const old = before?.metadata.labels;
    return old && old !== object.metadata.labels
      ? [...keys, ...this.servicesFor(namespace, old)]
      : keys;
  }
}

/** The selector of a service that gets its endpoints from it: not of one that is a name of something outside. */
export function selectorOf({ spec }: Service): Labels | undefined {
  if (spec?.type === 'ExternalName' || !spec?.selector) return undefined;
  return Object.keys(spec.selector).length > 0 ? spec.selector : undefined;
}

function selectorValue(service: Service): readonly string[] {
  const selector = selectorOf(service);
  for (const key in selector)
    return [labelValue(service.metadata.namespace ?? '', key, selector[key]!)];
  return NONE;
}

/** Whether the pod can be an endpoint at all: it has an address and has not ended. */
export function isReachable(pod: Pod): boolean {
  const { podIP, podIPs } = pod.status ?? {};
  return !hasPodEnded(pod) && (Boolean(podIP) || (podIPs?.length ?? 0) > 0);
}

/** Whether the change of a reachable pod is none to its services. */
function isSameEndpoint(before: Pod, now: Pod): boolean {
  return (
    isSame(before.metadata.labels, now.metadata.labels) &&
    before.metadata.deletionTimestamp === now.metadata.deletionTimestamp &&
    isPodReady(before) === isPodReady(now) &&
    isSame(before.status?.podIPs, now.status?.podIPs) &&
    before.status?.podIP === now.status?.podIP &&
    before.spec?.hostname === now.spec?.hostname &&
    before.spec?.subdomain === now.spec?.subdomain
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || jsonEqual(a, b);
}

/** The addresses of a pod in one family. */
export function addressesOf({ status }: Pod, family: 'IPv4' | 'IPv6'): string[] {
  const all = status?.podIPs?.map(({ ip }) => ip) ?? [];
  const listed = all.length > 0 ? all : [status?.podIP ?? ''];
  return listed.filter((ip) => ip && ip.includes(':') === (family === 'IPv6'));
}

/** Whether the pod has a name of its own below that of a headless service. */
export function isNamedBelow({ spec }: Pod, { metadata }: Service): boolean {
  return Boolean(spec?.hostname) && spec?.subdomain === metadata.name;
}

export function isHeadless({ spec }: Service): boolean {
  return !spec?.clusterIP || spec.clusterIP === 'None';
}

/** The number of a service's target port in a pod; undefined when no container of it has a port of that name. */
export function portNumber(
  target: number | string,
  protocol: string,
  { spec }: Pod,
): number | undefined {
  if (typeof target === 'number') return target;
  const sidecars = (spec?.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === 'Always',
  );
  for (const { ports = [] } of [...(spec?.containers ?? []), ...sidecars])
    for (const { name, containerPort, protocol: own = 'TCP' } of ports)
      if (name === target && own === protocol) return containerPort;
  return undefined;
}
