import fc from 'fast-check';
import type { Node, Service, ServicePort } from '../../../generated/core/v1/types.ts';
import type { Endpoint, EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import type { ModelSource, RuleTracker, TrackerOptions } from '../model/index.ts';

/** Objects as the API server would give them, for tests of rules: only what the proxy looks at. */
export const NODE: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'n1',
    labels: { 'topology.kubernetes.io/zone': 'z1' },
  },
  spec: { podCIDRs: ['10.244.1.0/24', 'fd00:10:244:1::/64'] },
  status: {
    addresses: [
      { type: 'InternalIP', address: '192.168.10.1' },
      { type: 'InternalIP', address: 'fd00:192::1' },
    ],
  },
};

export const SERVICE_CIDRS = ['10.96.0.0/16', 'fd00:10:96::/112'];
export const CONFIG = { clusterCIDR: '10.244.0.0/16,fd00:10:244::/48' } as const;

type Spec = NonNullable<Service['spec']>;

export interface ServiceOptions extends Partial<Omit<Spec, 'ports'>> {
  readonly ports?: readonly ServicePort[];
  /** Addresses of the load balancer. */
  readonly ingress?: readonly string[];
}

/** `namespace/name` with a cluster IP; port 80 without a name unless told otherwise. */
export function service(key: string, clusterIP: string, options: ServiceOptions = {}): Service {
  const [namespace, name] = key.split('/') as [string, string];
  const { ingress, ports = [{ port: 80, protocol: 'TCP' }], ...spec } = options;
  const family = clusterIP.includes(':') ? 'IPv6' : 'IPv4';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: [family],
      ports,
      ...spec,
    },
    ...(ingress ? { status: { loadBalancer: { ingress: ingress.map((ip) => ({ ip })) } } } : {}),
  } as Service;
}

/** A ready endpoint; `on` names its node, others are as they are. */
export function endpoint(ip: string, on: string, more: Partial<Endpoint> = {}): Endpoint {
  return { addresses: [ip], nodeName: on, conditions: { ready: true }, ...more };
}

export const DRAINING = {
  conditions: { ready: false, serving: true, terminating: true },
} as const;

export function slice(
  key: string,
  endpoints: readonly Endpoint[],
  ports: EndpointSlice['ports'] = [{ name: '', port: 8080, protocol: 'TCP' }],
): EndpointSlice {
  const [namespace, name] = key.split('/') as [string, string];
  const family = endpoints[0]?.addresses[0]?.includes(':') ? 'IPv6' : 'IPv4';
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace,
      name: `${name}-${family.toLowerCase()}`,
      labels: { 'kubernetes.io/service-name': name },
    },
    addressType: family,
    endpoints,
    ports,
  };
}

export function source(
  services: readonly Service[],
  endpointSlices: readonly EndpointSlice[],
  options: Partial<TrackerOptions> = {},
): ModelSource {
  return {
    node: NODE,
    family: 'IPv4',
    config: CONFIG,
    serviceCIDRs: SERVICE_CIDRS,
    ...options,
    services,
    endpointSlices,
  };
}

/** A step of a random story: a service of the given number and its endpoints are set, or both are deleted. */
export type Step =
  | { readonly at: number; readonly gone: true }
  | {
      readonly at: number;
      readonly gone: false;
      readonly spec: ServiceOptions;
      readonly endpoints: readonly Endpoint[];
    };

const policy = fc.constantFrom('Cluster', 'Local');
const subset = (of: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...of]);

const specs = fc.record({
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
  internalTrafficPolicy: policy,
  externalTrafficPolicy: policy,
  sessionAffinity: fc.constantFrom('None', 'ClientIP'),
  timeoutSeconds: fc.constantFrom(10, 10_800),
  // Few, so that services get into each other's way.
  externalIPs: subset(['198.51.100.1', '198.51.100.2']),
  ingress: subset(['203.0.113.1', '203.0.113.2']),
  loadBalancerSourceRanges: subset(['192.168.10.0/24', '198.18.0.0/15']),
  protocols: fc.constantFrom(['TCP'], ['UDP'], ['SCTP'], ['TCP', 'UDP']),
  port: fc.constantFrom(80, 443),
});

const endpoints = fc.uniqueArray(
  fc.record({
    // Few, so that services share pods.
    ip: fc.constantFrom('10.244.1.1', '10.244.1.2', '10.244.2.1', '10.244.2.2', '10.244.3.1'),
    ready: fc.boolean(),
    serving: fc.boolean(),
    zone: fc.constantFrom('z1', 'z2', undefined),
  }),
  { selector: ({ ip }) => ip, maxLength: 5 },
);

const SERVICES = 4;

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.nat(SERVICES - 1).map((at) => ({ at, gone: true }) as const) },
    {
      weight: 4,
      arbitrary: fc.tuple(fc.nat(SERVICES - 1), specs, endpoints).map(([at, drawn, places]) => {
        const { timeoutSeconds, protocols, port, ...spec } = drawn;
        const nodePorts = spec.type === 'ClusterIP' ? {} : { nodePort: 30_000 + at };
        return {
          at,
          gone: false,
          spec: {
            ...spec,
            ...(spec.type === 'LoadBalancer'
              ? { healthCheckNodePort: 31_000 + at }
              : { ingress: [] }),
            sessionAffinityConfig: { clientIP: { timeoutSeconds } },
            ports: protocols.map((protocol) => ({
              name: protocol.toLowerCase(),
              port,
              protocol,
              ...nodePorts,
            })),
          } as unknown as ServiceOptions,
          endpoints: places.map(({ ip, ready, serving, zone }) =>
            endpoint(ip, `n${ip.split('.')[2]}`, {
              conditions: { ready, serving: ready || serving, terminating: !ready },
              ...(zone === undefined ? {} : { hints: { forZones: [{ name: zone }] } }),
            }),
          ),
        } as const;
      }),
    },
  ),
  { maxLength: 12 },
);

const PORTS = ['tcp', 'udp', 'sctp'].map((name) => ({
  name,
  port: 8080,
  protocol: name.toUpperCase() as 'SCTP' | 'TCP' | 'UDP',
}));

/** Tells a tracker of one step, without committing it. */
export function take(tracker: RuleTracker, step: Step): void {
  const key = `ns/s${step.at}`;
  if (step.gone) {
    tracker.deleteService(key);
    tracker.deleteSlice(`${key}-ipv4`);
    return;
  }
  tracker.setService(service(key, `10.96.0.${10 + step.at}`, step.spec));
  tracker.setSlice(slice(key, step.endpoints, PORTS));
}

/** `count` services with `each` endpoints, of which none equals another's. */
export function manyServices(
  count: number,
  each: number,
): { services: Service[]; endpointSlices: EndpointSlice[] } {
  const ip = (net: number, at: number): string =>
    `${net}.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`;
  const services: Service[] = [];
  const endpointSlices: EndpointSlice[] = [];
  for (let at = 0; at < count; at++) {
    services.push(service(`ns/s${at}`, ip(11, at + 1)));
    const places = Array.from({ length: each }, (_, n) =>
      endpoint(ip(10, at * each + n + 1), n === 0 ? 'n1' : 'n2'),
    );
    endpointSlices.push(slice(`ns/s${at}`, places));
  }
  return { services, endpointSlices };
}
