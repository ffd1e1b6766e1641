import type {
  EndpointAddress,
  EndpointSubset,
  Endpoints,
} from '../../../generated/core/v1/types.ts';
import type {
  Endpoint,
  EndpointPort,
  EndpointSlice,
} from '../../../generated/discovery/v1/types.ts';
import { isDeleting, jsonEqual, ownerReference } from '../../meta/index.ts';
import { TRIGGER_TIME } from '../trigger-time.ts';

export const SERVICE_NAME = 'kubernetes.io/service-name';
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const MANAGER = 'endpointslicemirroring-controller.k8s.io';
const SKIP_MIRROR = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Addresses of one subset that are mirrored. */
export const SUBSET_MAX = 1000;

type Metadata = EndpointSlice['metadata'];
type Content = Pick<EndpointSlice, 'addressType' | 'ports'> & {
  readonly metadata: Metadata &
    Required<Pick<Metadata, 'labels' | 'annotations' | 'ownerReferences'>>;
  readonly endpoints: readonly Endpoint[];
};

export interface Mirroring {
  /** Slices as they shall be: new ones with a generated name, others in the place of a live one. */
  readonly write: readonly Content[];
  readonly remove: readonly EndpointSlice[];
  /** Addresses that there was no room for. */
  readonly skipped: number;
}

export function isMirrored({ metadata }: Endpoints): boolean {
  return metadata.labels?.[SKIP_MIRROR] !== 'true' && metadata.annotations?.[LEADER] === undefined;
}

interface Group {
  readonly ports: readonly EndpointPort[];
  readonly addressType: 'IPv4' | 'IPv6';
  readonly endpoints: Map<string, Endpoint>;
}

/** What to write and delete so that the slices say what the Endpoints say. */
export function decideMirroring(source: Endpoints, slices: readonly EndpointSlice[]): Mirroring {
  const { groups, skipped } = groupsOf(source.subsets ?? []);
  const existing = Map.groupBy(slices, ({ addressType, ports = [] }) =>
    groupKey(addressType, ports),
  );
  const write: Content[] = [];
  const create: Content[] = [];
  const remove: EndpointSlice[] = [];
  for (const key of new Set([...groups.keys(), ...existing.keys()])) {
    const [live, ...others] = existing.get(key) ?? [];
    const group = groups.get(key);
    remove.push(...others);
    if (!group) {
      if (live) remove.push(live);
      continue;
    }
    const content = contentOf(source, group);
    if (!live) create.push(content);
    else if (!isSame(live, content)) write.push(inPlaceOf(live, content));
  }
  const free = new Set(remove);
  for (const content of isDeleting(source) ? [] : create) {
    const taken = [...free].find(({ addressType }) => addressType === content.addressType);
    if (taken) free.delete(taken);
    write.push(taken ? inPlaceOf(taken, content) : content);
  }
  return { write, remove: [...free], skipped };
}

/** The endpoints of each family and group of ports; of each subset as many as are mirrored. */
function groupsOf(subsets: readonly EndpointSubset[]): {
  readonly groups: ReadonlyMap<string, Group>;
  readonly skipped: number;
} {
  const groups = new Map<string, Group>();
  let skipped = 0;
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const all = [
      ...addresses.map((address) => ({ address, ready: true })),
      ...notReadyAddresses.map((address) => ({ address, ready: false })),
    ];
    skipped += Math.max(0, all.length - SUBSET_MAX);
    const slicePorts = ports.map(({ name = '', ...rest }): EndpointPort => ({ name, ...rest }));
    for (const { address, ready } of all.slice(0, SUBSET_MAX)) {
      const addressType = address.ip.includes(':') ? 'IPv6' : 'IPv4';
      const key = groupKey(addressType, slicePorts);
      const group = groups.get(key) ?? { ports: slicePorts, addressType, endpoints: new Map() };
      groups.set(key, group);
      group.endpoints.set(idOf(address), endpointOf(address, ready));
    }
  }
  return { groups, skipped };
}

function groupKey(addressType: string, ports: readonly EndpointPort[]): string {
  const keys = ports.map(
    ({ name = '', protocol = 'TCP', port = 0, appProtocol = '' }) =>
      `${name}/${protocol}/${port}/${appProtocol}`,
  );
  return `${addressType} ${keys.sort().join()}`;
}

/** Two addresses of one pod or host are one endpoint. */
function idOf({ ip, hostname = '', targetRef }: EndpointAddress): string {
  return `${ip}|${hostname}|${targetRef?.namespace}/${targetRef?.name}`;
}

function endpointOf(
  { ip, targetRef, nodeName, hostname }: EndpointAddress,
  ready: boolean,
): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    ...(targetRef ? { targetRef } : {}),
  };
}

function contentOf(source: Endpoints, { addressType, ports, endpoints }: Group): Content {
  const { name = '', namespace = '', labels, annotations = {} } = source.metadata;
  const { [TRIGGER_TIME]: _, [LAST_APPLIED]: __, ...others } = annotations;
  return {
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { ...labels, [SERVICE_NAME]: name, [MANAGED_BY]: MANAGER },
      annotations: others,
      ownerReferences: [ownerReference(source)],
    },
    addressType,
    endpoints: [...endpoints.values()].slice(0, SUBSET_MAX),
    ports,
  };
}

/** The order of endpoints says nothing. */
function isSame({ metadata, endpoints = [] }: EndpointSlice, content: Content): boolean {
  const byAddress = (list: readonly Endpoint[] = []) =>
    list.toSorted((a, b) => ((a.addresses[0] ?? '') < (b.addresses[0] ?? '') ? -1 : 1));
  return (
    jsonEqual(byAddress(endpoints), byAddress(content.endpoints)) &&
    jsonEqual(metadata.labels ?? {}, content.metadata.labels) &&
    jsonEqual(metadata.annotations ?? {}, content.metadata.annotations)
  );
}

/** The live slice with another content; it has a name, and so is not made anew. */
function inPlaceOf(live: EndpointSlice, { metadata, ...content }: Content): Content {
  const { labels, annotations, ownerReferences } = metadata;
  return {
    ...live,
    ...content,
    metadata: { ...live.metadata, labels, annotations, ownerReferences },
  };
}
