import { describe, expect, it } from 'vitest';
import type { ManifestError } from '../../client/index.ts';
import { shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';
import { logLines } from './log.ts';
import { frameLines } from './reading.ts';
import { plain } from './text.ts';

const before = "export const huge = deployment('huge', 3, { ";
const code = `${before}resources: { requests: { cpu: '64' } } });`;
const error: ManifestError = {
  code: 'E_OUTCOME_UNSCHEDULABLE',
  message: 'no node fits',
  severity: 'error',
  frame: [
    'error E_OUTCOME_UNSCHEDULABLE: no node fits',
    '  ❯ trouble.ts:20:45',
    '    19|',
    `    20| ${code}`,
    `      | ${' '.repeat(before.length)}^^^^^^^^^`,
    '  help: fits n1',
  ].join('\n'),
};

describe('frames of mistakes', () => {
  it('show the line whole where there is room', () => {
    const lines = frameLines([error], 120).map(plain);
    expect(lines[3]).toBe(`    20| ${code}`);
  });

  it('show what is marked where there is little, with the marks below it', () => {
    const lines = frameLines([error, error], 50).map(plain);
    expect(lines.slice(2, 5)).toEqual([
      '    19|',
      "    20| …oyment('huge', 3, { resources: { requests: { cpu: '64' } } });",
      '      |                      ^^^^^^^^^',
    ]);
    expect(lines[3]!.indexOf('resources')).toBe(lines[4]!.indexOf('^'));
    expect(lines[6]).toBe('');
    expect(lines[7]).toBe(lines[0]);
  });
});

it('shows of a log neither colours nor movements', () => {
  const [line] = logLines('2026-01-01T00:00:01Z \u001b[31mred\u001b[0m and \u001b[2Kplain', 'a');
  expect(line!.text).toBe('red and plain');
});

describe('a list without rows says why', () => {
  it.each([
    [':pods<enter>/zzz<enter>', 'nothing matches the filter: esc clears it'],
    [':pf<enter>', 'no port is forwarded: F on a pod'],
    [':jobs<enter>', 'no jobs yet'],
    [':jobs shop<enter>', 'no jobs in shop: 0 shows all namespaces'],
    [':cm<enter><ctrl-z>', 'all are at their goals: ctrl-z shows them'],
    [':ns<enter>D<ctrl-z>', 'no field differs: ctrl-z shows them'],
  ])('%s', (keys, words) => {
    expect(new Person(shop(), { columns: 100 }).type(keys).screen).toContain(words);
  });
});
