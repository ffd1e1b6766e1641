import type { Program } from '../process.ts';
import { optionsOf } from './options.ts';
import { linesOf, readAll } from './reading.ts';

const RULE =
  /^\s*(?:(BEGIN|END|NR\s*[=!<>]=?\s*\d+|\/(?:[^/\\]|\\.)*\/)\s*)?(?:\{\s*print\s*([^}]*?)\s*;?\s*\})?\s*$/s;

/** As much of awk as scripts of containers use: one rule, with a line number or an expression before it, that prints fields. */
export const awk: Program = (task) => {
  const { values, rest } = optionsOf(task.argv.slice(1), 'Fv');
  const [program = '', ...paths] = rest;
  const rule = RULE.exec(program);
  if (!rule) {
    task.err(`awk: cmd. line:1: Unexpected token\n`);
    return 1;
  }
  const { text, code } = readAll(task, paths);
  const [, condition, shown = ''] = rule;
  const lines = condition === 'BEGIN' ? [''] : linesOf(text);
  for (const [at, line] of lines.entries()) {
    const separator = values['F'];
    const fields =
      separator === undefined || separator === ' '
        ? line.trim().split(/\s+/)
        : line.split(separator);
    const isLast = at === lines.length - 1;
    if (condition && !holds(condition, line, at + 1, isLast)) continue;
    task.out(`${printed(shown, line, fields, at + 1)}\n`);
  }
  return code;
};

function holds(condition: string, line: string, number: number, isLast: boolean): boolean {
  if (condition === 'BEGIN') return true;
  if (condition === 'END') return isLast;
  if (condition.startsWith('/')) return new RegExp(condition.slice(1, -1)).test(line);
  const [, operator = '==', value = '0'] = /^NR\s*([=!<>]=?)\s*(\d+)$/.exec(condition) ?? [];
  const wanted = Number(value);
  const tests: Readonly<Record<string, boolean>> = {
    '==': number === wanted,
    '!=': number !== wanted,
    '<': number < wanted,
    '<=': number <= wanted,
    '>': number > wanted,
    '>=': number >= wanted,
  };
  return tests[operator] ?? false;
}

function printed(shown: string, line: string, fields: readonly string[], number: number): string {
  if (shown === '') return line;
  const parts = shown.match(/"(?:[^"\\]|\\.)*"|\$NF|\$\d+|NR|NF|,/g) ?? [];
  return parts
    .map((part) => {
      if (part === ',') return ' ';
      if (part.startsWith('"'))
        return part.slice(1, -1).replaceAll('\\t', '\t').replaceAll('\\n', '\n');
      if (part === '$0') return line;
      if (part === '$NF') return fields.at(-1) ?? '';
      if (part === 'NR') return String(number);
      if (part === 'NF') return String(fields.length);
      return fields[Number(part.slice(1)) - 1] ?? '';
    })
    .join('');
}
