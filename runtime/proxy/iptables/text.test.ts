import { describe, expect, it } from 'vitest';
import type { ModelSource, RuleModel } from '../model/index.ts';
import { aModel, aNode, anEndpoint, aService, aSlice, TERMINATING } from '../proxy.fakes.ts';
import { load, type Tables } from './kernel.fakes.ts';
import { kernelText, restoreText } from './text.ts';

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
const GOLDEN: Readonly<Record<string, Partial<ModelSource>>> = {
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

describe('iptables rules', () => {
  it.each(Object.entries(GOLDEN))('are kube-proxy’s: %s', async (name, source) => {
    await expect(restoreText(aModel(source))).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it.each(Object.entries(GOLDEN))('name no chain that is not there: %s', (_, source) => {
    const kernel: Tables = new Map();
    load(kernel, kernelText(aModel(source)));
    expect([...kernel.keys()]).toEqual(['mangle', 'filter', 'nat']);
  });

  it('hold the jumps from the kernel’s own chains where it has none', async () => {
    await expect(kernelText(aModel({}))).toMatchFileSnapshot('golden/empty-kernel.txt');
  });

  it('write every service whole before the next, by name', () => {
    const model = aModel({
      services: [aService('b', { clusterIP: '10.96.7.11' }), aService('a')],
      endpointSlices: [aSlice('a', ['10.244.2.5']), aSlice('b', ['10.244.2.5'])],
    });
    const lines = restoreText(model).split('\n');
    const of = (name: string): number[] =>
      lines.flatMap((line, at) => (line.includes(`shop/${name}`) ? [at] : []));
    expect(Math.max(...of('a'))).toBeLessThan(Math.min(...of('b')));
  });
});

describe('in a large cluster', () => {
  const crowd = (count: number): RuleModel =>
    aModel({
      services: [web({ sessionAffinity: 'ClientIP' })],
      endpointSlices: [
        aSlice(
          'web',
          Array.from({ length: count }, (_, n) => `10.244.${2 + (n >> 8)}.${n & 255}`),
        ),
      ],
    });

  it('endpoints go without comments from the thousand-and-first on', () => {
    expect(restoreText(crowd(1000))).toContain('shop/web -> 10.244.2.0:8080');
    const large = restoreText(crowd(1001));
    expect(large).not.toContain(' -> ');
    expect(large).toContain('--comment "shop/web cluster IP"');
    expect(large).toMatch(/^-A KUBE-SEP-\w+ -s 10\.244\.2\.0 -j KUBE-MARK-MASQ$/m);
    expect(large).toContain('--probability 0.0009990010 ');
  });
});

describe('node ports', () => {
  const tail = (source: Partial<ModelSource>): string[] =>
    restoreText(aModel(source))
      .split('\n')
      .filter((line) => line.includes('NOTE'))
      .map((line) => line.replace(/^.*this chain" (.*) -j KUBE-NODEPORTS$/, '$1'));
  const on = (...nodePortAddresses: string[]) => ({ config: { nodePortAddresses } });

  it('answer on all addresses unless told otherwise', () => {
    const everywhere = ['-m addrtype --dst-type LOCAL'];
    expect(tail({})).toEqual(everywhere);
    expect(tail(on('0.0.0.0/0', '10.0.0.0/8'))).toEqual(everywhere);
    expect(tail(on('fd00::/8'))).toEqual(everywhere);
    expect(tail({ ...on(), family: 'IPv6' })).toEqual([
      '-m addrtype --dst-type LOCAL ! -d ::1/128',
    ]);
    expect(tail({ config: { iptables: { localhostNodePorts: false } } })).toEqual([
      '-m addrtype --dst-type LOCAL ! -d 127.0.0.0/8',
    ]);
  });

  it('answer on those of the node’s addresses that are in the ranges', () => {
    const node = aNode({ addresses: ['192.168.10.1', '172.20.0.9'] });
    expect(tail({ node, ...on('192.168.0.0/16') })).toEqual(['-d 192.168.10.1']);
    expect(tail({ node, ...on('127.0.0.0/8', '172.16.0.0/12') })).toEqual([
      '-d 127.0.0.1',
      '-d 172.20.0.9',
    ]);
    expect(tail({ node, ...on('primary') })).toEqual(['-d 192.168.10.1']);
    expect(tail({ node, ...on('10.0.0.0/8') })).toEqual([]);
  });
});
