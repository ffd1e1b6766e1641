import fc from 'fast-check';
import type { Node, Service } from '../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../generated/discovery/v1/types.ts';
import type { RuleTracker } from './model/index.ts';
import { aNode, anEndpoint, aService, aSlice } from './proxy.fakes.ts';

/** A small world of services, slices and one node, which random changes move. */
export interface World {
  readonly services: Map<string, Service>;
  readonly slices: Map<string, EndpointSlice>;
  node: Node;
}

/** One change: to the world, and told to a tracker. */
export type Change = (world: World, tracker: RuleTracker) => void;

const names = fc.constantFrom('api', 'cache', 'web');
const policy = fc.constantFrom('Cluster' as const, 'Local' as const);

const setService: fc.Arbitrary<Change> = fc
  .record({
    name: names,
    number: fc.integer({ min: 1, max: 3 }),
    ports: fc.subarray([80, 81], { minLength: 1 }),
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
    external: fc.subarray(['nodePort', 'externalIP', 'balancer', 'ranges']),
    inside: policy,
    outside: policy,
    sticky: fc.boolean(),
  })
  .map(({ name, number, ports, protocol, external, inside, outside, sticky }) => {
    const balanced = external.includes('balancer');
    const service = aService(
      name,
      {
        type: balanced ? 'LoadBalancer' : external.includes('nodePort') ? 'NodePort' : 'ClusterIP',
        clusterIP: `10.96.7.${number}`,
        ports: ports.map((port) => ({
          name: `p${port}`,
          port,
          protocol,
          ...(external.includes('nodePort') ? { nodePort: 30_000 + port } : {}),
        })),
        internalTrafficPolicy: inside,
        externalTrafficPolicy: outside,
        ...(balanced && outside === 'Local' ? { healthCheckNodePort: 31_234 } : {}),
        ...(external.includes('externalIP') ? { externalIPs: ['198.51.100.1'] } : {}),
        ...(external.includes('ranges')
          ? { loadBalancerSourceRanges: ['192.168.0.0/16', '203.0.113.0/24'] }
          : {}),
        ...(sticky ? { sessionAffinity: 'ClientIP' as const } : {}),
      },
      balanced ? { ingress: [{ ip: '203.0.113.9' }] } : {},
    );
    return (world, tracker) => {
      world.services.set(`shop/${name}`, service);
      tracker.setService(service);
    };
  });

const endpoint = fc
  .record({
    address: fc.constantFrom('10.244.1.5', '10.244.1.6', '10.244.2.5', '10.244.3.5'),
    state: fc.constantFrom('ready', 'not ready', 'ending'),
    zone: fc.constantFrom(undefined, 'z1', 'z2'),
  })
  .map(({ address, state, zone }) =>
    anEndpoint(address, {
      conditions: {
        ready: state === 'ready',
        serving: state !== 'not ready',
        terminating: state === 'ending',
      },
      ...(zone === undefined ? {} : { hints: { forZones: [{ name: zone }] } }),
    }),
  );

const setSlice: fc.Arbitrary<Change> = fc
  .record({
    service: names,
    name: fc.constantFrom('s1', 's2', 's3', 's4'),
    endpoints: fc.array(endpoint, { maxLength: 4 }),
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
  })
  .map(({ service, name, endpoints, protocol }) => {
    const ports = [80, 81].map((port) => ({ name: `p${port}`, port: port + 8000, protocol }));
    const slice = aSlice(service, endpoints, { name, ports });
    return (world, tracker) => {
      world.slices.set(`shop/${name}`, slice);
      tracker.setSlice(slice);
    };
  });

const deleteService: fc.Arbitrary<Change> = names.map((name) => (world, tracker) => {
  world.services.delete(`shop/${name}`);
  tracker.deleteService(`shop/${name}`);
});

const deleteSlice: fc.Arbitrary<Change> = fc
  .constantFrom('shop/s1', 'shop/s2', 'shop/s3', 'shop/s4')
  .map((key) => (world, tracker) => {
    world.slices.delete(key);
    tracker.deleteSlice(key);
  });

const moveNode: fc.Arbitrary<Change> = fc.constantFrom('z1', 'z2', '').map((zone) => {
  const node = aNode({ labels: { 'topology.kubernetes.io/zone': zone } });
  return (world, tracker) => {
    world.node = node;
    tracker.setNode(node);
  };
});

/** Rounds of changes; after each round the tracker commits. */
export const rounds: fc.Arbitrary<Change[][]> = fc.array(
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: setService },
      { weight: 6, arbitrary: setSlice },
      { weight: 1, arbitrary: deleteService },
      { weight: 2, arbitrary: deleteSlice },
      { weight: 1, arbitrary: moveNode },
    ),
    { maxLength: 5 },
  ),
  { minLength: 1, maxLength: 8 },
);

export const emptyWorld = (): World => ({
  services: new Map(),
  slices: new Map(),
  node: aNode(),
});
