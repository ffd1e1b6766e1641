import { expect, it } from 'vitest';
import { NO_INPUT, type Task } from '../process.ts';
import { expr } from './expr.ts';

function said(text: string): string {
  let output = '';
  const task = {
    ...{ argv: ['expr', ...text.split(' ')], env: new Map(), cwd: '/', input: NO_INPUT },
    out: (bytes: string) => {
      output += bytes;
    },
    err: (bytes: string) => {
      output += bytes;
    },
  };
  const code = expr(task as unknown as Task) as number;
  return `${code} ${output.trim()}`;
}

it.each([
  ['1 + 2 * 3', '0 7'],
  ['( 1 + 2 ) * 3', '0 9'],
  ['7 % 2', '0 1'],
  ['4 % 2', '1 0'],
  ['10 > 9', '0 1'],
  ['b > a', '0 1'],
  ['a = b', '1 0'],
  ['0 | x', '0 x'],
  ['x & 0', '1 0'],
  ['length word', '0 4'],
  ['web-12 : web-\\([0-9]*\\)', '0 12'],
  ['web : w.', '0 2'],
  ['1 / 0', '2 expr: division by zero'],
  ['x + 1', '2 expr: non-numeric argument'],
  ['1 +', '2 expr: syntax error'],
])('expr %s', (text, expected) => {
  expect(said(text)).toBe(expected);
});
