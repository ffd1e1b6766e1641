import { hash } from 'node:crypto';
import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Pod,
  Service,
} from '../../../generated/core/v1/types.ts';
import { isDeleting } from '../../meta/index.ts';
import { isPodReady } from '../pods.ts';
import { addressesOf, isHeadless, isNamedBelow, isReachable, portNumber } from '../service-pods.ts';

/** Addresses that one Endpoints object holds. */
const CAPACITY = 1000;

interface Member {
  readonly address: EndpointAddress;
  readonly isReady: boolean;
}

interface Group {
  readonly ports: EndpointPort[];
  readonly members: Member[];
}

/** The pods of a service as subsets: sorted by their ports, the addresses of each by themselves. */
export function subsetsOf(service: Service, pods: readonly Pod[]): EndpointSubset[] {
  const byPort = new Map<string, Group>();
  for (const pod of pods) {
    const member = memberOf(service, pod);
    if (!member) continue;
    for (const port of portsOf(service, pod)) {
      const key = port ? portKey(port) : '';
      const group = byPort.get(key);
      if (group) group.members.push(member);
      else byPort.set(key, { ports: port ? [port] : [], members: [member] });
    }
  }
  const sorted = [...byPort.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return joined(sorted.map(([, group]) => group)).map(subsetOf);
}

/** Ports that the very same addresses have stand together. */
function joined(groups: readonly Group[]): Group[] {
  const found: Group[] = [];
  for (const group of groups) {
    const same = found.find(
      ({ members }) =>
        members.length === group.members.length &&
        members.every((member, at) => member === group.members[at]),
    );
    if (same) same.ports.push(...group.ports);
    else found.push(group);
  }
  return found;
}

function subsetOf({ ports, members }: Group): EndpointSubset {
  const sorted = members.toSorted((a, b) => compare(a.address, b.address));
  const addresses = sorted.filter(({ isReady }) => isReady).map(({ address }) => address);
  const others = sorted.filter(({ isReady }) => !isReady).map(({ address }) => address);
  return {
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(others.length > 0 ? { notReadyAddresses: others } : {}),
    ...(ports.length > 0 ? { ports: inOrder(ports) } : {}),
  };
}

/** Upstream's order of ports: that of the MD5 of the text of each as Go's structure. */
function inOrder(ports: readonly EndpointPort[]): readonly EndpointPort[] {
  if (ports.length < 2) return ports;
  const hashed = ports.map((port): [hash: string, EndpointPort] => [
    hash('md5', goText(port)),
    port,
  ]);
  return hashed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, port]) => port);
}

function goText({
  name = '',
  port,
  protocol = 'TCP',
  appProtocol = '<nil>',
}: EndpointPort): string {
  const fields = `Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol}`;
  return `(v1.EndpointPort){${fields} AppProtocol:(*string)${appProtocol}}`;
}

function compare(a: EndpointAddress, b: EndpointAddress): number {
  if (a.ip !== b.ip) return a.ip < b.ip ? -1 : 1;
  return (a.targetRef?.uid ?? '') < (b.targetRef?.uid ?? '') ? -1 : 1;
}

/** Addresses do not change while their pod is the same object. */
const known = new WeakMap<
  Pod,
  { readonly service: Service; readonly member: Member | undefined }
>();

function memberOf(service: Service, pod: Pod): Member | undefined {
  const found = known.get(pod);
  if (found?.service === service) return found.member;
  const member = buildMember(service, pod);
  known.set(pod, { service, member });
  return member;
}

function buildMember(service: Service, pod: Pod): Member | undefined {
  const publishesAll = service.spec?.publishNotReadyAddresses ?? false;
  if (!isReachable(pod) || (isDeleting(pod) && !publishesAll)) return undefined;
  const [ip] = addressesOf(pod, familyOf(service, pod));
  if (ip === undefined) return undefined;
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  const { hostname, nodeName } = pod.spec ?? {};
  const address: EndpointAddress = {
    ...(hostname && isNamedBelow(pod, service) ? { hostname } : {}),
    ip,
    ...(nodeName ? { nodeName } : {}),
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
  return { address, isReady: publishesAll || isPodReady(pod) };
}

/** The first family of the service; one that has none yet has that of its address, or of the pod. */
function familyOf(service: Service, { status }: Pod): 'IPv4' | 'IPv6' {
  const [family] = service.spec?.ipFamilies ?? [];
  if (family) return family;
  const sample = isHeadless(service) ? status?.podIP : service.spec?.clusterIP;
  return sample?.includes(':') ? 'IPv6' : 'IPv4';
}

/** The ports of the service in a pod. A headless service may have none, and its pods are addresses even so. */
function portsOf(service: Service, pod: Pod): readonly (EndpointPort | undefined)[] {
  const ports = service.spec?.ports ?? [];
  if (ports.length === 0) return service.spec?.clusterIP === 'None' ? [undefined] : [];
  return ports.flatMap(({ name, port, protocol = 'TCP', targetPort, appProtocol }) => {
    const number = portNumber(targetPort ?? port, protocol, pod);
    if (number === undefined) return [];
    const found: EndpointPort = {
      ...(appProtocol ? { appProtocol } : {}),
      ...(name ? { name } : {}),
      port: number,
      protocol,
    };
    return [found];
  });
}

function portKey({ name = '', protocol = 'TCP', port, appProtocol = '' }: EndpointPort): string {
  return `${name}/${protocol}/${port}/${appProtocol}`;
}

/**
 * The subsets cut to the capacity of the object: each keeps its share of it, rounded up, ready addresses before others. The
 * same value when there is room for all.
 */
export function cutToCapacity(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const ready = count(subsets, 'addresses');
  const others = count(subsets, 'notReadyAddresses');
  if (ready + others <= CAPACITY) return subsets;
  const cutsReady = ready > CAPACITY;
  const room = cutsReady ? CAPACITY : CAPACITY - ready;
  const total = cutsReady ? ready : others;
  let left = room;
  return subsets.map(({ addresses = [], notReadyAddresses = [], ports }) => {
    const list = cutsReady ? addresses : notReadyAddresses;
    const kept = list.slice(0, Math.min(Math.ceil((list.length / total) * room), left));
    left -= kept.length;
    const [now, later] = cutsReady ? [kept, []] : [addresses, kept];
    return {
      ...(now.length > 0 ? { addresses: now } : {}),
      ...(later.length > 0 ? { notReadyAddresses: later } : {}),
      ...(ports ? { ports } : {}),
    };
  });
}

function count(
  subsets: readonly EndpointSubset[],
  part: 'addresses' | 'notReadyAddresses',
): number {
  return subsets.reduce((sum, subset) => sum + (subset[part]?.length ?? 0), 0);
}
