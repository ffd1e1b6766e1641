import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RuleTracker, ruleModel } from '../model/index.ts';
import { CASES } from '../testing/cases.fakes.ts';
import { networkMissing, TestNetwork } from '../testing/network.fakes.ts';
import { CONFIG, endpoint, NODE, service, slice, source } from '../testing/objects.fakes.ts';
import { type IpvsRequest, ipvsadmMissing, ipvsadmRestore } from './ipvsadm.fakes.ts';
import { IpvsKernel } from './kernel.fakes.ts';
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

const missingIpvsadm = ipvsadmMissing();
if (missingIpvsadm) console.warn(`virtual servers are not read by ipvsadm: ${missingIpvsadm}`);

describe.skipIf(missingIpvsadm !== undefined)('ipvsadm', () => {
  const partOf = (script: string): string =>
    /^ipvsadm --restore <<'EOF'\n([\s\S]*?)^EOF$/m.exec(script)?.[1] ?? '';
  const nameOf = ({ server, real }: IpvsRequest): string =>
    real ? `${server} ${real.at} ${real.weight}` : server;

  it.each(CASES)('understands the virtual servers of $name', (each) => {
    const options = { config: { ...CONFIG, mode: 'ipvs' as const, ...each.config } };
    const model = ruleModel(source(each.services, each.endpointSlices, options));
    const script = new IpvsRules(model).fullText();
    const kernel = new IpvsKernel();
    kernel.run(script);
    const flags: Readonly<Record<string, string>> = { '-t': 'tcp', '-u': 'udp' };
    const expected = [...kernel.servers].flatMap(([service, { reals }]) => {
      const [flag = '', at = ''] = service.split(' ');
      const server = `${flags[flag] ?? 'sctp'} ${at}`;
      return [server, ...[...reals].map(([real, weight]) => `${server} ${real} ${weight}`)];
    });
    const requests = ipvsadmRestore(partOf(script));
    expect(requests.map(nameOf).sort()).toEqual(expected.sort());
    expect(requests.every(({ verb, real }) => verb === 'add' && real?.masquerade !== false)).toBe(
      true,
    );
  });

  it('understands schedulers, affinity, and what changes', () => {
    const sticky = {
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
    } as const;
    const tracker = new RuleTracker({
      node: NODE,
      family: 'IPv4',
      config: { mode: 'ipvs', ipvs: { scheduler: 'mh' } as never },
    });
    tracker.setService(service('t/a', '10.96.0.10'));
    tracker.setSlice(slice('t/a', [endpoint('10.244.1.5', 'n1'), endpoint('10.244.2.5', 'n2')]));
    tracker.commit();
    const rules = new IpvsRules(tracker.model);
    const server = { server: 'tcp 10.96.0.10:80', scheduler: 'mh', byPort: true };
    expect(ipvsadmRestore(partOf(rules.fullText()))[0]).toEqual({ verb: 'add', ...server });

    tracker.setService(service('t/a', '10.96.0.10', sticky));
    expect(ipvsadmRestore(partOf(rules.update(tracker.commit())))).toEqual([
      { verb: 'edit', ...server, persistenceSeconds: 600 },
    ]);
    tracker.setSlice(slice('t/a', [endpoint('10.244.1.5', 'n1')]));
    expect(ipvsadmRestore(partOf(rules.update(tracker.commit())))).toMatchObject([
      { verb: 'edit', real: { at: '10.244.2.5:8080', weight: 0 } },
    ]);
    tracker.setSlice(slice('t/a', [endpoint('10.244.1.6', 'n1')]));
    const changes = ipvsadmRestore(partOf(rules.update(tracker.commit())));
    expect(changes.map(({ verb, real }) => `${verb} ${real?.at} ${real?.weight}`).sort()).toEqual([
      'add 10.244.1.6:8080 1',
      'delete 10.244.2.5:8080 1',
      'edit 10.244.1.5:8080 0',
    ]);
    tracker.deleteService('t/a');
    expect(ipvsadmRestore(partOf(rules.update(tracker.commit())))).toMatchObject([
      { verb: 'delete', server: 'tcp 10.96.0.10:80' },
    ]);
  });

  it('would say so if it did not', () => {
    expect(() => ipvsadmRestore('-A -t 10.0.0.1:80 -s rr --bad\n')).toThrow('unknown option');
    expect(() => ipvsadmRestore('-A -t 10.0.0.300:80 -s rr\n')).toThrow('illegal virtual server');
  });
});
