import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyWorld, rounds } from '../changes.fakes.ts';
import { aNode, anEndpoint, aService, aSlice, POD_CIDR, TERMINATING } from '../proxy.fakes.ts';
import {
  type ModelChange,
  type ProxyVersion,
  type RuleModel,
  RuleTracker,
  ruleModel,
  staleFlows,
} from './index.ts';

const config = { clusterCIDR: POD_CIDR };

const plain = ({ services, ...model }: RuleModel): object => ({
  ...model,
  services: [...services.entries()],
});

function tracking(version: ProxyVersion = '1.36'): RuleTracker {
  return new RuleTracker({ node: aNode(), family: 'IPv4', config, version });
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
  const family = 'IPv4';
  const ports = [{ name: 'dns', port: 53, protocol: 'UDP' as const, nodePort: 30_053 }];
  const slicePorts = [{ name: 'dns', port: 53, protocol: 'UDP' as const }];
  const service = aService('dns', { type: 'NodePort', ports, externalIPs: ['198.51.100.1'] });
  const [one, two] = ['10.244.2.5', '10.244.2.6'] as const;
  const NOT_READY = { conditions: { ready: false, serving: false, terminating: false } };

  /** After the last of the steps, each of which is one sync. */
  function left(version: ProxyVersion, ...steps: ((tracker: RuleTracker) => void)[]): object[] {
    const tracker = tracking(version);
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
  const remove = (tracker: RuleTracker): void => tracker.deleteService('shop/dns');
  const both = serve(one, two);

  describe('in 1.28', () => {
    const flows = (...steps: ((tracker: RuleTracker) => void)[]): object[] =>
      left('1.28', ...steps);
    const to = (more: object): object[] => [
      { family, destination: '10.96.7.10', ...more },
      { family, destination: '198.51.100.1', ...more },
      { family, nodePort: 30_053, ...more },
    ];

    it('are those to a service from before it had a ready endpoint', () => {
      expect(flows(begin, serve(one))).toEqual(to({}));
      expect(flows(begin, serve(anEndpoint(one, NOT_READY)), serve(one))).toEqual(to({}));
      expect(flows(begin, serve(anEndpoint(one, TERMINATING)))).toEqual([]);
      expect(flows(begin, serve(one), both)).toEqual([]);
    });

    it('are those to endpoints that are gone or ready no longer', () => {
      const gone = to({ endpoint: one });
      expect(flows(begin, both, serve(two))).toEqual(gone);
      expect(flows(begin, both, serve(anEndpoint(one, NOT_READY), two))).toEqual(gone);
      expect(flows(begin, both, serve(anEndpoint(one, TERMINATING), two))).toEqual(gone);
      const unready = serve(anEndpoint(one, NOT_READY), two);
      expect(flows(begin, unready, serve(two))).toEqual([]);
    });

    it('are those to the cluster IP of a service that is gone, and never of TCP', () => {
      expect(flows(begin, serve(one), remove)).toEqual([{ family, destination: '10.96.7.10' }]);
      const tcp = (tracker: RuleTracker): void => {
        tracker.setService(aService('x'));
        tracker.setSlice(aSlice('x', [one]));
      };
      expect(flows(tcp, (tracker) => tracker.deleteService('shop/x'))).toEqual([]);
    });
  });

  describe('in 1.36', () => {
    const flows = (...steps: ((tracker: RuleTracker) => void)[]): object[] =>
      left('1.36', ...steps);
    const toNoneOf = (...exceptEndpoints: string[]): object[] => [
      { family, destination: '10.96.7.10', port: 53, exceptEndpoints },
      { family, destination: '198.51.100.1', port: 53, exceptEndpoints },
      { family, nodePort: 30_053, exceptEndpoints },
    ];

    it('are all that lead to none that serves, where endpoints changed', () => {
      expect(flows(begin, serve(one))).toEqual(toNoneOf(one));
      expect(flows(begin, serve(one), both)).toEqual(toNoneOf(one, two));
      expect(flows(begin, both, serve(two))).toEqual(toNoneOf(two));
      expect(flows(begin, both, serve(anEndpoint(one, NOT_READY), two))).toEqual(toNoneOf(two));
    });

    it('are not those to an endpoint that only ends', () => {
      const ending = serve(anEndpoint(one, TERMINATING), two);
      expect(flows(begin, both, ending)).toEqual(toNoneOf(one, two));
    });

    it('are none where nobody serves, nothing of the endpoints changed, or the service is gone', () => {
      expect(flows(begin, both, serve())).toEqual([]);
      expect(flows(begin, both, remove)).toEqual([]);
      const policy = (tracker: RuleTracker): void =>
        tracker.setService(aService('dns', { ports, internalTrafficPolicy: 'Local' }));
      expect(flows(begin, both, policy)).toEqual([]);
    });
  });
});
