import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuleTracker, ruleModel } from '../model/index.ts';
import { CASES, type RuleCase } from '../testing/cases.fakes.ts';
import {
  CONFIG,
  endpoint,
  NODE,
  service,
  slice,
  source,
  steps,
  take,
} from '../testing/objects.fakes.ts';
import { ProxyPorts } from './proxy-ports.ts';
import { UserspaceRules } from './rules.ts';

function text({ services, endpointSlices, config, families = ['IPv4'] }: RuleCase): string {
  return families
    .map((family) => {
      const options = { family, config: { ...CONFIG, mode: 'userspace' as const, ...config } };
      return new UserspaceRules(ruleModel(source(services, endpointSlices, options))).fullText();
    })
    .join('');
}

/** The rules that texts for iptables-restore leave, sorted, each with its table. What is deleted must be there. */
function kernel(...texts: readonly string[]): string[] {
  const rules = new Set<string>();
  let table = '';
  for (const line of texts.join('').split('\n')) {
    const [, verb, rule] = /^-([AD]) (.*)$/.exec(line) ?? [];
    if (line.startsWith('*')) table = line;
    else if (verb === 'A') {
      if (rules.has(`${table} ${rule}`)) throw new Error(`twice: ${rule}`);
      rules.add(`${table} ${rule}`);
    } else if (verb === 'D' && !rules.delete(`${table} ${rule}`))
      throw new Error(`not there: ${rule}`);
    else if (verb === undefined && !/^(:KUBE-[A-Z-]+ - \[0:0\]|COMMIT|)$/.test(line))
      throw new Error(`not understood: ${line}`);
  }
  return [...rules].sort();
}

describe('iptables rules of the userspace mode', () => {
  it.each(CASES)('of $name', async (each) => {
    const script = text(each);
    for (const family of each.families ?? (['IPv4'] as const))
      kernel(text({ ...each, families: [family] }));
    await expect(script).toMatchFileSnapshot(`golden/${each.name}.txt`);
  });

  it('come by updates to what the full text is, after any changes', () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 6 }), (story) => {
        const tracker = new RuleTracker({ node: NODE, family: 'IPv4', config: CONFIG });
        const rules = new UserspaceRules(tracker.model);
        const texts = [rules.fullText()];
        for (const part of story) {
          for (const step of part) take(tracker, step);
          texts.push(rules.update(tracker.commit()));
        }
        expect(kernel(...texts)).toEqual(kernel(rules.fullText()));
        expect(rules.fullText()).toBe(new UserspaceRules(tracker.model).fullText());
      }),
      { numRuns: 200 },
    );
  });

  it('do not change with the endpoints', () => {
    const tracker = new RuleTracker({ node: NODE, family: 'IPv4' });
    tracker.setService(service('a/b', '10.96.0.9'));
    tracker.commit();
    const rules = new UserspaceRules(tracker.model);
    tracker.setSlice(slice('a/b', [endpoint('10.244.1.1', 'n1')]));
    expect(rules.update(tracker.commit())).toBe('');
  });
});

describe('proxy ports', () => {
  it('stay, are never given twice, and come back when they are free', () => {
    const ports = new ProxyPorts();
    const given = Array.from({ length: 28_232 }, (_, at) => ports.portOf(`ns/s${at}/TCP`));
    expect(new Set(given).size).toBe(28_232);
    expect(Math.min(...given)).toBe(32_768);
    expect(Math.max(...given)).toBe(60_999);
    expect(ports.portOf('ns/s7/TCP')).toBe(given[7]);
    expect(() => ports.portOf('ns/more/TCP')).toThrow('no proxy port is left for ns/more/TCP');
    ports.free('ns/s7/TCP');
    expect(ports.portOf('ns/more/TCP')).toBe(given[7]);
  });
});
