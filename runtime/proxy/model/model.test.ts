import { describe, expect, it } from 'vitest';
import type { Service } from '../../../generated/core/v1/types.ts';
import type { Endpoint } from '../../../generated/discovery/v1/types.ts';
import { aModel, aNode, anEndpoint, aService, aSlice, TERMINATING } from '../proxy.fakes.ts';
import { healthChecks, proxyHealth, type ServicePortRules } from './index.ts';

const LOCAL = { externalTrafficPolicy: 'Local', type: 'NodePort' } as const;
const nodePort = [{ port: 80, nodePort: 30080 }];

function portOf(service: Service, endpoints: readonly (string | Endpoint)[]): ServicePortRules {
  const { name = '' } = service.metadata;
  const model = aModel({ services: [service], endpointSlices: [aSlice(name, endpoints)] });
  return model.services.get(`shop/${name}`)!.ports[0]!;
}

function texts({ endpoints }: ServicePortRules): Record<string, unknown> {
  const ips = (list: readonly { ip: string }[]): string => list.map(({ ip }) => ip).join(' ');
  const { cluster, local, reachable, any } = endpoints;
  return { cluster: ips(cluster), local: ips(local), reachable: ips(reachable), any };
}

describe('services', () => {
  it('need rules unless they are headless, external or the business of another proxy', () => {
    const labelled = (label: string): Service => ({
      ...aService('x'),
      metadata: { name: 'x', namespace: 'shop', labels: { [label]: '' } },
    });
    for (const service of [
      aService('x', { clusterIP: 'None', clusterIPs: ['None'] }),
      aService('x', { type: 'ExternalName' }),
      labelled('service.kubernetes.io/service-proxy-name'),
      labelled('service.kubernetes.io/headless'),
    ])
      expect(aModel({ services: [service] }).services.size).toBe(0);
    expect(aModel({ services: [aService('x')] }).services.size).toBe(1);
  });

  it('have addresses of the family that is asked for, in one form', () => {
    const service = aService(
      'dual',
      {
        clusterIPs: ['10.96.7.10', 'FD00:96:0::A'],
        ipFamilies: ['IPv4', 'IPv6'],
        externalIPs: ['198.51.100.1', '2001:DB8::1'],
        loadBalancerSourceRanges: [' 203.0.113.9/24 ', '2001:db8::1/32'],
        sessionAffinity: 'ClientIP',
      },
      {
        ingress: [{ ip: '203.0.113.9' }, { ip: '203.0.113.8', ipMode: 'Proxy' }, { hostname: 'h' }],
      },
    );
    const of = (family: 'IPv4' | 'IPv6'): unknown =>
      aModel({ services: [service], family }).services.get('shop/dual')?.ports[0];
    expect(of('IPv4')).toMatchObject({
      name: 'shop/dual',
      clusterIP: '10.96.7.10',
      externalIPs: ['198.51.100.1'],
      loadBalancerIPs: ['203.0.113.9'],
      loadBalancerSourceRanges: ['203.0.113.0/24'],
      affinitySeconds: 10_800,
    });
    expect(of('IPv6')).toMatchObject({
      clusterIP: 'fd00:96::a',
      externalIPs: ['2001:db8::1'],
      loadBalancerIPs: [],
      loadBalancerSourceRanges: ['2001:db8::/32'],
    });
  });

  it('have source ranges as they were given until 1.36', () => {
    const loadBalancerSourceRanges = [' 203.0.113.9/24 ', 'nonsense'];
    const service = aService('x', { loadBalancerSourceRanges });
    const { services } = aModel({ services: [service], version: '1.28' });
    expect(services.get('shop/x')?.ports[0]?.loadBalancerSourceRanges).toEqual(['203.0.113.9/24']);
  });

  it('follow an external policy only where something comes in', () => {
    const inside = aService('x', { externalTrafficPolicy: 'Local' });
    const outside = aService('x', { externalTrafficPolicy: 'Local', externalIPs: ['1.2.3.4'] });
    expect([inside, outside].map((each) => portOf(each, []).externalPolicyLocal)).toEqual([
      false,
      true,
    ]);
  });
});

