/**
 * `npm run fidelity -- [AREA…] [--vectors DIR] [--oracle DIR] [-o json] [--all]`: how much of what was recorded of a real
 * Kubernetes we answer alike.
 *
 * Invariant: only a share below its floor makes it fail. Facts that are not on this machine are skipped, and said to be.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { AREAS, type Area } from './areas.ts';
import { type AreaResult, type Floors, percent } from './report.ts';

const SHOWN = 3;
const TEXT_MAX = 400;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    vectors: { type: 'string' },
    oracle: { type: 'string' },
    output: { type: 'string', short: 'o' },
    all: { type: 'boolean', default: false },
  },
});

interface Verdict extends AreaResult {
  readonly percent: number;
  readonly floor: number;
  readonly ok: boolean;
}

const unknown = positionals.filter((each) => !AREAS.some(({ name }) => name === each));
if (unknown.length > 0) {
  const names = AREAS.map(({ name }) => name).join(', ');
  console.error(`no area is called ${unknown.join(', ')}; there are ${names}`);
  process.exit(2);
}
const floors = JSON.parse(await readFile(floorsFile(), 'utf8')) as Floors;
const chosen = AREAS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const verdicts: Verdict[] = [];
const skipped: Area[] = [];
for (const area of chosen) {
  const dir = area.needs === 'vectors' ? values.vectors : values.oracle;
  if (dir === undefined || !existsSync(dir)) {
    skipped.push(area);
    continue;
  }
  const result = await area.run(dir);
  const share = percent(result);
  const floor = floors[area.name] ?? 0;
  verdicts.push({ ...result, percent: share, floor, ok: share >= floor });
  if (values.output !== 'json') print(verdicts.at(-1)!);
}
if (values.output === 'json') console.log(JSON.stringify(verdicts, null, 2));
for (const { name, needs } of skipped)
  console.error(
    `${name}: skipped, there is no folder of the ${needs}; say where with --${needs} DIR`,
  );
process.exitCode = verdicts.every(({ ok }) => ok) ? 0 : 1;

/** The floors are not compiled: they lie beside the source, also when this runs from `dist`. */
function floorsFile(): URL {
  const here = new URL('floors.json', import.meta.url);
  return existsSync(here)
    ? here
    : new URL('../../../../runtime/testing/fidelity/floors.json', import.meta.url);
}

function print({ area, matched, total, mismatches, percent: share, floor, ok }: Verdict): void {
  const verdict = ok ? '' : '   BELOW ITS FLOOR';
  console.log(`${area.padEnd(18)} ${matched}/${total}  ${share} %  (floor ${floor})${verdict}`);
  const all = values.all || positionals.includes(area);
  for (const { id, expected, actual, cause } of all ? mismatches : mismatches.slice(0, SHOWN)) {
    console.log(`  ${id}${cause ? `  [${cause}]` : ''}`);
    console.log(`    expected ${brief(expected, all)}`);
    console.log(`    actual   ${brief(actual, all)}`);
  }
  const more = mismatches.length - SHOWN;
  if (!all && more > 0) console.log(`  … and ${more} more: name the area to see them`);
}

function brief(value: unknown, whole: boolean): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return whole || text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX)}…`;
}
