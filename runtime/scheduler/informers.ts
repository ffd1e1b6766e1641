import { replicasets } from '../../generated/apps/v1/resources.ts';
import type { ReplicaSet } from '../../generated/apps/v1/types.ts';
import { services } from '../../generated/core/v1/resources.ts';
import type { Service } from '../../generated/core/v1/types.ts';
import type { Transport } from '../client/index.ts';
import type { SelectorSources } from './default-selector.ts';
import type { Labels } from './selectors.ts';

const BY_FIRST_PAIR = 'scheduler/first-selector-pair';

/** Default spreading's sources over the API: services through an index on one pair of their selector, and owners. */
export function selectorSources(
  transport: Pick<Transport, 'lister' | 'addIndex'>,
): SelectorSources {
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
