import { describe, expect, it } from 'vitest';
import { ruleModel } from '../model/index.ts';
import { CASES, type RuleCase } from '../testing/cases.fakes.ts';
import { CONFIG, source } from '../testing/objects.fakes.ts';
import { NftInterpreter } from './nft.fakes.ts';
import { NftablesRules } from './ruleset.ts';

function text({ services, endpointSlices, config, families = ['IPv4'] }: RuleCase): string {
  return families
    .map((family) => {
      const options = { family, config: { ...CONFIG, mode: 'nftables' as const, ...config } };
      const model = ruleModel(source(services, endpointSlices, options));
      return new NftablesRules(model).fullText();
    })
    .join('');
}

describe('nftables rules', () => {
  const nothing = text(CASES[0]!).split('\n');

  it.each(CASES)('of $name', async (each) => {
    const script = text(each);
    new NftInterpreter().load(script);
    // What every table has is in the first file alone, unless the configuration changes it.
    const own = script.split('\n').filter((line) => each === CASES[0] || !nothing.includes(line));
    await expect(`${own.join('\n')}\n`).toMatchFileSnapshot(`golden/${each.name}.nft`);
  });
});
