import { joined } from '../files/index.ts';
import type { Program } from '../process.ts';
import { optionsOf } from './options.ts';
import { extended, linesOf, readAll } from './reading.ts';

type Edit = (line: string, number: number, isLast: boolean) => string | undefined;

/** As much of sed as scripts of containers use: `s`, `d` and `p` with a line number, `$` or an expression before it. */
export const sed: Program = (task) => {
  const { flags, values, rest } = optionsOf(task.argv.slice(1), 'e');
  const [script = '', ...paths] = values['e'] === undefined ? rest : [values['e'], ...rest];
  const isQuiet = flags.has('n');
  const edits = script
    .split(/\s*[;\n]\s*/)
    .filter(Boolean)
    .map((each) => editOf(each, isQuiet, flags.has('E') || flags.has('r')));
  if (edits.some((edit) => edit === undefined)) {
    task.err(`sed: unsupported command ${script}\n`);
    return 1;
  }
  const { text, code } = readAll(task, paths);
  const lines = linesOf(text);
  let result = '';
  for (const [at, line] of lines.entries()) {
    let current: string | undefined = line;
    for (const edit of edits)
      if (current !== undefined) current = edit!(current, at + 1, at === lines.length - 1);
    if (current !== undefined) result += `${current}\n`;
  }
  if (flags.has('i')) for (const path of paths) task.files.write(joined(task.cwd, path), result);
  else task.out(result);
  return code;
};

const COMMAND = /^(?:(\d+)|(\$)|\/((?:[^/\\]|\\.)*)\/)?\s*(?:s(.)(.*)|([dp]))$/s;

function editOf(text: string, isQuiet: boolean, isExtended: boolean): Edit | undefined {
  const [, number, last, expression, separator, rest = '', command] = COMMAND.exec(text) ?? [];
  if (separator === undefined && command === undefined) return undefined;
  const concerns = (line: string, at: number, isLast: boolean): boolean =>
    number !== undefined
      ? at === Number(number)
      : last !== undefined
        ? isLast
        : expression === undefined || new RegExp(regular(expression, isExtended)).test(line);
  if (command === 'd') return (line, at, isLast) => (concerns(line, at, isLast) ? undefined : line);
  if (command === 'p')
    return (line, at, isLast) => {
      if (!concerns(line, at, isLast)) return isQuiet ? undefined : line;
      return isQuiet ? line : `${line}\n${line}`;
    };
  const parts = rest.split(
    new RegExp(`(?<!\\\\)${separator!.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`),
  );
  const [from = '', to = '', how = ''] = parts;
  const pattern = new RegExp(
    regular(from.replaceAll(`\\${separator}`, separator!), isExtended),
    how.includes('g') ? 'g' : '',
  );
  const replacement = to
    .replaceAll(`\\${separator}`, separator!)
    .replace(/\$/g, '$$$$')
    .replace(/(?<!\\)&/g, '$$&')
    .replace(/\\(\d)/g, '$$$1')
    .replaceAll('\\&', '&')
    .replaceAll('\\n', '\n');
  return (line, at, isLast) => {
    if (!concerns(line, at, isLast)) return line;
    return line.replace(pattern, replacement);
  };
}

function regular(pattern: string, isExtended: boolean): string {
  return isExtended ? pattern : extended(pattern);
}
