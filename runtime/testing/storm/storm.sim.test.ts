import { expect, it } from 'vitest';
import { commandOf, type Outcome, randomFaults, shrink, weather } from './index.ts';

const SEEDS = 200;
/** Seeds in whose storms everything stored is frozen, so that whoever changes a shared object fails. */
const FROZEN = 10;

/** What is wrong with the end of a storm; undefined when nothing is. */
function difference({ end, problem }: Outcome, calm: Outcome): string | undefined {
  if (problem !== undefined) return problem;
  const missing = without(calm.end, end).map((each) => `  - ${each}`);
  const extra = without(end, calm.end).map((each) => `  + ${each}`);
  return missing.length + extra.length === 0
    ? undefined
    : ['ends otherwise:', ...missing, ...extra].join('\n');
}

function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return list.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

async function play(seed: number, faults: readonly string[], calm: Outcome): Promise<void> {
  const judge = async (some: readonly string[]): Promise<string | undefined> =>
    difference(await weather(seed, some, seed <= FROZEN), calm);
  const problem = await judge(faults);
  if (problem === undefined) return;
  const least = await shrink(faults, async (some) => (await judge(some)) !== undefined);
  throw new Error(`${commandOf(seed, least)}\n${await judge(least)}`);
}

const { STORM_SEED, STORM_FAULTS, STORM_SEEDS } = process.env;

it('ends where it ends without faults', { timeout: 600_000 }, async () => {
  const calm = await weather(1, []);
  expect(calm.problem).toBeUndefined();
  if (STORM_SEED !== undefined) {
    const seed = Number(STORM_SEED);
    await play(seed, STORM_FAULTS?.split(' ') ?? randomFaults(seed), calm);
    return;
  }
  const [from, to] = STORM_SEEDS?.split('-').map(Number) ?? [1, SEEDS];
  const problems: string[] = [];
  for (let seed = from!; seed <= to!; seed++)
    await play(seed, randomFaults(seed), calm).catch((error: Error) =>
      problems.push(error.message),
    );
  expect(problems.join('\n\n')).toBe('');
});
