import type { Pod, Service } from '../../../generated/core/v1/types.ts';
import type { Endpoint, EndpointHints } from '../../../generated/discovery/v1/types.ts';
import { isPodReady } from '../pods.ts';
import { addressesOf, isNamedBelow } from '../service-pods.ts';
import { followsTopology } from './topology.ts';

export type AddressType = 'IPv4' | 'IPv6';

/** What of a service shapes its endpoints, apart from the ports. */
interface Shape {
  readonly addressType: AddressType;
  readonly zone: string | undefined;
  readonly publishNotReady: boolean;
  readonly named: boolean;
  readonly distribution: string | undefined;
}

interface Made extends Shape {
  readonly endpoint: Identified | undefined;
}

/** An endpoint and its id. */
export interface Identified {
  readonly id: string;
  readonly endpoint: Endpoint;
}

const made = new WeakMap<Pod, Made>();
const ids = new WeakMap<Endpoint, string>();

/**
 * The endpoint that a pod is for a service; undefined when it has no address of the family. The same object for the same
 * pod, so that comparing it with what is stored costs nothing.
 */
export function endpointOf(
  pod: Pod,
  service: Service,
  addressType: AddressType,
  zone: string | undefined,
): Identified | undefined {
  const shape: Shape = {
    addressType,
    zone,
    publishNotReady: service.spec?.publishNotReadyAddresses ?? false,
    named: isNamedBelow(pod, service),
    distribution: followsTopology(service) ? undefined : service.spec?.trafficDistribution,
  };
  const known = made.get(pod);
  if (known && isSameShape(known, shape)) return known.endpoint;
  const built = build(pod, shape);
  const endpoint = built && { id: endpointId(built), endpoint: built };
  made.set(pod, { ...shape, endpoint });
  return endpoint;
}

function isSameShape(a: Shape, b: Shape): boolean {
  return (
    a.zone === b.zone &&
    a.addressType === b.addressType &&
    a.publishNotReady === b.publishNotReady &&
    a.named === b.named &&
    a.distribution === b.distribution
  );
}

function build(pod: Pod, shape: Shape): Endpoint | undefined {
  const { zone, publishNotReady, named, distribution } = shape;
  const { namespace, name, uid, deletionTimestamp } = pod.metadata;
  const addresses = addressesOf(pod, shape.addressType);
  if (addresses.length === 0) return undefined;
  const nodeName = pod.spec?.nodeName;
  const serving = isPodReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const hints = hintsFor(distribution, zone, nodeName);
  return {
    addresses,
    conditions: { ready: publishNotReady || (serving && !terminating), serving, terminating },
    ...(hints ? { hints } : {}),
    ...(named ? { hostname: pod.spec?.hostname ?? '' } : {}),
    ...(nodeName ? { nodeName } : {}),
    targetRef: { kind: 'Pod', namespace: namespace ?? '', name: name ?? '', uid: uid ?? '' },
    ...(zone ? { zone } : {}),
  };
}

/** Each endpoint is for its own zone, and for its own node where the service asks for that. */
function hintsFor(
  distribution: string | undefined,
  zone: string | undefined,
  nodeName: string | undefined,
): EndpointHints | undefined {
  if (!distribution || !zone) return undefined;
  const forZones = [{ name: zone }];
  return distribution === 'PreferSameNode' && nodeName
    ? { forNodes: [{ name: nodeName }], forZones }
    : { forZones };
}

/** Which endpoint it is, whatever its condition: addresses, host name and pod. */
export function endpointId(endpoint: Endpoint): string {
  let id = ids.get(endpoint);
  if (id === undefined) {
    const { addresses, hostname = '', targetRef } = endpoint;
    id = `${addresses.join()}|${hostname}|${targetRef?.namespace}/${targetRef?.name}`;
    ids.set(endpoint, id);
  }
  return id;
}
