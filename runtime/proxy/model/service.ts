import type { Service, ServicePort } from '../../../generated/core/v1/types.ts';
import { canonicalIP, canonicalRange, familyOf, rangeFamily } from './addresses.ts';
import type { IPFamily, ProxyVersion, ServicePortInfo } from './types.ts';

/** Services and slices with this label belong to another proxy. */
const OTHER_PROXY = 'service.kubernetes.io/service-proxy-name';
/** What carries this label needs no proxy. */
const HEADLESS = 'service.kubernetes.io/headless';
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
const AFFINITY_SECONDS = 10_800;

/** Whether the proxy looks at an object at all. */
export function concernsProxy(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels?.[OTHER_PROXY] === undefined && labels?.[HEADLESS] === undefined;
}

/** The ports of a service in one family; none for a headless, external or foreign service, or one of the other family. */
export function servicePorts(
  service: Service,
  family: IPFamily,
  version: ProxyVersion,
): readonly ServicePortInfo[] {
  const { metadata, spec = {} } = service;
  if (!concernsProxy(metadata.labels) || spec.type === 'ExternalName') return [];
  const clusterIP = clusterIPOf(service, family);
  if (clusterIP === undefined) return [];
  const shared = {
    clusterIP: canonicalIP(clusterIP),
    externalIPs: (spec.externalIPs ?? []).filter(ofFamily(family)).map(canonicalIP),
    loadBalancerIPs: loadBalancerIPs(service, family),
    loadBalancerSourceRanges: (spec.loadBalancerSourceRanges ?? [])
      .map((range) => range.trim())
      .filter((range) => rangeFamily(range) === family)
      // Older releases write them as they are given, and leave it to the kernel to clear the bits behind.
      .map(version === '1.36' ? canonicalRange : (range) => range),
    ...(spec.sessionAffinity === 'ClientIP'
      ? {
          affinitySeconds: spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS,
        }
      : {}),
    internalPolicyLocal: spec.internalTrafficPolicy === 'Local',
    externalPolicyLocal: externalPolicyLocal(service),
    healthCheckNodePort:
      spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
        ? (spec.healthCheckNodePort ?? 0)
        : 0,
    ...(spec.trafficDistribution === undefined
      ? {}
      : { trafficDistribution: spec.trafficDistribution }),
    topologyMode:
      metadata.annotations?.[TOPOLOGY_HINTS] ?? metadata.annotations?.[TOPOLOGY_MODE] ?? '',
  };
  return (spec.ports ?? []).map((port) => ({
    name: portText(metadata.namespace ?? '', metadata.name ?? '', port),
    portName: port.name ?? '',
    protocol: port.protocol ?? 'TCP',
    port: port.port,
    nodePort: port.nodePort ?? 0,
    ...shared,
  }));
}

function portText(namespace: string, name: string, port: ServicePort): string {
  return `${namespace}/${name}${port.name ? `:${port.name}` : ''}`;
}

const ofFamily =
  (family: IPFamily) =>
  (address: string): boolean =>
    familyOf(address) === family;

function clusterIPOf({ spec = {} }: Service, family: IPFamily): string | undefined {
  const { clusterIP = '', clusterIPs = [], ipFamilies = [] } = spec;
  if (clusterIP === '' || clusterIP === 'None') return undefined;
  if (ipFamilies.length === 0) return familyOf(clusterIP) === family ? clusterIP : undefined;
  const at = ipFamilies.indexOf(family);
  return at < 0 ? undefined : clusterIPs[at];
}

function loadBalancerIPs({ status }: Service, family: IPFamily): string[] {
  const found: string[] = [];
  for (const { ip = '', ipMode } of status?.loadBalancer?.ingress ?? [])
    if (ipMode !== 'Proxy' && familyOf(ip) === family) found.push(canonicalIP(ip));
  return found;
}

/** The policy counts only where something comes in from outside. */
function externalPolicyLocal({ spec = {} }: Service): boolean {
  const accessible =
    spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.externalIPs ?? []).length > 0;
  return accessible && spec.externalTrafficPolicy === 'Local';
}
