import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { normalSave, savedTables } from '../../testing/fidelity/proxy/index.ts';
import { RuleTracker, ruleModel } from '../model/index.ts';
import { aModel, aNode, aService, aSlice } from '../proxy.fakes.ts';
import { Follower } from './follow.ts';
import { GOLDEN } from './golden.fakes.ts';
import { type Answer, CLIENT_IP, missed, Network, POD_PORT } from './network.fakes.ts';
import { kernelText } from './text.ts';

const MISSED = missed();
if (MISSED !== undefined)
  it('loads rules into a kernel that carries packets by them', (context) => context.skip(MISSED));

describe.skipIf(MISSED)('a real kernel', () => {
  let network: Network;
  beforeAll(() => {
    network = new Network([]);
  });
  afterAll(() => network.close());

  it.each(Object.entries(GOLDEN))('prints the rules as it is expected to: %s', (_, source) => {
    const model = aModel(source);
    const text = kernelText(model);
    network.load(text, 'replace', model.family);
    expect(normalSave(network.saved(model.family))).toEqual(savedTables(text, model.family));
  });

  it('is left by updates as by the whole text', () => {
    const config = { clusterCIDR: '10.244.0.0/16' };
    const tracker = new RuleTracker({ node: aNode(), family: 'IPv4', config });
    const follower = new Follower(tracker.model);
    network.load(kernelText(tracker.model));
    const local = { type: 'NodePort', externalTrafficPolicy: 'Local' } as const;
    const changes: (() => void)[] = [
      () => tracker.setService(aService('a')),
      () => tracker.setSlice(aSlice('a', ['10.244.1.5', '10.244.2.5'])),
      () => tracker.setService(aService('b', { ...local, ports: [{ port: 80, nodePort: 30080 }] })),
      () => tracker.setSlice(aSlice('b', ['10.244.2.6'])),
      () => tracker.setSlice(aSlice('a', ['10.244.2.5'])),
      () => tracker.deleteService('shop/a'),
      () => tracker.setSlice(aSlice('b', [])),
    ];
    for (const change of changes) {
      change();
      const update = tracker.commit();
      network.load(follower.update(update), 'add');
      expect(normalSave(network.saved())).toEqual(savedTables(kernelText(update.after), 'IPv4'));
    }
  });
});

const PODS = ['10.244.1.5', '10.244.1.6', '10.244.1.7'];
const VIP = '10.96.7.10';
const BALANCER = '203.0.113.9';
const ASKED = 300;

describe.skipIf(MISSED)('traffic', () => {
  let network: Network;
  beforeAll(async () => {
    network = new Network(PODS);
    await network.serve(PODS);
  });
  afterAll(() => network.close());

  const proxy = (service: Service, ...endpointSlices: EndpointSlice[]): void => {
    const node = aNode({ addresses: ['192.168.77.1'] });
    const config = { clusterCIDR: '10.244.0.0/16' };
    const services = [service];
    network.load(kernelText(ruleModel({ node, family: 'IPv4', config, services, endpointSlices })));
  };
  const places = (protocol: 'TCP' | 'UDP' = 'TCP', pods = PODS): EndpointSlice =>
    aSlice('web', pods, { ports: [{ name: '', port: POD_PORT, protocol }] });
  const shares = (answers: readonly Answer[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const each of answers) {
      const by = typeof each === 'string' ? each : each.by;
      counts[by] = (counts[by] ?? 0) + 1;
    }
    return counts;
  };
  /** Six standard deviations of a share of a third: one run in many millions leaves it. */
  const evenly = (answers: readonly Answer[]): void => {
    const found = shares(answers);
    expect(Object.keys(found).sort()).toEqual(PODS);
    const [share, deviation] = [ASKED / 3, Math.sqrt((ASKED * 2) / 9)];
    for (const count of Object.values(found))
      expect(Math.abs(count - share)).toBeLessThan(6 * deviation);
  };

  it('over TCP reaches every endpoint, evenly, with the node’s address where it comes from outside', () => {
    proxy(aService('web'), places());
    const answers = network.ask('client', 'tcp', VIP, 80, ASKED);
    evenly(answers);
    expect(new Set(answers.map((each) => (each as { from: string }).from))).toEqual(
      new Set(['10.244.1.1']),
    );
    evenly(network.ask('node', 'tcp', VIP, 80, ASKED));
  });

  it('over UDP reaches every endpoint, evenly', () => {
    proxy(aService('web', { ports: [{ port: 53, protocol: 'UDP' }] }), places('UDP'));
    evenly(network.ask('client', 'udp', VIP, 53, ASKED));
  });

  it('to a node port comes in, and keeps its source where the policy is Local', () => {
    const ports = [{ port: 80, nodePort: 30080 }];
    proxy(aService('web', { type: 'NodePort', ports }), places());
    evenly(network.ask('client', 'tcp', '192.168.77.1', 30080, ASKED));
    const local = { type: 'NodePort', ports, externalTrafficPolicy: 'Local' } as const;
    proxy(aService('web', local), places());
    const answers = network.ask('client', 'tcp', '192.168.77.1', 30080, 10);
    expect(answers.map((each) => (each as { from: string }).from)).toEqual(
      Array.from({ length: 10 }, () => CLIENT_IP),
    );
  });

  it('of one client sticks to its endpoint where the service wants it', () => {
    proxy(aService('web', { sessionAffinity: 'ClientIP' }), places());
    expect(Object.values(shares(network.ask('client', 'tcp', VIP, 80, 30)))).toEqual([30]);
  });

  it('to a service without endpoints is refused', () => {
    proxy(aService('web'));
    expect(network.ask('client', 'tcp', VIP, 80)).toEqual(['ECONNREFUSED']);
    proxy(aService('web', { ports: [{ port: 53, protocol: 'UDP' }] }));
    expect(network.ask('client', 'udp', VIP, 53)).toEqual(['ECONNREFUSED']);
  });

  it('is dropped at a load balancer whose source ranges it is not from', () => {
    const balanced = (range: string): Service =>
      aService(
        'web',
        { type: 'LoadBalancer', loadBalancerSourceRanges: [range] },
        { ingress: [{ ip: BALANCER }] },
      );
    proxy(balanced('192.168.77.0/24'), places());
    evenly(network.ask('client', 'tcp', BALANCER, 80, ASKED));
    proxy(balanced('198.51.100.0/24'), places());
    expect(network.ask('client', 'tcp', BALANCER, 80)).toEqual(['TIMEOUT']);
  });

  it('of a pod comes back to itself by its own service', () => {
    const [pod] = PODS;
    proxy(aService('web'), places('TCP', [pod!]));
    expect(network.ask(pod!, 'tcp', VIP, 80, 3)).toEqual(
      Array.from({ length: 3 }, () => ({ by: pod, from: '10.244.1.1' })),
    );
  });

  it('between pods keeps its source', () => {
    const [one, other] = PODS;
    proxy(aService('web'), places('TCP', [other!]));
    expect(network.ask(one!, 'tcp', VIP, 80)).toEqual([{ by: other, from: one }]);
  });
});
