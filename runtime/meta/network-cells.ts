import type {
  Ingress,
  IngressClass,
  IPAddress,
  NetworkPolicy,
  ServiceCIDR,
} from '../../generated/networking/v1/types.ts';
import { type Cell, joined, NONE, cellOf as of } from './cell.ts';
import { formatSelector } from './selectors.ts';

const HOSTS_MAX = 3;

function ingressHosts({ spec }: Ingress): string {
  const hosts = (spec?.rules ?? []).flatMap(({ host }) => host || []);
  if (hosts.length === 0) return '*';
  const shown = hosts.slice(0, HOSTS_MAX).join(',');
  const more = hosts.length - HOSTS_MAX;
  return more > 0 ? `${shown} + ${more} more...` : shown;
}

function ingressAddress({ status }: Ingress): string {
  const entries = status?.loadBalancer?.ingress ?? [];
  return entries.flatMap(({ ip, hostname }) => ip || hostname || []).join(',');
}

function ingressClassParameters({ spec }: IngressClass): string {
  if (!spec?.parameters) return NONE;
  const { apiGroup, kind, name } = spec.parameters;
  return `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`;
}

function ipAddressParent({ spec }: IPAddress): string {
  if (!spec?.parentRef) return NONE;
  const { group, resource, namespace, name } = spec.parentRef;
  const qualified = (group ? `${resource}.${group}` : resource).toLowerCase();
  return [qualified, ...(namespace ? [namespace] : []), name].join('/');
}

/** Cells of the kinds of networking.k8s.io. */
export const NETWORK_CELLS: Readonly<Record<string, Cell>> = {
  ingressClass: of<Ingress>(({ spec }) => spec?.ingressClassName ?? NONE),
  ingressHosts: of<Ingress>(ingressHosts),
  ingressAddress: of<Ingress>(ingressAddress),
  ingressPorts: of<Ingress>(({ spec }) => (spec?.tls?.length ? '80, 443' : '80')),
  ingressClassParameters: of<IngressClass>(ingressClassParameters),
  networkPolicyPodSelector: of<NetworkPolicy>(
    ({ spec }) => formatSelector(spec?.podSelector ?? {}) || NONE,
  ),
  serviceCIDRs: of<ServiceCIDR>(({ spec }) => joined(spec?.cidrs)),
  ipAddressParent: of<IPAddress>(ipAddressParent),
};