describe('endpoints', () => {
  it('are all the ready ones for policy Cluster, and none of other nodes for Local', () => {
    const all = [
      '10.244.1.5',
      '10.244.2.5',
      anEndpoint('10.244.3.5', { conditions: { ready: false } }),
    ];
    expect(texts(portOf(aService('x'), all))).toEqual({
      cluster: '10.244.1.5 10.244.2.5',
      local: '',
      reachable: '10.244.1.5 10.244.2.5',
      any: true,
    });
    expect(texts(portOf(aService('x', { ...LOCAL, ports: nodePort }), all))).toMatchObject({
      cluster: '10.244.1.5 10.244.2.5',
      local: '10.244.1.5',
    });
    expect(texts(portOf(aService('x', { internalTrafficPolicy: 'Local' }), all))).toMatchObject({
      cluster: '',
      local: '10.244.1.5',
      reachable: '10.244.1.5',
    });
  });

  it('are those that still serve where none is ready, by each policy for itself', () => {
    const both = [anEndpoint('10.244.1.5', TERMINATING), '10.244.2.5'];
    expect(texts(portOf(aService('x', { ...LOCAL, ports: nodePort }), both))).toEqual({
      cluster: '10.244.2.5',
      local: '10.244.1.5',
      reachable: '10.244.1.5 10.244.2.5',
      any: true,
    });
    const gone = { conditions: { ready: false, serving: false, terminating: true } };
    const ending = [anEndpoint('10.244.1.5', gone), anEndpoint('10.244.2.5', TERMINATING)];
    expect(texts(portOf(aService('x'), ending))).toMatchObject({
      cluster: '10.244.2.5',
      any: true,
    });
  });

  it('count once when they stand in two slices, and keep to their port', () => {
    const slices = [
      aSlice('x', ['10.244.2.5', '10.244.2.6']),
      aSlice('x', ['10.244.2.5'], { name: 'x-b' }),
      aSlice('x', ['10.244.2.7'], { name: 'x-c', ports: [{ name: 'other', port: 1 }] }),
      aSlice('x', ['10.244.2.8'], { name: 'x-d', ports: [{ name: '', protocol: 'TCP' }] }),
    ];
    const model = aModel({ services: [aService('x')], endpointSlices: slices });
    expect(model.services.get('shop/x')?.ports[0]?.all.map(({ text }) => text)).toEqual([
      '10.244.2.5:8080',
      '10.244.2.6:8080',
    ]);
    expect(model.endpointCount).toBe(2);
  });
});

