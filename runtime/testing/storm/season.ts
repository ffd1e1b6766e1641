import { type Outcome, randomFaults, shrink, weather } from './index.ts';
import { commandOf } from './weather.ts';

/** Seeds in whose storms everything stored is frozen, so that whoever changes a shared object fails. */
const FROZEN = 10;

/** What is wrong with the end of a storm; undefined when nothing is. */
export function difference({ end, problem }: Outcome, calm: Outcome): string | undefined {
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

async function play(seed: number, faults: readonly string[], calm: Outcome): Promise<string> {
  const judge = async (some: readonly string[]): Promise<string | undefined> =>
    difference(await weather(seed, some, seed % SEASON <= FROZEN), calm);
  if ((await judge(faults)) === undefined) return '';
  const least = await shrink(faults, async (some) => (await judge(some)) !== undefined);
  return `${commandOf(seed, least)}\n${await judge(least)}`;
}

/** Storms of one test file; several run side by side. */
export const SEASON = 100;

/**
 * Plays the storms of `SEASON` seeds from `first` on; returns what went wrong, each with the command that plays it again. The variables
 * `STORM_SEED` (with `STORM_FAULTS` or the seed's own) and `STORM_SEEDS` (`1-1000`) ask for others instead.
 */
export async function season(
  first: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const calm = await weather(1, []);
  if (calm.problem !== undefined) return [calm.problem];
  const { STORM_SEED, STORM_FAULTS, STORM_SEEDS } = env;
  const problems: string[] = [];
  if (STORM_SEED !== undefined) {
    const seed = Number(STORM_SEED);
    problems.push(await play(seed, STORM_FAULTS?.split(' ') ?? randomFaults(seed), calm));
  } else {
    const [from = 1, to = from] = STORM_SEEDS?.split('-').map(Number) ?? [
      first,
      first + SEASON - 1,
    ];
    for (let seed = from; seed <= to; seed++)
      problems.push(await play(seed, randomFaults(seed), calm));
  }
  return problems.filter((each) => each !== '');
}
