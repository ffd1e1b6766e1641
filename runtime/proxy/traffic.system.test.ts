import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServicePort } from '../../generated/core/v1/types.ts';
import {
  addresses,
  FAMILIES,
  IN4,
  IN6,
  LoadedRules,
  MODES,
  type Place,
  POD_PORT,
  PODS,
  PORTS,
} from './testing/loaded-rules.fakes.ts';
import {
  type Asking,
  ipv6Missing,
  networkMissing,
  sctpMissing,
  TestNetwork,
  UNTIL_REFUSED_MS,
} from './testing/network.fakes.ts';
import { DRAINING, type ServiceOptions } from './testing/objects.fakes.ts';

const NODE_PORT = 30_080;

describe.each(MODES)('the rules of $mode carry packets', (mode) => {
  const missing = networkMissing(mode.programs);
  if (missing !== undefined) {
    it('in network namespaces', (context) => context.skip(missing));
    return;
  }
  let network: TestNetwork;
  let rules: LoadedRules;

  beforeAll(async () => {
    network = await TestNetwork.create(PODS, [POD_PORT], [80, NODE_PORT]);
    rules = new LoadedRules(network, mode);
  });
  afterAll(() => network?.close());

  describe.each(FAMILIES)('%s', (family) => {
    const missed = family === 'IPv6' ? ipv6Missing() : undefined;
    if (missed !== undefined) {
      it('in network namespaces', (context) => context.skip(missed));
      return;
    }
    const { node, clients, pod, cluster, external, balancer } = addresses(family);
    const [client = '', otherClient = ''] = clients;
    const ask = (from: string, address: string, more: Partial<Asking> = {}): Promise<string[]> =>
      network.ask(from, {
        address,
        port: 80,
        ...(from === 'client' ? { source: client } : {}),
        ...more,
      });
    const distinct = (answers: readonly string[]): string[] => [...new Set(answers)].sort();
    const by = (answers: readonly string[]): string[] =>
      distinct(answers.map((text) => text.split(' ')[0]!));
    const nodePort: readonly ServicePort[] = [{ ...PORTS[0], nodePort: NODE_PORT }];
    const open: ServiceOptions = {
      type: 'LoadBalancer',
      ports: nodePort,
      externalIPs: [IN4.external(6), IN6.external(6)],
      ingress: [IN4.balancer(6), IN6.balancer(6)],
    };

    describe.each(PORTS)('$protocol', ({ protocol, port }) => {
      const missed = protocol === 'SCTP' ? sctpMissing() : undefined;
      const skipped = (context: { skip(why?: string): void }): void => {
        if (missed !== undefined) context.skip(missed);
      };
      const asking = { protocol, port } as const;

      it('to every endpoint, evenly, as if from the node where it comes from outside', async (context) => {
        skipped(context);
        rules.have(1, ['a', 'b', 'c'], { ports: PORTS });
        const answers = await ask('client', cluster(1), { ...asking, count: 150 });
        // Each is binomial with p = 1/3: 50 ± 5.8. Five times that is left in two of a million runs.
        for (const name of ['a', 'b', 'c'])
          expect(
            Math.abs(answers.filter((text) => text.startsWith(name)).length - 50),
          ).toBeLessThan(29);
        expect(distinct(answers.map((text) => text.split(' ')[1]!))).toEqual([node]);
      });

      it('from a pod with its own address, from the node, and from a pod to itself', async (context) => {
        skipped(context);
        rules.have(2, ['b'], { ports: PORTS });
        expect(await ask('a', cluster(2), asking)).toEqual([`b ${pod('a')}`]);
        expect(await ask('node', cluster(2), asking)).toEqual([`b ${node}`]);
        expect(await ask('b', cluster(2), asking)).toEqual([`b ${node}`]);
      });

      it('nowhere when there are no endpoints: refused, on any address', async (context) => {
        skipped(context);
        const ports = PORTS.map((each) => ({ ...each, nodePort: NODE_PORT + each.port }));
        const externalIPs = [IN4.external(3), IN6.external(3)];
        rules.have(3, [], { type: 'NodePort', ports, externalIPs });
        const refused = (from: string, address: string, port: number): Promise<string[]> =>
          ask(from, address, { protocol, port, patience: UNTIL_REFUSED_MS });
        const answers = await Promise.all([
          refused('client', cluster(3), port),
          refused('a', cluster(3), port),
          refused('client', external(3), port),
          refused('client', node, NODE_PORT + port),
        ]);
        expect(answers).toEqual(answers.map(() => ['ECONNREFUSED']));
      });
    });

    it('to the same endpoint while a client sticks to it', async () => {
      rules.have(4, ['a', 'b', 'c'], {
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      });
      for (const source of [client, otherClient]) {
        const answers = await ask('client', cluster(4), { count: 25, source });
        expect(answers).toEqual(Array.from({ length: 25 }, () => answers[0]));
        expect(answers[0]).toMatch(/^[abc] /);
      }
    });

    it('by a node port and by external addresses, to any endpoint', async () => {
      rules.have(6, ['c'], open);
      const masqueraded = [`c ${node}`];
      expect(await ask('client', node, { port: NODE_PORT })).toEqual(masqueraded);
      expect(await ask('client', external(6))).toEqual(masqueraded);
      expect(await ask('client', balancer(6))).toEqual(masqueraded);
      expect(await ask('a', balancer(6))).toEqual(masqueraded);
    });

    it('by external policy Local, to endpoints of the node with the address of the client', async () => {
      const local: ServiceOptions = { ...open, externalTrafficPolicy: 'Local' };
      rules.have(6, ['a', 'c'], local);
      const ways = [
        [balancer(6), 80],
        [external(6), 80],
        [node, NODE_PORT],
      ] as const;
      for (const [address, port] of ways)
        expect(distinct(await ask('client', address, { port, count: 12 }))).toEqual([
          `a ${client}`,
        ]);
      // A pod is treated as if it had gone out and come in anywhere.
      expect(by(await ask('b', balancer(6), { count: 60 }))).toEqual(['a', 'c']);
      rules.have(6, ['c'], local);
      const silent = ways.map(([address, port]) => ask('client', address, { port }));
      expect((await Promise.all(silent)).flat()).toEqual(ways.map(() => 'silence'));
      expect(await ask('b', balancer(6))).toEqual([`c ${pod('b')}`]);
    });

    it('by internal policy Local, to endpoints of the node or to none', async () => {
      const local: ServiceOptions = { internalTrafficPolicy: 'Local' };
      rules.have(7, ['a', 'c'], local);
      expect(by(await ask('b', cluster(7), { count: 12 }))).toEqual(['a']);
      rules.have(7, ['c'], local);
      expect(await ask('b', cluster(7))).toEqual(['silence']);
    });

    it('of those within the source ranges of a load balancer, and of nobody else', async () => {
      rules.have(6, ['a'], {
        ...open,
        loadBalancerSourceRanges: [`${IN4.clients[0]}/32`, `${IN6.clients[0]}/128`],
      });
      expect(await ask('client', balancer(6))).toEqual([`a ${node}`]);
      expect(await ask('client', balancer(6), { source: otherClient })).toEqual(['silence']);
      // Node ports are not subject to the ranges.
      const there = { port: NODE_PORT, source: otherClient };
      expect(await ask('client', node, there)).toEqual([`a ${node}`]);
    });

    it('near, where all endpoints are meant for a zone or a node', async () => {
      const zone = (name: string) => ({ hints: { forZones: [{ name }] } });
      const both = (zone: string, node: string) => ({
        hints: { forZones: [{ name: zone }], forNodes: [{ name: node }] },
      });
      const zones: Place[] = [
        ['a', zone('z1')],
        ['b', zone('z1')],
        ['c', zone('z2')],
      ];
      rules.have(8, zones, { trafficDistribution: 'PreferSameZone' });
      expect(by(await ask('client', cluster(8), { count: 40 }))).toEqual(['a', 'b']);
      const nodes: Place[] = [
        ['a', both('z1', 'n1')],
        ['b', both('z1', 'n7')],
        ['c', both('z2', 'n2')],
      ];
      rules.have(8, nodes, { trafficDistribution: 'PreferSameNode' });
      expect(by(await ask('client', cluster(8), { count: 20 }))).toEqual(['a']);
    });

    it('to endpoints on their way out only where none is ready', async () => {
      rules.have(9, [['a', DRAINING], 'b']);
      expect(by(await ask('client', cluster(9), { count: 20 }))).toEqual(['b']);
      rules.have(9, [['a', DRAINING]]);
      expect(by(await ask('client', cluster(9), { count: 3 }))).toEqual(['a']);
    });

    it('of a client of UDP to another endpoint, once the flows that are stale are forgotten', async (context) => {
      const none = networkMissing(['conntrack']);
      if (none !== undefined) context.skip(none);
      const ports = [PORTS[1]];
      const again = { protocol: 'UDP', port: 53, sourcePort: 20_053 } as const;
      rules.have(10, ['a'], { ports });
      expect(by(await ask('client', cluster(10), again))).toEqual(['a']);
      rules.have(10, ['a', 'b'], { ports });
      rules.forget();
      expect(by(await ask('client', cluster(10), again))).toEqual(['a']);
      rules.have(10, ['b'], { ports });
      expect(by(await ask('client', cluster(10), again))).toEqual(['a']);
      rules.forget();
      expect(by(await ask('client', cluster(10), again))).toEqual(['b']);
    });

    it('no more to an endpoint or a service that is gone', async () => {
      rules.have(5, ['a', 'b']);
      rules.have(5, ['b']);
      expect(by(await ask('client', cluster(5), { count: 20 }))).toEqual(['b']);
      rules.remove(5);
      // Where the range of cluster IPs is guarded it is dropped there; else it goes its way.
      const left = mode.mode === 'nftables' ? 'silence' : `outside ${client}`;
      expect(await ask('client', cluster(5))).toEqual([left]);
    });

    it.runIf(mode.mode === 'iptables' && family === 'IPv4')(
      'from the node to a node port on loopback',
      async () => {
        rules.have(6, ['c'], open);
        expect(await ask('node', '127.0.0.1', { port: NODE_PORT })).toEqual([`c ${node}`]);
      },
    );

    it.runIf(mode.mode === 'nftables')(
      'not to other ports of a cluster IP, nor to cluster IPs that no service has',
      async () => {
        rules.have(2, ['b']);
        const other = { port: 81, patience: UNTIL_REFUSED_MS };
        expect(await ask('a', cluster(2), other)).toEqual(['ECONNREFUSED']);
        expect(await ask('a', cluster(99))).toEqual(['silence']);
      },
    );
  });
});
