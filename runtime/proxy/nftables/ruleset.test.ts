import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuleTracker, ruleModel } from '../model/index.ts';
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
import { NftInterpreter } from './nft.fakes.ts';
import { NftablesRules } from './ruleset.ts';

/** The table that a full text makes, without chains that have no rules. */
function loaded(...scripts: readonly string[]): string {
  const nft = new NftInterpreter();
  for (const script of scripts) nft.load(script);
  return nft.dump();
}

describe('updates of the nftables rules', () => {
  it('come to what the full text would make, after any changes', () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 6 }), (story) => {
        const tracker = new RuleTracker({ node: NODE, family: 'IPv4', config: CONFIG });
        const rules = new NftablesRules(tracker.model);
        const nft = new NftInterpreter();
        nft.load(rules.fullText());
        for (const part of story) {
          for (const step of part) take(tracker, step);
          nft.load(rules.update(tracker.commit()));
          if (part.length % 2 === 0) nft.load(rules.cleanup());
        }
        nft.load(rules.cleanup());
        const anew = new NftablesRules(tracker.model);
        expect(nft.dump()).toBe(loaded(anew.fullText()));
        expect(rules.fullText()).toBe(anew.fullText());
      }),
      { numRuns: 300 },
    );
  });

  it('make the table anew when the node or the settings change', () => {
    const tracker = new RuleTracker({ node: NODE, family: 'IPv4', config: CONFIG });
    take(tracker, { at: 0, gone: false, spec: {}, endpoints: [endpoint('10.244.1.1', 'n1')] });
    const first = tracker.commit();
    const rules = new NftablesRules(first.before);
    const scripts = [rules.fullText(), rules.update(first)];
    tracker.setConfig({ clusterCIDR: '10.99.0.0/16' });
    scripts.push(rules.update(tracker.commit()));
    expect(loaded(...scripts)).toBe(loaded(new NftablesRules(tracker.model).fullText()));
    expect(scripts.at(-1)).toContain('ip saddr != 10.99.0.0/16');
  });

  it('say nothing when nothing changed', () => {
    const tracker = new RuleTracker({ node: NODE, family: 'IPv4' });
    const rules = new NftablesRules(tracker.model);
    expect(rules.update(tracker.commit())).toBe('');
    expect(rules.cleanup()).toBe('');
  });

  it('change one rule and the hairpins when an endpoint comes', () => {
    const { services, endpointSlices } = manyServices(3, 2);
    const tracker = new RuleTracker({ node: NODE, family: 'IPv4' });
    for (const each of services) tracker.setService(each);
    for (const each of endpointSlices) tracker.setSlice(each);
    tracker.commit();
    const rules = new NftablesRules(tracker.model);
    const places = [...endpointSlices[1]!.endpoints!, endpoint('10.1.1.1', 'n1')];
    tracker.setSlice(slice('ns/s1', places));
    expect(rules.update(tracker.commit())).toMatchInlineSnapshot(`
      "flush chain ip kube-proxy service-OLT7ZVVD-ns/s1/tcp/
      add rule ip kube-proxy service-OLT7ZVVD-ns/s1/tcp/ meta l4proto tcp dnat ip addr . port to numgen random mod 3 map { 0 : 10.0.0.3 . 8080 , 1 : 10.0.0.4 . 8080 , 2 : 10.1.1.1 . 8080 }
      add element ip kube-proxy hairpin-connections { 10.1.1.1 . 10.1.1.1 . tcp . 8080 }
      "
    `);
  });

  it('give an address that two services want to the first by name, and on to the other', () => {
    const taken = { externalIPs: ['198.51.100.1'] };
    const places = [
      slice('a/one', [endpoint('10.244.1.1', 'n1')]),
      slice('b/two', [endpoint('10.244.1.2', 'n1')]),
    ];
    const tracker = new RuleTracker({ node: NODE, family: 'IPv4' });
    for (const each of places) tracker.setSlice(each);
    tracker.setService(service('b/two', '10.96.0.2', taken));
    tracker.commit();
    const rules = new NftablesRules(tracker.model);
    const holder = (text: string): unknown =>
      /add element .*service-ips \{ 198.51.100.1 .*goto external-\w+-(\S+) \}/.exec(text)?.[1];
    expect(holder(rules.fullText())).toBe('b/two/tcp/');
    tracker.setService(service('a/one', '10.96.0.1', taken));
    expect(holder(rules.update(tracker.commit()))).toBe('a/one/tcp/');
    tracker.deleteService('a/one');
    expect(holder(rules.update(tracker.commit()))).toBe('b/two/tcp/');
  });

  it('make affinity sets anew when their timeout changes', () => {
    const sticky = (timeoutSeconds: number) => ({
      sessionAffinity: 'ClientIP' as const,
      sessionAffinityConfig: { clientIP: { timeoutSeconds } },
    });
    const tracker = new RuleTracker({ node: NODE, family: 'IPv4' });
    tracker.setSlice(slice('a/one', [endpoint('10.244.1.1', 'n1')]));
    tracker.setService(service('a/one', '10.96.0.1', sticky(10)));
    tracker.commit();
    const rules = new NftablesRules(tracker.model);
    const scripts = [rules.fullText()];
    tracker.setService(service('a/one', '10.96.0.1', sticky(20)));
    scripts.push(rules.update(tracker.commit()));
    expect(loaded(...scripts)).toBe(loaded(rules.fullText()));
    expect(scripts[1]).toContain('timeout 20s');
  });
});

describe('ten thousand services with ten endpoints', () => {
  it('are all in the text, each once', () => {
    const { services, endpointSlices } = manyServices(10_000, 10);
    const text = new NftablesRules(ruleModel(source(services, endpointSlices))).fullText();
    expect(text.match(/^add chain ip kube-proxy service-[A-Z2-7]{8}-/gm)).toHaveLength(10_000);
    expect(text.match(/numgen random mod 10 /g)).toHaveLength(10_000);
    expect(text.match(/^add element ip kube-proxy hairpin-connections /gm)).toHaveLength(10_000);
  });
});
