import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filterable, parseFilter } from './filter.ts';

const rows: readonly Filterable[] = [
  { name: 'web-7f-0', text: 'shop web-7f-0 1/1 Running', labels: { app: 'web' } },
  { name: 'web-7f-1', text: 'shop web-7f-1 0/1 Pending', labels: { app: 'web', canary: 'yes' } },
  { name: 'db-0', text: 'shop db-0 1/1 Running', labels: { app: 'db' } },
];
const kept = (filter: string): string[] => rows.filter(parseFilter(filter)).map(({ name }) => name);

describe('the filter after /', () => {
  it.each([
    ['', ['web-7f-0', 'web-7f-1', 'db-0']],
    ['run', ['web-7f-0', 'db-0']],
    ['PENDING|^shop db', ['web-7f-1', 'db-0']],
    ['!running', ['web-7f-1']],
    ['!', ['web-7f-0', 'web-7f-1', 'db-0']],
    ['-l app=web', ['web-7f-0', 'web-7f-1']],
    ['-l app=web,canary', ['web-7f-1']],
    ['-l app in (db),!canary', ['db-0']],
    ['app=db', ['db-0']],
    ['app!=db', ['web-7f-0', 'web-7f-1']],
    ['-f w70', ['web-7f-0']],
    ['-f 07w', []],
    ['nothing like it', []],
  ])('%s', (filter, expected) => {
    expect(kept(filter)).toEqual(expected);
  });

  it('takes a broken expression literally', () => {
    expect(kept('7f-[')).toEqual([]);
    expect(rows.filter(parseFilter('1/1 (')).length).toBe(0);
    expect([{ ...rows[0]!, text: 'a (b' }].filter(parseFilter('(b')).length).toBe(1);
  });

  it('hides nothing while a selector is being typed', () => {
    for (const typing of ['-l', '-l ', '-l app in (', '-l app in (web'])
      expect(kept(typing).length).toBe(3);
  });

  it('never throws, and ! keeps exactly the others', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const one = rows.filter(parseFilter(typed));
        expect(one.every((row) => rows.includes(row))).toBe(true);
        const isPattern = !/^\s*(-[lf]|!)|=|^\s*$|\s$/.test(typed) && !typed.startsWith(' ');
        if (!isPattern) return;
        const others = rows.filter(parseFilter(`!${typed}`));
        expect([...one, ...others].length).toBe(rows.length);
      }),
    );
  });
});
