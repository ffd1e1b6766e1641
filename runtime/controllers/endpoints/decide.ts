import type { EndpointSubset, Endpoints, Pod, Service } from '../../../generated/core/v1/types.ts';
import { jsonEqual } from '../../meta/index.ts';
import { isHeadless } from '../service-pods.ts';
import { readyTransition, TRIGGER_TIME } from '../trigger-time.ts';
import { cutToCapacity, subsetsOf } from './subsets.ts';

const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
const HEADLESS = 'service.kubernetes.io/headless';
const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const MANAGER = 'endpoint-controller';

/** All that the Endpoints of a service follow from. */
export interface ServiceView {
  readonly service: Service;
  readonly pods: readonly Pod[];
  readonly live: Endpoints | undefined;
  /** Whether a label says who made the object. */
  readonly marksManaged: boolean;
}

type Content = Pick<Endpoints, 'subsets'> & {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};

/** What the Endpoints of a service shall hold; undefined when they do. */
export function decideEndpoints(view: ServiceView): Content | undefined {
  const { service, pods, live } = view;
  const all = subsetsOf(service, pods);
  const subsets = cutToCapacity(all);
  const labels = labelsOf(view);
  const isCut = subsets !== all;
  const { annotations = {} } = live?.metadata ?? {};
  const isRight =
    live !== undefined &&
    jsonEqual(live.subsets ?? [], subsets) &&
    jsonEqual(live.metadata.labels ?? {}, labels) &&
    (annotations[OVER_CAPACITY] !== undefined) === isCut;
  if (isRight) return undefined;
  const { [TRIGGER_TIME]: _, [OVER_CAPACITY]: __, ...others } = annotations;
  const triggerTime = live
    ? readyTransition(pods, turned(live.subsets ?? [], subsets))
    : service.metadata.creationTimestamp;
  return {
    ...(subsets.length > 0 ? { subsets } : {}),
    labels,
    annotations: {
      ...others,
      ...(triggerTime ? { [TRIGGER_TIME]: triggerTime } : {}),
      ...(isCut ? { [OVER_CAPACITY]: 'truncated' } : {}),
    },
  };
}

/** Whether a label says that the object was made here, whatever has become of its service. */
export function isManaged({ metadata }: Endpoints): boolean {
  return metadata.labels?.[MANAGED_BY] === MANAGER;
}

function labelsOf({ service, marksManaged }: ServiceView): Content['labels'] {
  const { [HEADLESS]: _, ...own } = service.metadata.labels ?? {};
  return {
    ...own,
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
    ...(marksManaged ? { [MANAGED_BY]: MANAGER } : {}),
  };
}

/** Names of the pods that came, or became ready or not. */
function turned(
  before: readonly EndpointSubset[],
  after: readonly EndpointSubset[],
): ReadonlySet<string | undefined> {
  const readiness = new Map<string | undefined, boolean>();
  for (const [name, isReady] of members(before)) readiness.set(name, isReady);
  const found = new Set<string | undefined>();
  for (const [name, isReady] of members(after))
    if (readiness.get(name) !== isReady) found.add(name);
  return found;
}

function* members(
  subsets: readonly EndpointSubset[],
): Generator<readonly [name: string | undefined, isReady: boolean]> {
  for (const { addresses = [], notReadyAddresses = [] } of subsets) {
    for (const { targetRef } of addresses) yield [targetRef?.name, true];
    for (const { targetRef } of notReadyAddresses) yield [targetRef?.name, false];
  }
}
