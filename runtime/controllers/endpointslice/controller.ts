import { nodes, pods, services } from '../../../generated/core/v1/resources.ts';
import type { Service } from '../../../generated/core/v1/types.ts';
import { endpointslices } from '../../../generated/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import {
  type Client,
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import {
  isDeleting,
  isNamespaceTerminating,
  isNotFound,
  keyOf,
  ownerReference,
  type WatchEvent,
} from '../../meta/index.ts';
import { podsByNode } from '../pods-by-node.ts';
import { ServicePods, selectorOf } from '../service-pods.ts';
import { TRIGGER_TIME } from '../trigger-time.ts';
import { decideSlices, type SliceChanges, type SliceContent } from './decide.ts';
import { sliceLabels } from './labels.ts';
import { serviceKeys } from './selection.ts';
import { servicesOnNode, ZONE } from './triggers.ts';

const BY_SERVICE = 'endpointslice/service';

/** Keeps the slices of services. Key: the service. */
export function createEndpointSliceController(deps: ControllerDeps): Controller {
  deps.transport.addIndex<EndpointSlice>(endpointslices, BY_SERVICE, serviceKeys);
  const slices = listerOf(deps, endpointslices);
  const servicePods = new ServicePods(deps);
  const podsOn = podsByNode(deps);
  const nodeLister = listerOf(deps, nodes);
  const echoes = new Echoes();
  const zoneOf = (name: string): string | undefined | null => {
    const node = nodeLister.byKey(name);
    return node ? node.metadata.labels?.[ZONE] : null;
  };
  return {
    name: 'endpointslice',
    watches: [
      watch(services, ({ object }) => [keyOf(object)]),
      watch(pods, (event) => servicePods.touchedBy(event)),
      watch(nodes, (event) => servicesOnNode(servicePods, podsOn, event)),
      watch(endpointslices, (event) => (echoes.has(event) ? [] : serviceKeys(event.object))),
    ],
    async reconcile(key, { client }): Promise<ReconcileResult | undefined> {
      const service = servicePods.service(key);
      if (!service || !selectorOf(service)) return;
      const changes = decideSlices({
        service,
        pods: servicePods.podsOf(service),
        slices: slices.byIndex(BY_SERVICE, key),
        zoneOf,
      });
      if (changes.write.length === 0 && changes.remove.length === 0) return;
      await perform(client, service, changes, echoes);
      return { decision: summary(changes) };
    },
  };
}

function summary({ write, remove }: SliceChanges): object {
  const create = write.filter(({ live }) => !live).length;
  return { create, update: write.length - create, delete: remove.length };
}

async function perform(
  client: Client,
  service: Service,
  { write, remove, triggerTime }: SliceChanges,
  echoes: Echoes,
): Promise<void> {
  for (const content of write) {
    // The slices of a service that goes are the garbage collector's.
    if (!content.live && isDeleting(service)) continue;
    try {
      echoes.add(await writeSlice(client, service, content, triggerTime));
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      throw error;
    }
  }
  for (const { metadata } of remove) {
    const target = { name: metadata.name ?? '', namespace: metadata.namespace };
    await client.delete(endpointslices, target).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

function writeSlice(
  client: Client,
  service: Service,
  { live, addressType, endpoints, ports }: SliceContent,
  triggerTime: string | undefined,
): Promise<EndpointSlice> {
  const { [TRIGGER_TIME]: _, ...others } = live?.metadata.annotations ?? {};
  const annotations = triggerTime ? { ...others, [TRIGGER_TIME]: triggerTime } : others;
  const labels = sliceLabels(service);
  if (live)
    return client.update(endpointslices, {
      ...live,
      metadata: { ...live.metadata, labels, annotations },
      endpoints,
      ports,
    });
  const { name, namespace = '' } = service.metadata;
  return client.create(endpointslices, {
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels,
      annotations,
      ownerReferences: [ownerReference(service)],
    },
    addressType,
    endpoints,
    ports,
  });
}

/** Own writes whose watch events have not come yet: they need no second look. */
class Echoes {
  readonly #expected = new Map<string, string>();

  add({ metadata }: EndpointSlice): void {
    this.#expected.set(keyOf({ metadata }), metadata.resourceVersion ?? '');
  }

  /** Whether the event tells of an own write, which it takes off the list. */
  has({ object }: WatchEvent<EndpointSlice>): boolean {
    const key = keyOf(object);
    const expected = this.#expected.get(key);
    if (expected === undefined) return false;
    if (expected !== object.metadata.resourceVersion) return false;
    this.#expected.delete(key);
    return true;
  }
}