describe('topology hints', () => {
  const hinted = (address: string, zone?: string, node?: string): Endpoint =>
    anEndpoint(address, {
      hints: {
        ...(zone === undefined ? {} : { forZones: [{ name: zone }] }),
        ...(node === undefined ? {} : { forNodes: [{ name: node }] }),
      },
    });
  const chosen = (endpoints: readonly Endpoint[], over: object = {}, version = '1.36'): string => {
    const model = aModel({
      services: [aService('x', {}, over)],
      endpointSlices: [aSlice('x', endpoints)],
      version: version as '1.36',
    });
    const { endpoints: found } = model.services.get('shop/x')!.ports[0]!;
    return [found.topology, ...found.cluster.map(({ ip }) => ip)].join(' ').trim();
  };

  it('keep traffic in the zone, or on the node, when every ready endpoint has one', () => {
    const zones = [hinted('10.244.1.5', 'z1'), hinted('10.244.2.5', 'z2')];
    expect(chosen(zones)).toBe('PreferSameZone 10.244.1.5');
    const nodes = [hinted('10.244.1.5', 'z1', 'n1'), hinted('10.244.2.5', 'z1', 'n2')];
    expect(chosen(nodes)).toBe('PreferSameNode 10.244.1.5');
    const elsewhere = [hinted('10.244.1.5', 'z1', 'n3'), hinted('10.244.2.5', 'z1', 'n2')];
    expect(chosen(elsewhere)).toBe('PreferSameZone 10.244.1.5 10.244.2.5');
  });

  it('are ignored when one is missing, or none is for here', () => {
    expect(chosen([hinted('10.244.1.5', 'z1'), hinted('10.244.2.5')])).toBe(
      '10.244.1.5 10.244.2.5',
    );
    expect(chosen([hinted('10.244.1.5', 'z3'), hinted('10.244.2.5', 'z2')])).toBe(
      '10.244.1.5 10.244.2.5',
    );
  });

  it('want an annotation in 1.28, where there are none for nodes', () => {
    const zones = [hinted('10.244.1.5', 'z1', 'n9'), hinted('10.244.2.5', 'z2', 'n1')];
    expect(chosen(zones, {}, '1.28')).toBe('10.244.1.5 10.244.2.5');
    const on = { annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } };
    expect(chosen(zones, on, '1.28')).toBe('PreferSameZone 10.244.1.5');
    const off = { annotations: { 'service.kubernetes.io/topology-aware-hints': 'Disabled' } };
    expect(chosen(zones, off, '1.28')).toBe('10.244.1.5 10.244.2.5');
    const older = { annotations: { ...on.annotations, ...off.annotations } };
    expect(chosen(zones, older, '1.28')).toBe('10.244.1.5 10.244.2.5');
  });
});

describe('settings', () => {
  const settingsOf = (config: object, family: 'IPv4' | 'IPv6' = 'IPv4') =>
    aModel({ config, family }).settings;

  it('have upstream defaults', () => {
    expect(settingsOf({})).toEqual({
      version: '1.36',
      mode: 'iptables',
      masqueradeAll: false,
      masqueradeBit: 14,
      localhostNodePorts: true,
      localDetector: { by: 'none' },
      nodePortAddresses: [],
      serviceCIDRs: [],
      conntrackTCPLiberal: false,
      ipvs: { scheduler: 'rr', strictARP: false, excludeCIDRs: [] },
      syncPeriodMs: 30_000,
      minSyncPeriodMs: 0,
      udpIdleMs: 250,
    });
    expect(settingsOf({}, 'IPv6').localhostNodePorts).toBe(false);
  });

  it('open node ports on loopback unless the ranges of node ports leave it out', () => {
    const opens = (...nodePortAddresses: string[]): boolean =>
      settingsOf({ nodePortAddresses }).localhostNodePorts;
    expect(opens('192.168.10.0/24')).toBe(false);
    expect(opens('primary')).toBe(false);
    for (const range of ['127.0.0.0/8', '127.0.0.1/32', '0.0.0.0/0', 'fd00::/8'])
      expect([range, opens(range)]).toEqual([range, true]);
    const iptables = { localhostNodePorts: false };
    const all = { iptables, nodePortAddresses: ['127.0.0.0/8'] };
    expect(settingsOf(all).localhostNodePorts).toBe(false);
  });

  it('tell local traffic as they are told to', () => {
    const detector = (config: object, family?: 'IPv6') => settingsOf(config, family).localDetector;
    const clusterCIDR = '10.244.0.0/16,fd00:244::/48';
    expect(detector({ clusterCIDR })).toEqual({ by: 'source', cidr: '10.244.0.0/16' });
    expect(detector({ clusterCIDR }, 'IPv6')).toEqual({ by: 'source', cidr: 'fd00:244::/48' });
    expect(detector({ clusterCIDR: '10.244.0.0/16' }, 'IPv6')).toEqual({ by: 'none' });
    expect(detector({ clusterCIDR, detectLocalMode: 'NodeCIDR' })).toEqual({
      by: 'source',
      cidr: '10.244.1.0/24',
    });
    const detectLocal = { bridgeInterface: 'cni0', interfaceNamePrefix: 'veth' };
    expect(detector({ detectLocal, detectLocalMode: 'BridgeInterface' })).toEqual({
      by: 'interface',
      match: 'cni0',
    });
    expect(detector({ detectLocal, detectLocalMode: 'InterfaceNamePrefix' })).toEqual({
      by: 'interface',
      match: 'veth+',
    });
  });

  it('come from the part of the mode', () => {
    const parts = {
      iptables: { masqueradeBit: 3 },
      nftables: { masqueradeAll: true, masqueradeBit: 5 },
    };
    expect(settingsOf({ mode: 'nftables', ...parts })).toMatchObject({
      masqueradeAll: true,
      masqueradeBit: 5,
    });
    expect(settingsOf({ mode: 'ipvs', ...parts })).toMatchObject({
      masqueradeAll: false,
      masqueradeBit: 3,
    });
    const syncs = {
      iptables: { syncPeriod: '10s', minSyncPeriod: '1s' },
      ipvs: { syncPeriod: '20s' },
      nftables: { minSyncPeriod: '500ms' },
    };
    const periods = (mode: string): number[] => {
      const { syncPeriodMs, minSyncPeriodMs } = settingsOf({ mode, ...syncs });
      return [syncPeriodMs, minSyncPeriodMs];
    };
    expect(periods('iptables')).toEqual([10_000, 1000]);
    expect(periods('ipvs')).toEqual([20_000, 0]);
    expect(periods('nftables')).toEqual([30_000, 500]);
    expect(settingsOf({ udpIdleTimeout: '2s' }).udpIdleMs).toBe(2000);
    expect(settingsOf({ mode: 'kernelspace' }).mode).toBe('iptables');
  });

  it('know the node by its first internal address, or by the one that they bind to', () => {
    const nodeOf = (config: object): object => aModel({ config }).node;
    expect(nodeOf({})).toEqual({
      name: 'n1',
      zone: 'z1',
      primaryIP: '192.168.10.1',
      addresses: ['127.0.0.1', '192.168.10.1'],
      podCIDRs: ['10.244.1.0/24'],
    });
    expect(nodeOf({ bindAddress: '0.0.0.0' })).toMatchObject({ primaryIP: '192.168.10.1' });
    expect(nodeOf({ bindAddress: '10.9.9.9' })).toMatchObject({ primaryIP: '10.9.9.9' });
  });
});

