import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuleTracker, ruleModel } from '../model/index.ts';
import { CASES, type RuleCase } from '../testing/cases.fakes.ts';
import { CONFIG, NODE, source, steps, take } from '../testing/objects.fakes.ts';
import { WinUserspaceRules } from './rules.ts';

function text({ services, endpointSlices, config, families = ['IPv4'] }: RuleCase): string {
  return families
    .map((family) => {
      const options = { family, config: { ...CONFIG, mode: 'winuserspace' as const, ...config } };
      return new WinUserspaceRules(ruleModel(source(services, endpointSlices, options))).fullText();
    })
    .join('');
}

const ADDRESS = /^netsh interface (ipv[46]) (add|delete) address (name="[^"]+" address=\S+)$/;
const PORT =
  /^netsh interface portproxy (add|delete) (v4tov4|v6tov6) (listenaddress=\S+ listenport=\d+)( connectaddress=\S+ connectport=\d+)?$/;

/** What commands leave behind, as Windows would: adding what is there and deleting what is not are errors. */
function windows(...texts: readonly string[]): string[] {
  const state = new Map<string, string>();
  for (const line of texts.join('').split('\n')) {
    if (line === '') continue;
    const address = ADDRESS.exec(line);
    const port = PORT.exec(line);
    if (!address && !port) throw new Error(`not understood: ${line}`);
    const verb = address ? address[2]! : port![1]!;
    const key = address ? `${address[1]} ${address[3]}` : `${port![2]} ${port![3]}`;
    const value = port?.[4] ?? '';
    if (verb === 'add' ? state.has(key) : !state.delete(key)) throw new Error(line);
    if (port && (verb === 'add') !== (value !== '')) throw new Error(line);
    if (verb === 'add') state.set(key, value);
  }
  return [...state].map(([key, value]) => key + value).sort();
}

describe('commands of the winuserspace mode', () => {
  it.each(CASES)('for $name', async (each) => {
    const commands = text(each);
    windows(commands);
    await expect(commands).toMatchFileSnapshot(`golden/${each.name}.txt`);
  });

  it('come by updates to what all of them make, after any changes', () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 6 }), (story) => {
        const tracker = new RuleTracker({ node: NODE, family: 'IPv4', config: CONFIG });
        const rules = new WinUserspaceRules(tracker.model);
        const texts = [rules.fullText()];
        for (const part of story) {
          for (const step of part) take(tracker, step);
          texts.push(rules.update(tracker.commit()));
        }
        expect(windows(...texts)).toEqual(windows(rules.fullText()));
      }),
      { numRuns: 200 },
    );
  });
});
