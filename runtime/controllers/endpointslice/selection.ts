import { pods, services } from '../../../generated/core/v1/resources.ts';
import type { Pod, Service } from '../../../generated/core/v1/types.ts';
import { endpointslices } from '../../../generated/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import type { ControllerDeps, Lister } from '../../client/index.ts';
import { hasLabels, type KubeObject, keyOf, type Labels } from '../../meta/index.ts';
import { MANAGED_BY, MANAGER, SERVICE_NAME } from './labels.ts';

const BY_LABEL = 'endpointslice/label';
const BY_SELECTOR = 'endpointslice/selector-label';
const BY_SERVICE = 'endpointslice/service';
const NONE: readonly string[] = [];

/** Who selects whom, by indexes: one entry a label of a pod, one a service, one a slice. */
export class Selection {
  readonly #pods: Lister<Pod>;
  readonly #services: Lister<Service>;
  readonly #slices: Lister<EndpointSlice>;

  constructor({ transport }: ControllerDeps) {
    transport.addIndex<Pod>(pods, BY_LABEL, labelValues);
    transport.addIndex<Service>(services, BY_SELECTOR, selectorValue);
    transport.addIndex<EndpointSlice>(endpointslices, BY_SERVICE, serviceKeys);
    this.#pods = transport.lister(pods);
    this.#services = transport.lister(services);
    this.#slices = transport.lister(endpointslices);
  }

  service(key: string): Service | undefined {
    return this.#services.byKey(key);
  }

  /** The pods that a service selects, through the rarest of its labels. */
  podsOf(service: Service): readonly Pod[] {
    const selector = selectorOf(service);
    if (!selector) return [];
    const { namespace = '' } = service.metadata;
    const values = Object.keys(selector).map((key) => pairValue(namespace, key, selector[key]!));
    const rarest = values.reduce((a, b) => (this.#count(b) < this.#count(a) ? b : a));
    const found = this.#pods.byIndex(BY_LABEL, rarest);
    if (values.length === 1) return found;
    return found.filter(({ metadata }) => hasLabels(metadata.labels, selector));
  }

  slicesOf(key: string): readonly EndpointSlice[] {
    return this.#slices.byIndex(BY_SERVICE, key);
  }

  /** Keys of the services that select a pod with these labels. */
  servicesFor(namespace: string, labels: Labels): string[] {
    const found: string[] = [];
    for (const key in labels)
      for (const service of this.#services.byIndex(
        BY_SELECTOR,
        pairValue(namespace, key, labels[key]!),
      ))
        if (hasLabels(labels, selectorOf(service)!)) found.push(keyOf(service));
    return found;
  }

  #count(value: string): number {
    return this.#pods.countIndex(BY_LABEL, value);
  }
}

/** The selector of a service whose slices are kept here. */
export function selectorOf({ spec }: Service): Labels | undefined {
  if (spec?.type === 'ExternalName' || !spec?.selector) return undefined;
  return Object.keys(spec.selector).length > 0 ? spec.selector : undefined;
}

/** The service of a slice that this controller made. */
export function serviceKeys({ metadata }: EndpointSlice): readonly string[] {
  const { labels, namespace } = metadata;
  const service = labels?.[SERVICE_NAME];
  return service && labels[MANAGED_BY] === MANAGER ? [`${namespace}/${service}`] : NONE;
}

const byLabels = new WeakMap<Labels, { namespace: string; values: readonly string[] }>();

/** Pods of one template share their labels, and so the values. */
function labelValues({ metadata }: KubeObject): readonly string[] {
  const { labels, namespace = '' } = metadata;
  if (!labels) return NONE;
  let known = byLabels.get(labels);
  if (known?.namespace !== namespace) {
    const values = Object.keys(labels).map((key) => pairValue(namespace, key, labels[key]!));
    known = { namespace, values };
    byLabels.set(labels, known);
  }
  return known.values;
}

function selectorValue(service: Service): readonly string[] {
  const selector = selectorOf(service);
  for (const key in selector)
    return [pairValue(service.metadata.namespace ?? '', key, selector[key]!)];
  return NONE;
}

function pairValue(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}
