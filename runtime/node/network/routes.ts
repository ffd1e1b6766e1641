import type { Pod, Service } from '../../../generated/core/v1/types.ts';
import { isSilent } from '../ailments.ts';
import { BY_NODE, type Kubelets } from '../kubelets.ts';
import { type Target, targetsOf } from './choice.ts';
import type { View } from './view.ts';

/** Who calls, and from where. */
export interface Origin {
  readonly pod: Pod;
  readonly podIp: string;
  readonly nodeName: string;
  readonly hostIp: string;
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Where a packet comes out: at a port of a pod, at the API server, or nowhere. */
export type Route =
  | {
      readonly to: 'pod';
      readonly pod: Pod;
      readonly port: number;
      readonly clientIp: string;
      /** Pods that share the same ports, if that one does not listen. */
      readonly others?: readonly Pod[];
    }
  | { readonly to: 'api' }
  | { readonly to: 'refused' }
  | { readonly to: 'nowhere' };

const REFUSED: Route = { to: 'refused' };
const NOWHERE: Route = { to: 'nowhere' };

/** Chooses among targets for a client of a service. */
export type Chooser = (
  service: Service,
  port: string,
  all: readonly Target[],
) => Target | undefined;

export interface Roads {
  readonly kubelets: Kubelets;
  readonly view: View;
  readonly choose: Chooser;
}

/** The way of a packet from a pod. */
export function routeOf(roads: Roads, origin: Origin, destination: Destination): Route {
  const { view, kubelets } = roads;
  if (isSilent(kubelets, origin.nodeName) && destination.address !== origin.podIp) return NOWHERE;
  if (/^127\./.test(destination.address))
    return toMachine(roads, origin, origin.nodeName, destination);
  const [service] = view.servicesAt(destination.address);
  if (service) return toService(roads, origin, service, destination);
  const node = view.nodeAt(destination.address);
  if (node !== undefined) return toMachine(roads, origin, node, destination);
  if (isApiServer(view, destination.address)) return { to: 'api' };
  return toAddress(roads, origin, destination);
}

function isApiServer(view: View, address: string): boolean {
  return view
    .slicesAt(address)
    .some(({ metadata }) => metadata.name === 'kubernetes' && metadata.namespace === 'default');
}

function toService(
  roads: Roads,
  origin: Origin,
  service: Service,
  { address, port, protocol }: Destination,
): Route {
  const { metadata, spec } = service;
  if (metadata.name === 'kubernetes' && metadata.namespace === 'default')
    return port === 443 ? { to: 'api' } : NOWHERE;
  const own = (spec?.ports ?? []).find(
    (each) => each.port === port && (each.protocol ?? 'TCP') === protocol,
  );
  if (!own) return NOWHERE;
  // Packets of the cluster's own pods for an address for others are treated as those for the cluster's address.
  const at = { node: origin.nodeName, isExternal: false, address };
  return balanced(roads, origin, service, own, at);
}

function balanced(
  roads: Roads,
  origin: Origin,
  service: Service,
  port: NonNullable<NonNullable<Service['spec']>['ports']>[number],
  at: { readonly node: string; readonly isExternal: boolean; readonly address: string },
): Route {
  const { view, choose } = roads;
  const { node, isExternal } = at;
  const zone = view.zoneOf(node);
  const all = targetsOf(service, port, view.slices(service), { node, zone, isExternal });
  const policy = isExternal
    ? service.spec?.externalTrafficPolicy
    : service.spec?.internalTrafficPolicy;
  if (all.length === 0) {
    // For packets that are to stay on a node that has nobody there is no way; a service without endpoints says no.
    const others = view
      .slices(service)
      .some(({ endpoints = [] }) => endpoints.some(({ conditions }) => conditions?.ready ?? true));
    return policy === 'Local' && others ? NOWHERE : REFUSED;
  }
  const target = choose(service, port.name ?? '', all)!;
  const masked = isExternal && policy !== 'Local';
  const isHairpin = target.address === origin.podIp;
  const found = toAddress(
    roads,
    masked || isHairpin ? { ...origin, podIp: maskOf(roads, node, origin) } : origin,
    { address: target.address, port: target.port, protocol: port.protocol ?? 'TCP' },
  );
  return found;
}

/** The address behind which the proxy of a node hides whom a packet comes from. */
function maskOf({ kubelets }: Roads, node: string, { hostIp }: Origin): string {
  return kubelets.state.nodes.get(node)?.ip ?? hostIp;
}

/** An address of a pod, or of a machine where the pod shares that. */
function toAddress(roads: Roads, origin: Origin, destination: Destination): Route {
  const { kubelets, view } = roads;
  const { state, pods } = kubelets;
  const { address, port } = destination;
  const machine = view.nodeAt(address);
  if (machine !== undefined) return atMachine(roads, origin, machine, destination);
  const key = state.addresses.get(address);
  const record = key === undefined ? undefined : state.pods.get(key);
  const pod = key === undefined ? undefined : pods.byKey(key);
  if (!record || !pod || record.uid !== pod.metadata.uid || record.terminal) return NOWHERE;
  if (!reaches(kubelets, origin.nodeName, record.node)) return NOWHERE;
  return { to: 'pod', pod, port, clientIp: origin.podIp };
}

function reaches(kubelets: Kubelets, from: string, to: string): boolean {
  return from === to || !isSilent(kubelets, to);
}

/** A port of a machine: of a service that is reached at all of them, of a pod that has it for itself, or of one that shares the machine. */
function toMachine(roads: Roads, origin: Origin, node: string, destination: Destination): Route {
  const { view, kubelets } = roads;
  if (!reaches(kubelets, origin.nodeName, node)) return NOWHERE;
  const { port, protocol, address } = destination;
  for (const service of view.servicesAtNodePort(port)) {
    const own = (service.spec?.ports ?? []).find(
      (each) => each.nodePort === port && (each.protocol ?? 'TCP') === protocol,
    );
    // The proxy of the caller's own node takes it for one from the cluster.
    const isLocal = node === origin.nodeName && !origin.pod.spec?.hostNetwork;
    const at = { node, isExternal: true, address };
    if (own && isLocal && service.spec?.externalTrafficPolicy === 'Local')
      return balanced(roads, origin, service, own, { ...at, isExternal: false });
    if (own) return balanced(roads, origin, service, own, at);
  }
  return atMachine(roads, origin, node, destination);
}

function atMachine(
  { kubelets }: Roads,
  { podIp, hostIp, nodeName }: Origin,
  node: string,
  { address, port, protocol }: Destination,
): Route {
  if (!reaches(kubelets, nodeName, node)) return NOWHERE;
  const clientIp = /^127\./.test(address) ? hostIp : podIp;
  const all = kubelets.pods.byIndex(BY_NODE, node).filter((pod) => runs(kubelets, pod));
  for (const pod of all) {
    const target = hostPortOf(pod, address, port, protocol);
    if (target !== undefined) return { to: 'pod', pod, port: target, clientIp };
  }
  const shared = all.filter(({ spec }) => spec?.hostNetwork);
  const pod = shared.find((each) => declares(each, port)) ?? shared[0];
  const others = shared.filter((each) => each !== pod);
  if (!pod) return REFUSED;
  return { to: 'pod', pod, port, clientIp, others };
}

function runs({ state }: Kubelets, { metadata }: Pod): boolean {
  const record = state.pods.get(`${metadata.namespace}/${metadata.name}`);
  return record !== undefined && record.uid === metadata.uid && !record.terminal;
}

function declares({ spec }: Pod, port: number): boolean {
  return (spec?.containers ?? []).some(({ ports = [] }) =>
    ports.some(({ containerPort }) => containerPort === port),
  );
}

/** The port of a pod that a port of its machine leads to. */
function hostPortOf(
  { spec }: Pod,
  address: string,
  port: number,
  protocol: Protocol,
): number | undefined {
  if (spec?.hostNetwork) return undefined;
  const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  for (const { ports = [] } of all)
    for (const { hostPort, hostIP = '', containerPort, protocol: own = 'TCP' } of ports) {
      const isHere = hostIP === '' || hostIP === '0.0.0.0' || hostIP === address;
      if (hostPort === port && own === protocol && isHere) return containerPort;
    }
  return undefined;
}
