import type { Node, Service, ServiceSpec } from '../../generated/core/v1/types.ts';
import type { Endpoint, EndpointSlice } from '../../generated/discovery/v1/types.ts';
import { type ModelSource, type RuleModel, ruleModel } from './model/index.ts';

/** The node that proxies are tried on: n1 in zone z1. */
export function aNode(over: { labels?: Record<string, string>; addresses?: string[] } = {}): Node {
  const { labels = { 'topology.kubernetes.io/zone': 'z1' } } = over;
  const { addresses = ['192.168.10.1', 'fd00:192::1'] } = over;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', labels },
    spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24', 'fd00:244:1::/64'] },
    status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
  };
}

/** A service `shop/<name>` with one port 80 → 8080 unless the spec says otherwise. */
export function aService(
  name: string,
  spec: ServiceSpec = {},
  more: { ingress?: readonly object[]; annotations?: Record<string, string> } = {},
): Service {
  const { ingress, annotations } = more;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop', ...(annotations ? { annotations } : {}) },
    spec: {
      clusterIP: '10.96.7.10',
      clusterIPs: [spec.clusterIP ?? '10.96.7.10'],
      ipFamilies: ['IPv4'],
      ports: [{ protocol: 'TCP', port: 80 }],
      ...spec,
    },
    ...(ingress ? { status: { loadBalancer: { ingress } } } : {}),
  } as Service;
}

export function anEndpoint(address: string, over: Partial<Endpoint> = {}): Endpoint {
  return {
    addresses: [address],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: /(10\.244\.1\.|244:1:)/.test(address) ? 'n1' : 'n2',
    ...over,
  };
}

export const TERMINATING = { conditions: { ready: false, serving: true, terminating: true } };

/** A slice of `shop/<service>`; addresses of n1 are 10.244.1.x, all others are n2's. */
export function aSlice(
  service: string,
  endpoints: readonly (string | Endpoint)[],
  over: Partial<EndpointSlice> & { name?: string } = {},
): EndpointSlice {
  const { name = `${service}-a`, ...rest } = over;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType: 'IPv4',
    metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': service } },
    endpoints: endpoints.map((each) => (typeof each === 'string' ? anEndpoint(each) : each)),
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    ...rest,
  };
}

export const POD_CIDR = '10.244.0.0/16,fd00:244::/48';

export function aModel(over: Partial<ModelSource>): RuleModel {
  return ruleModel({
    node: aNode(),
    family: 'IPv4',
    config: { clusterCIDR: POD_CIDR },
    services: [],
    endpointSlices: [],
    ...over,
  });
}