describe('health checks', () => {
  const balanced = aService('x', {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: 31234,
    ports: [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ],
  });
  const ports = [
    { name: 'a', port: 8080 },
    { name: 'b', port: 8081 },
  ];

  it('count the local endpoints that are ready, each once', () => {
    const answer = (addresses: readonly string[]) =>
      healthChecks([
        aModel({ services: [balanced], endpointSlices: [aSlice('x', addresses, { ports })] }),
      ]);
    expect(answer(['10.244.1.5', '10.244.1.6', '10.244.2.5'])).toMatchObject([
      {
        port: 31234,
        code: 200,
        headers: { 'X-Load-Balancing-Endpoint-Weight': '2' },
        body: { service: { namespace: 'shop', name: 'x' }, localEndpoints: 2 },
      },
    ]);
    expect(answer(['10.244.2.5'])).toMatchObject([{ code: 503, body: { localEndpoints: 0 } }]);
  });

  it('fail while the proxy does, and are only where there is a port for them', () => {
    const model = aModel({
      services: [balanced, aService('y')],
      endpointSlices: [aSlice('x', ['10.244.1.5'], { ports })],
    });
    expect(healthChecks([model], false)).toMatchObject([
      { code: 503, body: { localEndpoints: 1, serviceProxyHealthy: false } },
    ]);
  });

  it('say of a node that goes away that it is not eligible, which 1.28 did not', () => {
    const leaving = aNode();
    const tainted = {
      ...leaving,
      spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' as const }] },
    };
    expect(proxyHealth(leaving, '1.36')).toEqual({ code: 200, body: { nodeEligible: true } });
    expect(proxyHealth(tainted, '1.36')).toEqual({ code: 503, body: { nodeEligible: false } });
    expect(proxyHealth(tainted, '1.28').code).toBe(200);
  });
});
