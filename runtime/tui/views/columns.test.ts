import { describe, expect, it } from 'vitest';
import type { Column, Row } from '../model/listing.ts';
import { type LaidOut, layOut } from './columns.ts';

const COLUMNS: readonly Column[] = [
  { name: '' },
  { name: 'NAME', keepsBoth: true },
  { name: 'RESTARTS', short: (cell) => cell.replace(/ .*/, '') },
  { name: 'TREND', expendable: 2 },
  { name: 'WAITING FOR', flexible: true },
  { name: 'AGE', align: 'right', expendable: 1 },
];

const row = (...cells: readonly string[]): Row => ({ key: cells[1]!, cells, tone: 'normal' });

function laidOut(rows: readonly Row[], width: number, pan = 0): LaidOut {
  return layOut({ columns: COLUMNS, heads: COLUMNS.map(({ name }) => name), rows, pan }, width);
}

const seen = ({ shown }: LaidOut): string =>
  shown.map(({ column, width }) => `${column.name}:${width}`).join(' ');

describe('the widths of columns', () => {
  it('give the flexible column what is left', () => {
    const out = laidOut([row('+', 'web', '0', '____', 'nothing', '5m')], 70);
    expect(seen(out)).toBe(':1 NAME:4 RESTARTS:8 TREND:5 WAITING FOR:39 AGE:3');
    expect(out.hidden).toBe(0);
  });

  it('cut one long name rather than leave out what all rows say', () => {
    const out = laidOut([row('+', 'x'.repeat(200), '0', '____', 'nothing', '5m')], 120);
    expect(seen(out)).toBe(':1 NAME:82 RESTARTS:8 TREND:5 WAITING FOR:11 AGE:3');
    expect(out.hidden).toBe(0);
  });

  it('shorten cells before they are cut, and count what is left out', () => {
    const out = laidOut(
      [row('+', 'web-58df799884-gc7hg', '10 (4m19s ago)', '__', 'pull', '5m')],
      50,
    );
    expect(seen(out)).toBe(':1 NAME:20 RESTARTS:8 WAITING FOR:15');
    expect(out.shown[2]!.isShort).toBe(true);
    expect(out.hidden).toBe(2);
  });

  it('show every column to who moves past the first ones, beside the names', () => {
    const rows = [row('+', 'web-58df799884-gc7hg', '10 (4m19s ago)', '__', 'pull', '5m')];
    expect(seen(laidOut(rows, 52, 1))).toBe(':1 NAME:20 TREND:5 WAITING FOR:11 AGE:3');
    expect(laidOut(rows, 40, 1)).toMatchObject({ hidden: 2 });
    expect(seen(laidOut(rows, 52, 3))).toBe(':1 NAME:20 AGE:3');
  });
});
