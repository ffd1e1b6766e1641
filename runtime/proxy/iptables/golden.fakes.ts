import type { ModelSource } from '../model/index.ts';
import { anEndpoint, aService, aSlice, TERMINATING } from '../proxy.fakes.ts';

const PLACES = ['10.244.1.5', '10.244.2.5', '10.244.3.5'];
const web = (...args: Parameters<typeof aService> extends [string, ...infer R] ? R : never) =>
  aService('web', ...args);
const nodePort = [{ protocol: 'TCP' as const, port: 80, nodePort: 30080 }];
const balanced = {
  type: 'LoadBalancer' as const,
  ports: nodePort,
  loadBalancerSourceRanges: ['192.168.0.0/16', '198.51.100.0/24'],
};
const ingress = [{ ip: '203.0.113.9' }, { ip: '203.0.113.10' }];
const dual = { clusterIPs: ['10.96.7.10', 'fd00:96::a'], ipFamilies: ['IPv4', 'IPv6'] as const };
const sixes = aSlice('web', ['fd00:244:1::5', 'fd00:244:2::5'], {
  name: 'web-6',
  addressType: 'IPv6',
});
const hint = (zone: string) => ({ hints: { forZones: [{ name: zone }] } });

const at = (protocol: 'UDP' | 'SCTP', port: number) => ({
  service: web({ type: 'NodePort', ports: [{ name: 'x', protocol, port, nodePort: 30053 }] }),
  slice: aSlice('web', PLACES.slice(0, 2), { ports: [{ name: 'x', protocol, port }] }),
});
const udp = at('UDP', 53);
const sctp = at('SCTP', 3868);
const slices = [aSlice('web', PLACES)];

/** Name of the golden file → what it is the text of. */
export const GOLDEN: Readonly<Record<string, Partial<ModelSource>>> = {
  empty: {},
  'cluster-ip': { services: [web()], endpointSlices: slices },
  'no-endpoints': { services: [web({ type: 'NodePort', ports: nodePort })] },
  'node-port': {
    services: [web({ type: 'NodePort', ports: nodePort })],
    endpointSlices: slices,
  },
  'node-port-local-elsewhere': {
    services: [web({ type: 'NodePort', ports: nodePort, externalTrafficPolicy: 'Local' })],
    endpointSlices: [aSlice('web', PLACES.slice(1))],
  },
  'balancer-with-ranges': {
    services: [web(balanced, { ingress })],
    endpointSlices: slices,
  },
  'balancer-local': {
    services: [
      web(
        {
          ...balanced,
          loadBalancerSourceRanges: [],
          externalTrafficPolicy: 'Local',
          healthCheckNodePort: 31234,
        },
        { ingress },
      ),
    ],
    endpointSlices: slices,
  },
  'external-ips': {
    services: [web({ externalIPs: ['198.51.100.20', '198.51.100.21'] })],
    endpointSlices: slices,
  },
  'both-policies-local': {
    services: [
      web({
        type: 'NodePort',
        ports: nodePort,
        internalTrafficPolicy: 'Local',
        externalTrafficPolicy: 'Local',
      }),
    ],
    endpointSlices: slices,
  },
  'internal-local-elsewhere': {
    services: [web({ internalTrafficPolicy: 'Local' })],
    endpointSlices: [aSlice('web', PLACES.slice(1))],
  },
  affinity: {
    services: [
      web({
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
      }),
    ],
    endpointSlices: [aSlice('web', PLACES.slice(0, 2))],
  },
  hints: {
    services: [web()],
    endpointSlices: [
      aSlice('web', [anEndpoint('10.244.1.5', hint('z1')), anEndpoint('10.244.2.5', hint('z2'))]),
    ],
  },
  terminating: {
    services: [web({ type: 'NodePort', ports: nodePort, externalTrafficPolicy: 'Local' })],
    endpointSlices: [aSlice('web', [anEndpoint('10.244.1.5', TERMINATING), '10.244.2.5'])],
  },
  udp: { services: [udp.service], endpointSlices: [udp.slice] },
  sctp: { services: [sctp.service], endpointSlices: [sctp.slice] },
  'dual-stack-ipv4': {
    services: [web({ ...dual, type: 'NodePort', ports: nodePort })],
    endpointSlices: [...slices, sixes],
  },
  'dual-stack-ipv6': {
    services: [web({ ...dual, type: 'NodePort', ports: nodePort })],
    endpointSlices: [...slices, sixes],
    family: 'IPv6',
  },
  'other-settings': {
    services: [web({ type: 'NodePort', ports: nodePort })],
    endpointSlices: slices,
    config: {
      detectLocalMode: 'BridgeInterface',
      detectLocal: { bridgeInterface: 'cni0' },
      iptables: { masqueradeBit: 31, localhostNodePorts: false },
      conntrack: { tcpBeLiberal: true },
      nodePortAddresses: ['192.168.10.0/24', '127.0.0.0/8'],
    },
  },
};
