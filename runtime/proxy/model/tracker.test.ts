import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyWorld, rounds } from '../changes.fakes.ts';
import { aNode, anEndpoint, aService, aSlice, POD_CIDR, TERMINATING } from '../proxy.fakes.ts';
import { type ModelChange, type RuleModel, RuleTracker, ruleModel, staleFlows } from './index.ts';

const config = { clusterCIDR: POD_CIDR };

const plain = ({ services, ...model }: RuleModel): object => ({
  ...model,
  services: [...services.entries()],
});

function tracking(): RuleTracker {
  return new RuleTracker({ node: aNode(), family: 'IPv4', config });
}

describe('a tracker', () => {
  it('comes to the same as looking at everything, whatever changes', () => {
    fc.assert(
      fc.property(rounds, (all) => {
        const world = emptyWorld();
        const tracker = tracking();
        for (const changes of all) {
          for (const change of changes) change(world, tracker);
          const { after } = tracker.commit();
          const full = ruleModel({
            node: world.node,
            family: 'IPv4',
            config,
            services: world.services.values(),
            endpointSlices: world.slices.values(),
          });
          expect(plain(after)).toEqual(plain(full));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('derives only what a change concerns, and shares the rest', () => {
    const tracker = tracking();
    for (const name of ['a', 'b']) {
      tracker.setService(aService(name));
      tracker.setSlice(aSlice(name, ['10.244.2.5']));
    }
    const first = tracker.commit();
    expect([first.services, first.whole]).toEqual([['shop/a', 'shop/b'], false]);
    tracker.setSlice(aSlice('b', ['10.244.2.6']));
    const second = tracker.commit();
    expect(second.services).toEqual(['shop/b']);
    expect(second.after.services.get('shop/a')).toBe(first.after.services.get('shop/a'));
    expect(first.after.services.get('shop/b')?.ports[0]?.all[0]?.ip).toBe('10.244.2.5');
  });

  it('makes no new model of what changes nothing', () => {
    const tracker = tracking();
    tracker.setService(aService('a'));
    tracker.setSlice(aSlice('a', ['10.244.2.5']));
    const { after } = tracker.commit();
    tracker.setService({ ...aService('a') });
    tracker.setSlice({ ...aSlice('a', ['10.244.2.5']) });
    tracker.setNode({ ...aNode(), metadata: { ...aNode().metadata, resourceVersion: '2' } });
    const again = tracker.commit();
    expect([again.after === after, again.services, again.whole]).toEqual([true, [], false]);
  });

  it('looks at everything when its node moves, and says so', () => {
    const tracker = tracking();
    const near = { hints: { forZones: [{ name: 'z1' }] } };
    const far = { hints: { forZones: [{ name: 'z2' }] } };
    tracker.setService(aService('a'));
    tracker.setService(aService('b'));
    tracker.setSlice(aSlice('a', [anEndpoint('10.244.2.5', near), anEndpoint('10.244.2.6', far)]));
    tracker.commit();
    tracker.setNode(aNode({ labels: { 'topology.kubernetes.io/zone': 'z2' } }));
    const { whole, services, after } = tracker.commit();
    expect([whole, services]).toEqual([true, ['shop/a']]);
    expect(after.services.get('shop/a')?.ports[0]?.endpoints.cluster.map(({ ip }) => ip)).toEqual([
      '10.244.2.6',
    ]);
  });

  it('follows a slice that changes its service', () => {
    const tracker = tracking();
    tracker.setService(aService('a'));
    tracker.setService(aService('b'));
    tracker.setSlice(aSlice('a', ['10.244.2.5'], { name: 's' }));
    tracker.commit();
    tracker.setSlice(aSlice('b', ['10.244.2.5'], { name: 's' }));
    const { services, after } = tracker.commit();
    expect(services).toEqual(['shop/a', 'shop/b']);
    expect(after.services.get('shop/a')?.ports[0]?.all).toEqual([]);
    expect(after.endpointCount).toBe(1);
  });

  it('forgets what a whole list no longer has', () => {
    const tracker = tracking();
    tracker.setAll([aService('a'), aService('b')], [aSlice('a', ['10.244.2.5'])]);
    tracker.commit();
    tracker.setAll([aService('a')], []);
    const { after } = tracker.commit();
    expect([[...after.services.keys()], after.endpointCount]).toEqual([['shop/a'], 0]);
  });
});

describe('stale flows', () => {
  const ports = [{ name: 'dns', port: 53, protocol: 'UDP' as const, nodePort: 30_053 }];
  const slicePorts = [{ name: 'dns', port: 53, protocol: 'UDP' as const }];
  const service = aService('dns', { type: 'NodePort', ports });

  function left(...steps: ((tracker: RuleTracker) => void)[]): object[] {
    const tracker = tracking();
    let change: ModelChange | undefined;
    for (const step of steps) {
      step(tracker);
      change = tracker.commit();
    }
    return staleFlows(change!);
  }
  const serve =
    (...endpoints: Parameters<typeof aSlice>[1]) =>
    (tracker: RuleTracker): void =>
      tracker.setSlice(aSlice('dns', endpoints, { ports: slicePorts }));
  const begin = (tracker: RuleTracker): void => tracker.setService(service);

  it('are those to a service from before it had endpoints', () => {
    expect(left(begin, serve('10.244.2.5'))).toEqual([
      { destination: '10.96.7.10' },
      { nodePort: 30_053 },
    ]);
    expect(left(begin, serve('10.244.2.5'), serve('10.244.2.5', '10.244.2.6'))).toEqual([]);
  });

  it('are those to endpoints that are gone, but not to one that only ends', () => {
    const both = serve('10.244.2.5', '10.244.2.6');
    expect(left(begin, both, serve('10.244.2.6'))).toEqual([
      { destination: '10.96.7.10', endpoint: '10.244.2.5' },
      { nodePort: 30_053, endpoint: '10.244.2.5' },
    ]);
    const ending = serve(anEndpoint('10.244.2.5', TERMINATING), '10.244.2.6');
    expect(left(begin, both, ending)).toEqual([]);
  });

  it('are those to a service that is gone, and never of TCP', () => {
    const gone = (tracker: RuleTracker): void => tracker.deleteService('shop/dns');
    expect(left(begin, serve('10.244.2.5'), gone)).toEqual([{ destination: '10.96.7.10' }]);
    const tcp = (tracker: RuleTracker): void => {
      tracker.setService(aService('x'));
      tracker.setSlice(aSlice('x', ['10.244.2.5']));
    };
    expect(left(tcp, (tracker) => tracker.deleteService('shop/x'))).toEqual([]);
  });
});
