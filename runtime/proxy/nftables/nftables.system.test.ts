import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { type IPFamily, RuleTracker, ruleModel } from '../model/index.ts';
import { CASES } from '../testing/cases.fakes.ts';
import { networkMissing, TestNetwork } from '../testing/network.fakes.ts';
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

/** One after the other; each is an update of the table. */
const CHANGES: Readonly<Record<IPFamily, readonly ((tracker: RuleTracker) => void)[]>> = {
  IPv4: changes('10.96.0', '203.0.113.9', ['10.244.1.5', '10.244.2.6']),
  IPv6: changes('fd00:10:96:', 'fd00:203::9', ['fd00:10:244:1::5', 'fd00:10:244:2::6']),
};

function changes(
  net: string,
  balancer: string,
  [here, there]: readonly [string, string],
): readonly ((tracker: RuleTracker) => void)[] {
  const at = (n: number): string => (net.includes(':') ? `${net}:${n}` : `${net}.${n}`);
  const place = (key: string, ...ips: string[]): EndpointSlice => {
    const endpoints = ips.map((ip) => endpoint(ip, ip === here ? 'n1' : 'n2'));
    return slice(key, endpoints, [{ name: '', port: 8080, protocol: 'TCP' }]);
  };
  const sticky = { sessionAffinity: 'ClientIP' } as const;
  const local = {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    ports: [{ port: 80, protocol: 'TCP', nodePort: 30_080 }],
    ingress: [balancer],
  } as const;
  return [
    (tracker) => tracker.setService(service('t/gone', at(10), sticky)),
    (tracker) => tracker.setSlice(place('t/gone', here, there)),
    (tracker) => tracker.setService(service('t/kept', at(11), local)),
    (tracker) => tracker.setSlice(place('t/kept', there)),
    (tracker) => tracker.setSlice(place('t/kept', here, there)),
    (tracker) => tracker.setSlice(place('t/gone', there)),
    (tracker) => tracker.deleteService('t/gone'),
    (tracker) => tracker.setService(service('t/kept', at(11), { ...local, ...sticky })),
  ];
}

describe.skipIf(missing !== undefined)('nft', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.create([], []);
  });
  afterAll(() => network?.close());

  it.each(CASES)('takes the rules of $name', ({ services, endpointSlices, config, families }) => {
    for (const family of families ?? (['IPv4'] as const)) {
      const all = { family, config: { ...CONFIG, mode: 'nftables' as const, ...config } };
      const rules = new NftablesRules(ruleModel(source(services, endpointSlices, all)));
      network.onNode(['nft', '--check', '-f', '-'], rules.fullText());
    }
  });

  it.each(['IPv4', 'IPv6'] as const)(
    'is left by updates, after a cleanup, as by the whole text: %s',
    (family) => {
      const table = `${family === 'IPv4' ? 'ip' : 'ip6'} kube-proxy`;
      const config = { ...CONFIG, mode: 'nftables' as const };
      const tracker = new RuleTracker({ node: NODE, family, config, serviceCIDRs: SERVICE_CIDRS });
      const rules = new NftablesRules(tracker.model);
      const load = (text: string): void => void network.onNode(['nft', '-f', '-'], text);
      load(rules.fullText());
      for (const change of CHANGES[family]) {
        change(tracker);
        load(rules.update(tracker.commit()));
      }
      const blocks = (): string[] =>
        network
          .onNode(['nft', '--stateless', '--terse', 'list', 'table', ...table.split(' ')])
          .replace(/\n}\s*$/, '')
          .split('\n\n')
          .sort();
      expect(blocks().join('\n')).toContain('t/gone');
      load(rules.cleanup());
      const updated = blocks();
      expect(updated.join('\n')).not.toContain('t/gone');
      load(rules.fullText());
      expect(updated).toEqual(blocks());
    },
  );
});
