import type { Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import type { IPFamily, ProxyConfig } from '../model/index.ts';
import { DRAINING, endpoint, service, slice } from './objects.fakes.ts';

/** One situation that every mode of the proxy prints rules for. The proxy's node is n1, in zone z1. */
export interface RuleCase {
  readonly name: string;
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly config?: ProxyConfig;
  /** IPv4 alone when absent. */
  readonly families?: readonly IPFamily[];
}

const HERE = endpoint('10.244.1.5', 'n1');
const THERE = endpoint('10.244.2.6', 'n2');
const BOTH = [HERE, THERE];

const port = (more: object = {}) => ({ name: 'http', port: 80, protocol: 'TCP', ...more }) as const;
const ports = (protocol: 'SCTP' | 'TCP' | 'UDP' = 'TCP') =>
  [{ name: 'http', port: 8080, protocol }] as const;

const LOAD_BALANCER = {
  type: 'LoadBalancer',
  ports: [port({ nodePort: 30_080 })],
  ingress: ['203.0.113.9'],
} as const;
const LOCAL = { externalTrafficPolicy: 'Local', healthCheckNodePort: 31_234 } as const;

export const CASES: readonly RuleCase[] = [
  { name: 'nothing', services: [], endpointSlices: [] },
  {
    name: 'cluster-ip',
    services: [service('shop/web', '10.96.0.10', { ports: [port()] })],
    endpointSlices: [slice('shop/web', BOTH, ports())],
  },
  {
    name: 'no-endpoints',
    services: [
      service('shop/web', '10.96.0.10', { ...LOAD_BALANCER, externalIPs: ['198.51.100.7'] }),
    ],
    endpointSlices: [],
  },
  {
    name: 'node-port',
    services: [
      service('shop/web', '10.96.0.10', { type: 'NodePort', ports: [port({ nodePort: 30_080 })] }),
    ],
    endpointSlices: [slice('shop/web', BOTH, ports())],
  },
  {
    name: 'node-port-everywhere',
    services: [
      service('shop/web', '10.96.0.10', { type: 'NodePort', ports: [port({ nodePort: 30_080 })] }),
    ],
    endpointSlices: [slice('shop/web', BOTH, ports())],
    config: { nodePortAddresses: ['0.0.0.0/0'] },
  },
  {
    name: 'external-ip',
    services: [
      service('shop/web', '10.96.0.10', { ports: [port()], externalIPs: ['198.51.100.7'] }),
    ],
    endpointSlices: [slice('shop/web', BOTH, ports())],
  },
  {
    name: 'load-balancer-source-ranges',
    services: [
      service('shop/web', '10.96.0.10', {
        ...LOAD_BALANCER,
        loadBalancerSourceRanges: ['192.168.10.0/24', '198.18.0.0/15'],
      }),
    ],
    endpointSlices: [slice('shop/web', BOTH, ports())],
  },
  {
    name: 'load-balancer-external-local',
    services: [service('shop/web', '10.96.0.10', { ...LOAD_BALANCER, ...LOCAL })],
    endpointSlices: [slice('shop/web', BOTH, ports())],
  },
  {
    name: 'load-balancer-external-local-remote-only',
    services: [service('shop/web', '10.96.0.10', { ...LOAD_BALANCER, ...LOCAL })],
    endpointSlices: [slice('shop/web', [THERE], ports())],
  },
  {
    name: 'internal-local',
    services: [
      service('shop/web', '10.96.0.10', { ports: [port()], internalTrafficPolicy: 'Local' }),
      service('shop/far', '10.96.0.11', { ports: [port()], internalTrafficPolicy: 'Local' }),
    ],
    endpointSlices: [slice('shop/web', BOTH, ports()), slice('shop/far', [THERE], ports())],
  },
  {
    name: 'affinity',
    services: [
      service('shop/web', '10.96.0.10', {
        ports: [port()],
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
      }),
    ],
    endpointSlices: [slice('shop/web', BOTH, ports())],
  },
  {
    name: 'hints',
    services: [service('shop/web', '10.96.0.10', { ports: [port()] })],
    endpointSlices: [
      slice(
        'shop/web',
        [
          { ...HERE, hints: { forZones: [{ name: 'z1' }] } },
          { ...THERE, hints: { forZones: [{ name: 'z2' }] } },
        ],
        ports(),
      ),
    ],
  },
  {
    name: 'terminating',
    services: [service('shop/web', '10.96.0.10', { ports: [port()] })],
    endpointSlices: [
      slice(
        'shop/web',
        [endpoint('10.244.1.5', 'n1', DRAINING), { ...THERE, ...DRAINING }],
        ports(),
      ),
    ],
  },
  {
    name: 'udp-and-sctp',
    services: [
      service('shop/dns', '10.96.0.10', {
        type: 'NodePort',
        ports: [port({ port: 53, protocol: 'UDP', nodePort: 30_053 })],
      }),
      service('shop/tel', '10.96.0.11', {
        type: 'NodePort',
        ports: [port({ port: 5060, protocol: 'SCTP', nodePort: 30_060 })],
      }),
    ],
    endpointSlices: [slice('shop/dns', BOTH, ports('UDP')), slice('shop/tel', BOTH, ports('SCTP'))],
  },
  {
    name: 'masquerade-all',
    services: [service('shop/web', '10.96.0.10', { ports: [port()] })],
    endpointSlices: [slice('shop/web', BOTH, ports())],
    config: { iptables: { masqueradeAll: true }, nftables: { masqueradeAll: true } },
  },
  {
    name: 'local-by-interface',
    services: [service('shop/web', '10.96.0.10', { ...LOAD_BALANCER, ...LOCAL })],
    endpointSlices: [slice('shop/web', BOTH, ports())],
    config: {
      detectLocalMode: 'InterfaceNamePrefix',
      detectLocal: { interfaceNamePrefix: 'veth', bridgeInterface: '' },
    },
  },
  {
    name: 'dual-stack',
    families: ['IPv4', 'IPv6'],
    services: [
      service('shop/web', '10.96.0.10', {
        type: 'NodePort',
        clusterIPs: ['10.96.0.10', 'fd00:10:96::a'],
        ipFamilies: ['IPv4', 'IPv6'],
        ports: [port({ nodePort: 30_080 })],
        sessionAffinity: 'ClientIP',
      }),
      service('shop/six', 'fd00:10:96::b', { ports: [port()] }),
    ],
    endpointSlices: [
      slice('shop/web', BOTH, ports()),
      slice('shop/web', [endpoint('fd00:10:244:1::5', 'n1')], ports()),
      slice('shop/six', [endpoint('fd00:10:244:2::6', 'n2')], ports()),
    ],
  },
];
