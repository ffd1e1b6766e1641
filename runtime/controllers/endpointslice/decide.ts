import type { Pod, Service } from '../../../generated/core/v1/types.ts';
import type { Endpoint, EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { isReachable } from '../service-pods.ts';
import { readyTransition } from '../trigger-time.ts';
import { type AddressType, endpointOf } from './endpoint.ts';
import { hinted, type Notice } from './hints.ts';
import { hasServiceLabels, sliceLabels } from './labels.ts';
import { type EndpointSet, pack } from './pack.ts';
import { NO_PORTS, type PortGroup, portGroup, portResolver } from './ports.ts';
import { followsTopology, type ZoneShares } from './topology.ts';

/** All that the slices of a service follow from. */
export interface ServiceView {
  readonly service: Service;
  readonly pods: readonly Pod[];
  /** The slices that the controller made for it. */
  readonly slices: readonly EndpointSlice[];
  /** The zone of a node; null when there is no such node. */
  zoneOf(node: string): string | undefined | null;
  /** What zones have of the CPU; asked for only where the service goes by that. */
  zoneShares(): ZoneShares | undefined;
}

/** A slice as it shall be; `live` is the one that it replaces. */
export interface SliceContent {
  readonly live?: EndpointSlice;
  readonly addressType: AddressType;
  readonly endpoints: readonly Endpoint[];
  readonly ports: PortGroup['ports'];
}

export interface SliceChanges {
  readonly write: readonly SliceContent[];
  readonly remove: readonly EndpointSlice[];
  /** For the annotation endpoints.kubernetes.io/last-change-trigger-time; absent when nothing datable led to it. */
  readonly triggerTime?: string;
  readonly notices: readonly Notice[];
}

interface Group {
  readonly ports: PortGroup;
  readonly endpoints: Map<string, Endpoint>;
}

const NOTHING: EndpointSet = new Map();

/** What to write and delete so that the slices say what the pods are. Empty when they do. */
export function decideSlices(view: ServiceView): SliceChanges {
  const { service, slices } = view;
  const types = addressTypes(service);
  const write: SliceContent[] = [];
  const remove = slices.filter(({ addressType }) => !types.includes(addressType as AddressType));
  const turned: Endpoint[] = [];
  const notices: Notice[] = [];
  for (const type of types) {
    const own = slices.filter(({ addressType }) => addressType === type);
    const changes = decideFamily(view, own, type);
    write.push(...changes.write);
    remove.push(...changes.remove);
    turned.push(...changes.turned);
    notices.push(...changes.notices);
  }
  const triggerTime =
    slices.length === 0
      ? service.metadata.creationTimestamp
      : readyTransition(view.pods, podNames(turned));
  return { write, remove, notices, ...(triggerTime ? { triggerTime } : {}) };
}

function podNames(endpoints: readonly Endpoint[]): ReadonlySet<string | undefined> {
  return new Set(endpoints.map(({ targetRef }) => targetRef?.name));
}

interface FamilyChanges {
  readonly write: readonly SliceContent[];
  readonly remove: readonly EndpointSlice[];
  readonly turned: readonly Endpoint[];
  readonly notices: readonly Notice[];
}

function decideFamily(
  view: ServiceView,
  slices: readonly EndpointSlice[],
  addressType: AddressType,
): FamilyChanges {
  const owned = slices.filter((slice) => isOwnedBy(slice, view.service));
  const existing = Map.groupBy(owned, ({ ports = [] }) => portGroup(ports).key);
  const wanted = groupEndpoints(view, addressType);
  const labels = sliceLabels(view.service);
  const isStale = ({ metadata }: EndpointSlice): boolean =>
    !hasServiceLabels(metadata.labels, labels);
  const update: SliceContent[] = [];
  const create: SliceContent[] = [];
  const remove = slices.filter((slice) => !isOwnedBy(slice, view.service));
  const turned: Endpoint[] = [];
  for (const key of new Set([...wanted.keys(), ...existing.keys()])) {
    const group = wanted.get(key);
    const packing = pack(existing.get(key) ?? [], group?.endpoints ?? NOTHING, {
      isStale,
      ignoresHints: followsTopology(view.service),
    });
    const ports = group?.ports.ports ?? [];
    for (const [live, endpoints] of packing.update)
      if (group) update.push({ live, addressType, endpoints, ports });
    for (const endpoints of packing.create) create.push({ addressType, endpoints, ports });
    remove.push(...(group ? packing.remove : (existing.get(key) ?? [])));
    turned.push(...packing.turned);
  }
  const placed = withPlaceholder(slices, { update, create, remove }, addressType, isStale);
  const changes = reuse(placed, view.service);
  if (!followsTopology(view.service)) return { ...changes, turned, notices: [] };
  const { write, notices } = withTopology(view, owned, changes, addressType);
  return { write, remove: changes.remove, turned, notices };
}

/** The slices with hints for zones: those that are written anyway, and others whose hints do not make sense any more. */
function withTopology(
  view: ServiceView,
  owned: readonly EndpointSlice[],
  { write, remove }: Pick<FamilyChanges, 'write' | 'remove'>,
  addressType: AddressType,
): Pick<FamilyChanges, 'write' | 'notices'> {
  const touched = new Set([...remove, ...write.flatMap(({ live }) => live ?? [])]);
  const others = owned.filter((slice) => !touched.has(slice));
  const isNew = ({ live }: SliceContent): number => (live ? 1 : 0);
  const written = [...write].sort((a, b) => isNew(a) - isNew(b));
  const slices = [
    ...written.map(({ endpoints }) => ({ endpoints, isWritten: true })),
    ...others.map(({ endpoints = [] }) => ({ endpoints, isWritten: false })),
  ];
  const wasEnabled = owned.some((slice) => slice.endpoints?.some(({ hints }) => hints?.forZones));
  const { endpoints, notice } = hinted(slices, view.zoneShares(), wasEnabled);
  const rewritten = others.flatMap((live, at): SliceContent[] => {
    const now = endpoints[written.length + at]!;
    if (now === slices[written.length + at]!.endpoints) return [];
    return [{ live, addressType, endpoints: now, ports: live.ports ?? [] }];
  });
  const named = notice && { ...notice, message: `${notice.message}, addressType: ${addressType}` };
  return {
    write: [
      ...written.map((content, at) => ({ ...content, endpoints: endpoints[at]! })),
      ...rewritten,
    ],
    notices: named ? [named] : [],
  };
}

interface Plan {
  readonly update: readonly SliceContent[];
  readonly create: readonly SliceContent[];
  readonly remove: readonly EndpointSlice[];
}

/** When no slice would be left there is one without endpoints; if it is there already it stays. */
function withPlaceholder(
  slices: readonly EndpointSlice[],
  plan: Plan,
  addressType: AddressType,
  isStale: (slice: EndpointSlice) => boolean,
): Plan {
  if (plan.create.length > 0 || plan.remove.length < slices.length) return plan;
  const [only, ...others] = plan.remove;
  if (only && others.length === 0 && isPlaceholder(only) && !isStale(only))
    return { ...plan, remove: [] };
  return { ...plan, create: [{ addressType, endpoints: [], ports: NO_PORTS.ports }] };
}

function isPlaceholder({ endpoints = [], ports = [] }: EndpointSlice): boolean {
  return endpoints.length === 0 && ports.length === 0;
}

/** Slices that would be deleted take what would be created. */
function reuse(
  { update, create, remove }: Plan,
  service: Service,
): Pick<FamilyChanges, 'write' | 'remove'> {
  const free = remove.filter((slice) => isOwnedBy(slice, service));
  const taken = new Set(free.slice(0, create.length));
  const made = create.map((content, at) => (free[at] ? { ...content, live: free[at] } : content));
  return { write: [...update, ...made], remove: remove.filter((slice) => !taken.has(slice)) };
}

function groupEndpoints(
  { service, pods, zoneOf }: ServiceView,
  addressType: AddressType,
): Map<string, Group> {
  const groups = new Map<string, Group>();
  const portsOf = portResolver(service);
  const zones = new Map<string, string | undefined | null>();
  for (const pod of pods) {
    if (!isReachable(pod)) continue;
    const node = pod.spec?.nodeName ?? '';
    if (!zones.has(node)) zones.set(node, zoneOf(node));
    const zone = zones.get(node);
    // A pod on a node that is not there is left out, unless the service publishes whatever it has.
    if (zone === null && !service.spec?.publishNotReadyAddresses) continue;
    const ports = portsOf(pod);
    let group = groups.get(ports.key);
    if (!group) {
      group = { ports, endpoints: new Map() };
      groups.set(ports.key, group);
    }
    const made = endpointOf(pod, service, addressType, zone ?? undefined);
    if (made) group.endpoints.set(made.id, made.endpoint);
  }
  return groups;
}

function isOwnedBy({ metadata }: EndpointSlice, service: Service): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ uid, kind }) => uid === service.metadata.uid && kind === 'Service',
  );
}

/** The families of a service. The server fills them in; without them the address tells, and IPv4 is the rule. */
function addressTypes({ spec }: Service): readonly AddressType[] {
  if (spec?.ipFamilies?.length) return [...new Set(spec.ipFamilies)];
  return [spec?.clusterIP?.includes(':') ? 'IPv6' : 'IPv4'];
}
