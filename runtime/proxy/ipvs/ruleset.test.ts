import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuleTracker, ruleModel } from '../model/index.ts';
import { CASES, type RuleCase } from '../testing/cases.fakes.ts';
import {
  CONFIG,
  endpoint,
  manyServices,
  NODE,
  service,
  slice,
  source,
  steps,
  take,
} from '../testing/objects.fakes.ts';
import { IpvsKernel } from './kernel.fakes.ts';
import { IpvsRules } from './ruleset.ts';

function kernelAfter(...scripts: readonly string[]): IpvsKernel {
  const kernel = new IpvsKernel();
  for (const script of scripts) kernel.run(script);
  return kernel;
}

function text({ services, endpointSlices, config, families = ['IPv4'] }: RuleCase): string {
  return families
    .map((family) => {
      const options = { family, config: { ...CONFIG, mode: 'ipvs' as const, ...config } };
      return new IpvsRules(ruleModel(source(services, endpointSlices, options))).fullText();
    })
    .join('');
}

describe('ipvs rules', () => {
  it.each(CASES)('of $name', async (each) => {
    const script = text(each);
    kernelAfter(script);
    await expect(script).toMatchFileSnapshot(`golden/${each.name}.sh`);
  });

  it('take the scheduler of the configuration, and what it needs', () => {
    const services = [service('a/b', '10.96.0.9')];
    const slices = [slice('a/b', [endpoint('10.244.1.1', 'n1')])];
    const withScheduler = (scheduler: string): string =>
      new IpvsRules(
        ruleModel(source(services, slices, { config: { ipvs: { scheduler } as never } })),
      ).fullText();
    expect(withScheduler('')).toContain('\n-A -t 10.96.0.9:80 -s rr\n');
    for (const scheduler of ['lc', 'dh', 'sh', 'sed', 'nq'])
      expect(withScheduler(scheduler)).toContain(`\n-A -t 10.96.0.9:80 -s ${scheduler}\n`);
    expect(withScheduler('mh')).toContain('\n-A -t 10.96.0.9:80 -s mh -b mh-port\n');
  });

  it('leave addresses that the node has itself off the dummy interface', () => {
    const services = [
      service('a/b', '10.96.0.9', { externalIPs: ['192.168.10.1', '198.51.100.1'] }),
    ];
    const kernel = kernelAfter(new IpvsRules(ruleModel(source(services, []))).fullText());
    expect([...kernel.addresses]).toEqual(['10.96.0.9', '198.51.100.1']);
    expect(kernel.servers.has('-t 192.168.10.1:80')).toBe(true);
  });
});

describe('updates of the ipvs rules', () => {
  it('come to what the full text would make, after any changes', () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 6 }), fc.boolean(), (story, moved) => {
        const tracker = new RuleTracker({ node: NODE, family: 'IPv4', config: CONFIG });
        const rules = new IpvsRules(tracker.model);
        const kernel = kernelAfter(rules.fullText());
        for (const part of story) {
          for (const step of part) take(tracker, step);
          kernel.run(rules.update(tracker.commit()));
        }
        if (moved) tracker.setConfig({ nodePortAddresses: ['10.0.0.0/8'] });
        kernel.run(rules.update(tracker.commit()));
        const anew = new IpvsRules(tracker.model);
        expect(kernel.dump()).toBe(kernelAfter(anew.fullText()).dump());
        expect(rules.fullText()).toBe(anew.fullText());
      }),
      { numRuns: 300 },
    );
  });

  it('let an endpoint that goes drain, and take it out with the next update', () => {
    const { services, endpointSlices } = manyServices(2, 2);
    const tracker = new RuleTracker({ node: NODE, family: 'IPv4' });
    for (const each of services) tracker.setService(each);
    for (const each of endpointSlices) tracker.setSlice(each);
    tracker.commit();
    const rules = new IpvsRules(tracker.model);
    tracker.setSlice(slice('ns/s1', endpointSlices[1]!.endpoints!.slice(0, 1)));
    expect(rules.update(tracker.commit())).toMatchInlineSnapshot(`
      "ipvsadm --restore <<'EOF'
      -e -t 11.0.0.2:80 -r 10.0.0.4:8080 -m -w 0
      EOF
      "
    `);
    tracker.setSlice(slice('ns/s0', endpointSlices[0]!.endpoints!.slice(0, 1)));
    expect(rules.update(tracker.commit())).toMatchInlineSnapshot(`
      "ipvsadm --restore <<'EOF'
      -e -t 11.0.0.1:80 -r 10.0.0.2:8080 -m -w 0
      -d -t 11.0.0.2:80 -r 10.0.0.4:8080
      EOF
      "
    `);
    tracker.setSlice(endpointSlices[0]!);
    expect(rules.update(tracker.commit())).toMatchInlineSnapshot(`
      "ipvsadm --restore <<'EOF'
      -e -t 11.0.0.1:80 -r 10.0.0.2:8080 -m -w 1
      EOF
      "
    `);
  });

  it('say nothing when nothing changed', () => {
    const tracker = new RuleTracker({ node: NODE, family: 'IPv4' });
    expect(new IpvsRules(tracker.model).update(tracker.commit())).toBe('');
  });
});
