import { replicasets } from '../../generated/apps/v1/resources.ts';
import type { ReplicaSet } from '../../generated/apps/v1/types.ts';
import { clusters } from '../../generated/cluster/v1/resources.ts';
import {
  namespaces,
  nodes,
  persistentvolumeclaims,
  persistentvolumes,
  pods,
  services,
} from '../../generated/core/v1/resources.ts';
import type { Service } from '../../generated/core/v1/types.ts';
import { kubeschedulerconfigurations } from '../../generated/kubescheduler/v1/resources.ts';
import { poddisruptionbudgets } from '../../generated/policy/v1/resources.ts';
import {
  csidrivers,
  csinodes,
  csistoragecapacities,
  storageclasses,
  volumeattachments,
} from '../../generated/storage/v1/resources.ts';
import type { Lister, Transport } from '../client/index.ts';
import { isApiError, type ResourceRef } from '../meta/index.ts';
import type { SchedulerConfig } from './config.ts';
import type { SelectorSources } from './default-selector.ts';
import type { DisruptionBudgetObject } from './preemption/index.ts';
import type { Labels } from './selectors.ts';
import { createView, type SchedulingView } from './view.ts';
import { classOf, type StorageObjects } from './volumes/index.ts';

const BY_FIRST_PAIR = 'scheduler/first-selector-pair';
const BY_CLASS = 'scheduler/storage-class';
const BY_NODE = 'scheduler/node';

type Reading = Pick<Transport, 'lister' | 'addIndex'>;

/** Whether the API server has the resource: an old or a small one has not all of them. */
export function isServed({ lister }: Reading, resource: ResourceRef): boolean {
  try {
    return lister(resource).size >= 0;
  } catch (error) {
    if (isApiError(error)) return false;
    throw error;
  }
}

/** A lister of a resource that the API server may not have; then it lists nothing. */
function listerIfServed<T>(transport: Reading, resource: ResourceRef<T>): Lister<T> {
  return isServed(transport, resource) ? transport.lister(resource) : (NOTHING as Lister<T>);
}

const NOTHING: Lister<never> = {
  size: 0,
  get: () => undefined,
  byKey: () => undefined,
  list: () => [],
  byIndex: () => [],
  countIndex: () => 0,
};

/** Default spreading's sources over the API: services through an index on one pair of their selector, and owners. */
export function selectorSources(transport: Reading): SelectorSources {
  transport.addIndex(services, BY_FIRST_PAIR, firstPair);
  const serviceLister = transport.lister(services);
  const owners = transport.lister(replicasets);
  return {
    serviceSelectors: (namespace, labels) =>
      Object.keys(labels)
        .sort()
        .flatMap((key) =>
          serviceLister
            .byIndex(BY_FIRST_PAIR, `${namespace}/${key}=${labels[key]}`)
            .map((service) => service.spec?.selector as Labels)
            .filter((selector) => contains(labels, selector)),
        ),
    ownerSelector: (kind, namespace, name) =>
      kind === 'ReplicaSet' ? owners.get(name, namespace)?.spec?.selector : undefined,
  };
}

function firstPair(service: Service): readonly string[] {
  const selector = (service.spec?.selector ?? {}) as Labels;
  const key = Object.keys(selector).sort()[0];
  return key === undefined ? [] : [`${service.metadata?.namespace}/${key}=${selector[key]}`];
}

/** Whether the labels have all pairs of the selector. */
export function contains(labels: Labels, selector: Labels): boolean {
  return Object.keys(selector).every((key) => labels[key] === selector[key]);
}

/** Whether default spreading may group pods otherwise after this change. */
export function selectsOtherwise(
  object: Service | ReplicaSet,
  previous: Service | ReplicaSet | undefined,
): boolean {
  if (!previous) return true;
  const now = object.spec?.selector;
  const before = previous.spec?.selector;
  return now !== before && JSON.stringify(now) !== JSON.stringify(before);
}

/** What volumes depend on, over the API. */
export function storageObjects(transport: Reading): StorageObjects {
  const claims = listerIfServed(transport, persistentvolumeclaims);
  const volumes = listerIfServed(transport, persistentvolumes);
  const classes = listerIfServed(transport, storageclasses);
  const nodeDrivers = listerIfServed(transport, csinodes);
  const drivers = listerIfServed(transport, csidrivers);
  const capacities = listerIfServed(transport, csistoragecapacities);
  const attachments = listerIfServed(transport, volumeattachments);
  if (volumes !== NOTHING)
    transport.addIndex(persistentvolumes, BY_CLASS, (volume) => [classOf(volume)]);
  if (capacities !== NOTHING)
    transport.addIndex(csistoragecapacities, BY_CLASS, (each) => [each.storageClassName]);
  if (attachments !== NOTHING)
    transport.addIndex(volumeattachments, BY_NODE, (each) => [each.spec?.nodeName ?? '']);
  return {
    claim: (namespace, name) => claims.get(name, namespace),
    volume: (name) => volumes.get(name),
    volumesOfClass: (className) => volumes.byIndex(BY_CLASS, className),
    storageClass: (name) => classes.get(name),
    csiNode: (nodeName) => nodeDrivers.get(nodeName),
    csiDriver: (name) => drivers.get(name),
    capacitiesOfClass: (className) => capacities.byIndex(BY_CLASS, className),
    attachments: (nodeName) => attachments.byIndex(BY_NODE, nodeName),
    attachmentCount: (nodeName) => attachments.countIndex(BY_NODE, nodeName),
  };
}

export function budgetLister(transport: Reading): Lister<DisruptionBudgetObject> {
  return listerIfServed(transport, poddisruptionbudgets);
}

/**
 * The configuration that holds now: what the first KubeSchedulerConfiguration says, or without any the scheduler settings
 * of the Cluster, over what the scheduler was made with.
 */
export function effectiveConfig(base: SchedulerConfig, transport: Reading): SchedulerConfig {
  const [configuration] = listerIfServed(transport, kubeschedulerconfigurations).list();
  const settings = configuration ?? listerIfServed(transport, clusters).list()[0]?.spec?.scheduler;
  if (!settings) return base;
  const { percentageOfNodesToScore, podInitialBackoffSeconds, podMaxBackoffSeconds } = settings;
  return {
    ...base,
    ...(percentageOfNodesToScore === undefined ? {} : { percentageOfNodesToScore }),
    ...(podInitialBackoffSeconds === undefined ? {} : { podInitialBackoffSeconds }),
    ...(podMaxBackoffSeconds === undefined ? {} : { podMaxBackoffSeconds }),
    ...(configuration?.profiles ? { profiles: configuration.profiles } : {}),
  };
}

/** A view of the cluster as it is now, judged by the configuration that holds. Work: O(objects). */
export function currentView(transport: Reading, base: SchedulerConfig): SchedulingView {
  const all = <T>(resource: ResourceRef<T>): readonly T[] =>
    listerIfServed(transport, resource).list();
  return createView(
    {
      nodes: all(nodes),
      pods: all(pods),
      services: all(services),
      replicaSets: all(replicasets),
      namespaces: all(namespaces),
      budgets: all(poddisruptionbudgets),
      storage: {
        claims: all(persistentvolumeclaims),
        volumes: all(persistentvolumes),
        storageClasses: all(storageclasses),
        csiNodes: all(csinodes),
        csiDrivers: all(csidrivers),
        capacities: all(csistoragecapacities),
        attachments: all(volumeattachments),
      },
    },
    effectiveConfig(base, transport),
  );
}
