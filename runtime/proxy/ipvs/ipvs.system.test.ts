import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruleModel } from '../model/index.ts';
import { CASES } from '../testing/cases.fakes.ts';
import { networkMissing, TestNetwork } from '../testing/network.fakes.ts';
import { CONFIG, source } from '../testing/objects.fakes.ts';
import { IpvsRules } from './ruleset.ts';

const missing = networkMissing(['ipset', 'iptables', 'ip6tables', 'sysctl']);
if (missing) console.warn(`sets and rules of ipvs mode are not loaded into a kernel: ${missing}`);

/** The parts for two of the programs: not every kernel has IPVS and dummy interfaces. */
const PARTS = /^(ipset restore -exist|(ip6?tables)-restore --noflush) <<'EOF'\n([\s\S]*?)^EOF$/gm;

describe.skipIf(missing !== undefined)('ipset and iptables', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.create([], []);
  });
  afterAll(() => network?.close());

  it.each(CASES)('take the parts for $name', ({ services, endpointSlices, config, families }) => {
    for (const family of families ?? (['IPv4'] as const)) {
      const options = { family, config: { ...CONFIG, mode: 'ipvs' as const, ...config } };
      const script = new IpvsRules(ruleModel(source(services, endpointSlices, options))).fullText();
      const parts = [...script.matchAll(PARTS)];
      expect(parts).toHaveLength(2);
      for (const [, command = '', , text = ''] of parts) {
        const [program = '', ...args] = command.split(' ');
        network.onNode([program, ...args], text);
      }
      const save = family === 'IPv6' ? 'ip6tables-save' : 'iptables-save';
      const rules = (text: string): number => text.match(/^-A /gm)?.length ?? 0;
      expect(rules(network.onNode([save]))).toBe(rules(parts[1]![3]!));
      const restore = save.replace('save', 'restore');
      network.onNode([restore], '*nat\nCOMMIT\n*filter\nCOMMIT\n');
      network.onNode(['ipset', 'destroy']);
    }
  });
});
