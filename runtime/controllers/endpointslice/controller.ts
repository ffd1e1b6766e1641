import { nodes, pods, services } from '../../../generated/core/v1/resources.ts';
import type { Node, Service } from '../../../generated/core/v1/types.ts';
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
import { FOLLOWS, serviceKeys, topologyKeys } from './selection.ts';
import { changesShares, isOverloaded } from './topology.ts';
import { servicesOnNode, ZONE } from './triggers.ts';
import { ZoneCapacity } from './zone-capacity.ts';

const BY_SERVICE = 'endpointslice/service';
const BY_TOPOLOGY = 'endpointslice/topology';

/** Keeps the slices of services. Key: the service. */
export function createEndpointSliceController(deps: ControllerDeps): Controller {
  deps.transport.addIndex<EndpointSlice>(endpointslices, BY_SERVICE, serviceKeys);
  deps.transport.addIndex<Service>(services, BY_TOPOLOGY, topologyKeys);
  const slices = listerOf(deps, endpointslices);
  const serviceLister = listerOf(deps, services);
  const servicePods = new ServicePods(deps);
  const podsOn = podsByNode(deps);
  const nodeLister = listerOf(deps, nodes);
  const capacity = new ZoneCapacity(nodeLister);
  const echoes = new Echoes();
  const overloaded = (event: WatchEvent<Node>): string[] => {
    if (!changesShares(event)) return [];
    capacity.refresh(event.object.metadata.name ?? '');
    const isUneven = (key: string): boolean =>
      isOverloaded(slices.byIndex(BY_SERVICE, key), capacity.shares());
    return serviceLister.byIndex(BY_TOPOLOGY, FOLLOWS).map(keyOf).filter(isUneven);
  };
  const zoneOf = (name: string): string | undefined | null => {
    const node = nodeLister.byKey(name);
    return node ? node.metadata.labels?.[ZONE] : null;
  };
  return {
    name: 'endpointslice',
    watches: [
      watch(services, ({ object }) => [keyOf(object)]),
      watch(pods, (event) => servicePods.touchedBy(event)),
      watch(nodes, (event) => [
        ...servicesOnNode(servicePods, podsOn, event),
        ...overloaded(event),
      ]),
      watch(endpointslices, (event) => (echoes.has(event) ? [] : serviceKeys(event.object))),
    ],
    async reconcile(key, { client, events }): Promise<ReconcileResult | undefined> {
      const service = servicePods.service(key);
      if (!service || !selectorOf(service)) return;
      const changes = decideSlices({
        service,
        pods: servicePods.podsOf(service),
        slices: slices.byIndex(BY_SERVICE, key),
        zoneOf,
        zoneShares: () => capacity.shares(),
      });
      for (const { type, reason, message } of changes.notices)
        events.event(service, type, reason, message);
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
