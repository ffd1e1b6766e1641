import { CASES } from './cases.ts';
import type { Figure } from './figure.ts';

/** `npm run bench [-- -o json] [-- --only NAME…]`: measures and compares in one run; exits 1 if a budget breaks. */
async function main(args: readonly string[]): Promise<void> {
  const json = args.includes('json');
  const only = args.slice(args.indexOf('--only') + 1);
  const chosen = args.includes('--only') ? CASES.filter(({ name }) => only.includes(name)) : CASES;
  const figures: Figure[] = [];
  for (const each of chosen) {
    const measured = await each.run();
    figures.push(...measured);
    if (!json) for (const one of measured) console.log(line(one));
  }
  if (json) console.log(JSON.stringify(figures, null, 2));
  process.exitCode = figures.some(({ ok }) => ok === false) ? 1 : 0;
}

function line({ name, value, unit, budget, ok, peer, peerValue, ratio }: Figure): string {
  const verdict = ok === undefined ? '' : ok ? `ok  (budget ${budget})` : `OVER BUDGET ${budget}`;
  const beside = peer ? `  ${peer}: ${peerValue} ${unit}, ratio ${ratio}` : '';
  return `${name.padEnd(52)} ${String(value).padStart(9)} ${unit.padEnd(7)} ${verdict}${beside}`;
}

await main(process.argv.slice(2));
