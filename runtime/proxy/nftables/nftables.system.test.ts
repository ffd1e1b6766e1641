import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../../generated/core/v1/types.ts';
import { RuleTracker, ruleModel } from '../model/index.ts';
import { CASES } from '../testing/cases.fakes.ts';
import { networkMissing, type Pod, TestNetwork } from '../testing/network.fakes.ts';
import {
  CONFIG,
  endpoint,
  NODE,
  SERVICE_CIDRS,
  service,
  slice,
  source,
} from '../testing/objects.fakes.ts';
import { NftablesRules } from './ruleset.ts';

const missing = networkMissing(['nft', 'sysctl']);
if (missing) console.warn(`nftables rules are not loaded into a kernel: ${missing}`);

const PODS: readonly Pod[] = [
  { name: 'a', ip: '10.244.1.5' },
  { name: 'b', ip: '10.244.1.6' },
  { name: 'c', ip: '10.244.2.7' },
];
const A = endpoint('10.244.1.5', 'n1');
const B = endpoint('10.244.1.6', 'n1');
const C = endpoint('10.244.2.7', 'n2');
const PORT = 8080;

describe.skipIf(missing !== undefined)('nft', () => {
  let network: TestNetwork;
  let tracker: RuleTracker;
  let rules: NftablesRules;

  beforeAll(async () => {
    network = await TestNetwork.create(PODS, [PORT]);
  });
  afterAll(() => network?.close());

  it.each(CASES)('takes the rules of $name', ({ services, endpointSlices, config, families }) => {
    for (const family of families ?? (['IPv4'] as const)) {
      const all = { family, config: { ...CONFIG, mode: 'nftables' as const, ...config } };
      const rules = new NftablesRules(ruleModel(source(services, endpointSlices, all)));
      network.onNode(['nft', '--check', '-f', '-'], rules.fullText());
    }
  });

  /** Loads what the change says, after the services that are there already. */
  function have(services: readonly Service[], places: readonly (typeof A)[]): void {
    for (const each of services) {
      tracker.setService(each);
      const { namespace, name } = each.metadata;
      const ports = (each.spec?.ports ?? []).map(({ name = '', protocol }) => ({
        name,
        port: PORT,
        protocol,
      }));
      tracker.setSlice(slice(`${namespace}/${name}`, places, ports as never));
    }
    network.onNode(['nft', '-f', '-'], rules.update(tracker.commit()));
  }

  describe('carries packets', () => {
    beforeAll(() => {
      tracker = new RuleTracker({
        node: NODE,
        family: 'IPv4',
        config: { ...CONFIG, mode: 'nftables' },
        serviceCIDRs: SERVICE_CIDRS,
      });
      rules = new NftablesRules(tracker.model);
      network.onNode(['nft', '-f', '-'], rules.fullText());
    });

    const both = [
      { name: 'tcp', port: 80, protocol: 'TCP' },
      { name: 'udp', port: 53, protocol: 'UDP' },
    ] as const;

    it.each([
      ['TCP', 80],
      ['UDP', 53],
    ] as const)('to every endpoint of a cluster IP, evenly: %s', async (protocol, port) => {
      have([service('t/even', '10.96.0.10', { ports: both })], [A, B, C]);
      const count = 150;
      const asking = { protocol, address: '10.96.0.10', port, count };
      const answers = await network.ask('client', asking);
      // Each is binomial with p = 1/3: 50 ± 5.8. Five times that is left in two of a million runs.
      for (const name of ['a', 'b', 'c'])
        expect(Math.abs(answers.filter((text) => text.startsWith(name)).length - 50)).toBeLessThan(
          29,
        );
      // From outside of the pods it seems to come from the node.
      expect(new Set(answers.map((text) => text.split(' ')[1]))).toEqual(new Set(['192.168.10.1']));
    });

    it('from a pod with its own address, and from the node', async () => {
      have([service('t/one', '10.96.0.11')], [B]);
      expect(await network.ask('a', { address: '10.96.0.11', port: 80 })).toEqual(['b 10.244.1.5']);
      expect(await network.ask('node', { address: '10.96.0.11', port: 80 })).toEqual([
        'b 192.168.10.1',
      ]);
    });

    it.each(['TCP', 'UDP'] as const)('from a pod to itself: %s', async (protocol) => {
      have([service('t/self', '10.96.0.12', { ports: [{ port: 80, protocol }] })], [A]);
      const [answer] = await network.ask('a', { protocol, address: '10.96.0.12', port: 80 });
      expect(answer).toBe('a 192.168.10.1');
    });

    it('to the same endpoint while a client sticks to it', async () => {
      const sticky = {
        sessionAffinity: 'ClientIP' as const,
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      };
      have([service('t/sticky', '10.96.0.13', sticky)], [A, B, C]);
      const ask = (source: string) =>
        network.ask('client', { address: '10.96.0.13', port: 80, count: 25, source });
      for (const source of ['192.168.10.2', '192.168.10.3'])
        expect(new Set(await ask(source)).size).toBe(1);
    });

    it('nowhere when there are no endpoints: refused, on any address', async () => {
      const external = {
        externalIPs: ['198.51.100.7'],
        ports: [{ port: 80, protocol: 'TCP' as const, nodePort: 30_081 }],
        type: 'NodePort' as const,
      };
      have([service('t/nobody', '10.96.0.14', external)], []);
      const refused = ['ECONNREFUSED'];
      expect(await network.ask('client', { address: '10.96.0.14', port: 80 })).toEqual(refused);
      expect(await network.ask('client', { address: '198.51.100.7', port: 80 })).toEqual(refused);
      expect(await network.ask('client', { address: '192.168.10.1', port: 30_081 })).toEqual(
        refused,
      );
      expect(await network.ask('a', { address: '10.96.0.14', port: 80 })).toEqual(refused);
      expect(await network.ask('node', { address: '10.96.0.14', port: 80 })).toEqual(refused);
    });

    it('not to ports that a cluster IP does not have, nor to cluster IPs that no service has', async () => {
      have([service('t/one', '10.96.0.11')], [B]);
      expect(await network.ask('a', { address: '10.96.0.11', port: 81 })).toEqual(['ECONNREFUSED']);
      expect(await network.ask('a', { address: '10.96.99.99', port: 80 })).toEqual(['silence']);
    });

    it('by a node port and by external addresses, to any endpoint', async () => {
      const open = {
        type: 'LoadBalancer' as const,
        ports: [{ port: 80, protocol: 'TCP' as const, nodePort: 30_080 }],
        externalIPs: ['198.51.100.8'],
        ingress: ['203.0.113.8'],
      };
      have([service('t/open', '10.96.0.15', open)], [C]);
      const masqueraded = ['c 192.168.10.1'];
      expect(await network.ask('client', { address: '192.168.10.1', port: 30_080 })).toEqual(
        masqueraded,
      );
      expect(await network.ask('client', { address: '198.51.100.8', port: 80 })).toEqual(
        masqueraded,
      );
      expect(await network.ask('client', { address: '203.0.113.8', port: 80 })).toEqual(
        masqueraded,
      );
      expect(await network.ask('a', { address: '203.0.113.8', port: 80 })).toEqual(masqueraded);
    });

    it('with external policy Local, to endpoints of the node with the address of the client', async () => {
      const local = {
        type: 'LoadBalancer' as const,
        externalTrafficPolicy: 'Local' as const,
        ports: [{ port: 80, protocol: 'TCP' as const, nodePort: 30_082 }],
        ingress: ['203.0.113.9'],
      };
      have([service('t/local', '10.96.0.16', local)], [A, C]);
      const asking = { address: '203.0.113.9', port: 80, count: 20 };
      expect(new Set(await network.ask('client', asking))).toEqual(new Set(['a 192.168.10.2']));
      // A pod is treated as if it had gone out and come in anywhere.
      const fromPod = await network.ask('b', { ...asking, count: 60 });
      expect(new Set(fromPod.map((text) => text[0]))).toEqual(new Set(['a', 'c']));
      have([service('t/local', '10.96.0.16', local)], [C]);
      expect(await network.ask('client', { ...asking, count: 1 })).toEqual(['silence']);
      expect(await network.ask('b', { ...asking, count: 1 })).toEqual(['c 10.244.1.6']);
    });

    it('of those within the source ranges of a load balancer, and of nobody else', async () => {
      const ranged = {
        type: 'LoadBalancer' as const,
        ports: [{ port: 80, protocol: 'TCP' as const, nodePort: 30_083 }],
        ingress: ['203.0.113.10'],
        loadBalancerSourceRanges: ['192.168.10.2/32'],
      };
      have([service('t/ranged', '10.96.0.17', ranged)], [A]);
      const ask = (source: string, address = '203.0.113.10', port = 80) =>
        network.ask('client', { address, port, source });
      expect(await ask('192.168.10.2')).toEqual(['a 192.168.10.1']);
      expect(await ask('192.168.10.3')).toEqual(['silence']);
      // Node ports are not subject to the ranges.
      expect(await ask('192.168.10.3', '192.168.10.1', 30_083)).toEqual(['a 192.168.10.1']);
    });

    it('no more once a service is gone, and the kernel lets go of its chains', async () => {
      have([service('t/gone', '10.96.0.18')], [A]);
      expect(await network.ask('b', { address: '10.96.0.18', port: 80 })).toEqual(['a 10.244.1.6']);
      tracker.deleteService('t/gone');
      network.onNode(['nft', '-f', '-'], rules.update(tracker.commit()));
      // Its address belongs to nobody now, and is in the range of services.
      expect(await network.ask('b', { address: '10.96.0.18', port: 80 })).toEqual(['silence']);
      network.onNode(['nft', '-f', '-'], rules.cleanup());
      expect(network.onNode(['nft', 'list', 'table', 'ip', 'kube-proxy'])).not.toContain('t/gone');
    });

    it('by a table that the full text would make as well', () => {
      const blocks = (): string[] =>
        network
          .onNode(['nft', '--stateless', '--terse', 'list', 'table', 'ip', 'kube-proxy'])
          .replace(/\n}\s*$/, '')
          .split('\n\n')
          .sort();
      network.onNode(['nft', '-f', '-'], rules.cleanup());
      const updated = blocks();
      network.onNode(['nft', '-f', '-'], rules.fullText());
      expect(updated).toEqual(blocks());
    });
  });
});
