import { joined } from '../files/index.ts';
import { type Input, inputOf, type Program, type Task } from '../process.ts';
import { awk } from './awk.ts';
import { forEachPath, nameOf, optionsOf, type Table } from './options.ts';
import { extended, linesOf } from './reading.ts';
import { sed } from './sed.ts';

/** Asks for each file, or for the input where none is named. */
export function eachText(
  task: Task,
  paths: readonly string[],
  action: (text: string, path: string | undefined) => void,
): number {
  if (paths.length === 0) {
    action(task.input.rest(), undefined);
    return 0;
  }
  const opening = nameOf(task) === 'cat' || nameOf(task) === 'head' ? "can't open" : 'cannot open';
  return forEachPath(
    task,
    paths,
    (path) => {
      const isInput = path === '-' || path === '/dev/stdin';
      action(isInput ? task.input.rest() : task.files.read(joined(task.cwd, path)), path);
    },
    ({ why }, path) => `${why === 'Is a directory' ? 'read error' : opening} '${path}': ${why}`,
  );
}

const cat: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  let number = 0;
  return eachText(task, rest, (text) => {
    if (!flags.has('n')) return task.out(text);
    for (const line of linesOf(text)) task.out(`${String(++number).padStart(6)}\t${line}\n`);
  });
};

const head: Program = (task) => {
  const words = task.argv.slice(1).map((word) => word.replace(/^-(\d+)$/, '-n$1'));
  const { values, rest } = optionsOf(words, 'nc');
  return eachText(task, rest, (text) => {
    if (values['c'] !== undefined) return task.out(text.slice(0, Number(values['c'])));
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    task.out(lines.slice(0, Number(values['n'] ?? 10)).join(''));
  });
};

const tail: Program = function* (task) {
  const words = task.argv.slice(1).map((word) => word.replace(/^-(\d+)$/, '-n$1'));
  const { flags, values, rest } = optionsOf(words, 'nc');
  let seen = '';
  const code = eachText(task, rest, (text) => {
    seen = text;
    if (values['c'] !== undefined) return task.out(text.slice(-Number(values['c'])));
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const count = values['n'] ?? '10';
    task.out(
      (count.startsWith('+') ? lines.slice(Number(count) - 1) : lines.slice(-Number(count))).join(
        '',
      ),
    );
  });
  const [path] = rest;
  const follows = flags.has('f') || flags.has('F');
  if (!follows || path === undefined) return code;
  const read = (): string => task.files.look(joined(task.cwd, path))?.bytes ?? '';
  for (;;) {
    yield { isDone: () => read() !== seen };
    const text = read();
    task.out(text.startsWith(seen) ? text.slice(seen.length) : text);
    seen = text;
  }
};

const wc: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  const all = !['l', 'w', 'c', 'm'].some((flag) => flags.has(flag));
  return eachText(task, rest, (text, path) => {
    const counts = [
      ...(all || flags.has('l') ? [text.split('\n').length - 1] : []),
      ...(all || flags.has('w') ? [text.split(/\s+/).filter(Boolean).length] : []),
      ...(all || flags.has('c') || flags.has('m') ? [text.length] : []),
    ];
    const shown =
      counts.length === 1 ? String(counts[0]) : counts.map((n) => String(n).padStart(9)).join(' ');
    task.out(`${shown}${path === undefined ? '' : ` ${path}`}\n`);
  });
};

const grep: Program = (task) => {
  const { flags, values, rest } = optionsOf(task.argv.slice(1), 'em');
  const [pattern = '', ...paths] = values['e'] === undefined ? rest : [values['e'], ...rest];
  const isExtended = flags.has('E') || nameOf(task) === 'egrep';
  const plain = flags.has('F') || nameOf(task) === 'fgrep';
  const source = plain
    ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    : isExtended
      ? pattern
      : extended(pattern);
  const bounded = flags.has('w')
    ? `\\b(?:${source})\\b`
    : flags.has('x')
      ? `^(?:${source})$`
      : source;
  const expression = new RegExp(bounded, flags.has('i') ? 'i' : '');
  let found = 0;
  const wrong = eachText(task, paths, (text, path) => {
    const lines = linesOf(text);
    let own = 0;
    for (const [at, line] of lines.entries()) {
      if (expression.test(line) === flags.has('v')) continue;
      own++;
      if (flags.has('q') || flags.has('c') || flags.has('l')) continue;
      const shown = flags.has('o') ? (expression.exec(line)?.[0] ?? '') : line;
      const prefix = paths.length > 1 && !flags.has('h') ? `${path}:` : '';
      task.out(`${prefix}${flags.has('n') ? `${at + 1}:` : ''}${shown}\n`);
    }
    if (flags.has('c')) task.out(`${own}\n`);
    if (flags.has('l') && own > 0) task.out(`${path ?? '(standard input)'}\n`);
    found += own;
  });
  return wrong > 0 ? 2 : found > 0 ? 0 : 1;
};

const cut: Program = (task) => {
  const { values, flags, rest } = optionsOf(task.argv.slice(1), 'dfc');
  const ranges = (values['f'] ?? values['c'] ?? '1').split(',').map((range) => {
    const [from = '', to] = range.split('-');
    return {
      from: Number(from) || 1,
      to: to === undefined ? Number(from) : Number(to) || Infinity,
    };
  });
  const picked = (parts: readonly string[]): string[] =>
    parts.filter((_, at) => ranges.some(({ from, to }) => from <= at + 1 && at + 1 <= to));
  const by = values['d'] ?? '\t';
  return eachText(task, rest, (text) => {
    for (const line of linesOf(text)) {
      if (values['c'] !== undefined) task.out(`${picked([...line]).join('')}\n`);
      else if (!line.includes(by)) {
        if (!flags.has('s')) task.out(`${line}\n`);
      } else task.out(`${picked(line.split(by)).join(by)}\n`);
    }
  });
};

const sort: Program = (task) => {
  const { flags, values, rest } = optionsOf(task.argv.slice(1), 'kt');
  const lines: string[] = [];
  const code = eachText(task, rest, (text) => lines.push(...linesOf(text)));
  const field = Number.parseInt(values['k'] ?? '0', 10);
  const key = (line: string): string =>
    field > 0
      ? line
          .split(values['t'] ?? /\s+/)
          .slice(field - 1)
          .join(' ')
      : line;
  lines.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (flags.has('n')) return (Number.parseFloat(x) || 0) - (Number.parseFloat(y) || 0);
    return x < y ? -1 : x > y ? 1 : 0;
  });
  if (flags.has('r')) lines.reverse();
  const shown = flags.has('u') ? [...new Set(lines)] : lines;
  task.out(shown.map((line) => `${line}\n`).join(''));
  return code;
};

const uniq: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  return eachText(task, rest, (text) => {
    const groups: { line: string; count: number }[] = [];
    for (const line of linesOf(text)) {
      const last = groups.at(-1);
      if (last?.line === line) last.count++;
      else groups.push({ line, count: 1 });
    }
    for (const { line, count } of groups)
      task.out(`${flags.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`);
  });
};

const tr: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  const [from, to = ''] = rest.map(setOf);
  let text = task.input.rest();
  if (flags.has('d')) text = [...text].filter((char) => !from!.includes(char)).join('');
  else
    text = [...text]
      .map((char) => {
        const at = from!.indexOf(char);
        return at < 0 ? char : (to[Math.min(at, to.length - 1)] ?? char);
      })
      .join('');
  task.out(text);
  return 0;
};

function setOf(text: string): string {
  const named = text
    .replace('[:upper:]', 'A-Z')
    .replace('[:lower:]', 'a-z')
    .replace('[:digit:]', '0-9')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\0', '\0');
  return named.replace(/(.)-(.)/g, (_, a: string, b: string) => {
    let all = '';
    for (let code = a.charCodeAt(0); code <= b.charCodeAt(0); code++)
      all += String.fromCharCode(code);
    return all;
  });
}

const tee: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  const text = task.input.rest();
  task.out(text);
  return forEachPath(task, rest, (path) =>
    task.files.write(joined(task.cwd, path), text, flags.has('a')),
  );
};

const seq: Program = (task) => {
  const numbers = optionsOf(task.argv.slice(1)).rest.map(Number);
  const [first, step, last] =
    numbers.length === 1
      ? [1, 1, numbers[0]!]
      : numbers.length === 2
        ? [numbers[0]!, 1, numbers[1]!]
        : [numbers[0]!, numbers[1]!, numbers[2]!];
  const lines: string[] = [];
  for (let at = first; step > 0 ? at <= last : at >= last; at += step) {
    lines.push(`${at}\n`);
    if (lines.length > 100_000) break;
  }
  task.out(lines.join(''));
  return 0;
};

const hexdump: Program = (task) => {
  const { rest } = optionsOf(task.argv.slice(1));
  return eachText(task, rest, (text) => {
    const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
    for (let at = 0; at < text.length; at += 16) {
      const bytes = [...text.slice(at, at + 16)].map((char) => char.charCodeAt(0));
      const cells = Array.from({ length: 16 }, (_, i) =>
        bytes[i] === undefined ? '  ' : hex(bytes[i]!, 2),
      );
      const shown = bytes
        .map((code) => (code >= 32 && code < 127 ? String.fromCharCode(code) : '.'))
        .join('');
      task.out(
        `${hex(at, 8)}  ${cells.slice(0, 8).join(' ')}  ${cells.slice(8).join(' ')}  |${shown}|\n`,
      );
    }
    task.out(`${hex(text.length, 8)}\n`);
  });
};

const base64: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1), 'w');
  return eachText(task, rest, (text) => {
    if (flags.has('d') || flags.has('decode'))
      return task.out(Buffer.from(text, 'base64').toString('latin1'));
    const encoded = Buffer.from(text, 'latin1').toString('base64');
    for (let at = 0; at < encoded.length; at += 76) task.out(`${encoded.slice(at, at + 76)}\n`);
  });
};

const rev: Program = (task) =>
  eachText(task, optionsOf(task.argv.slice(1)).rest, (text) => {
    for (const line of linesOf(text)) task.out(`${[...line].reverse().join('')}\n`);
  });

/** Runs a command with the words of its input. */
const xargs: Program = function* (task) {
  const words = task.argv.slice(1);
  const { flags, rest } = optionsOf(
    words.slice(0, words.findIndex((word) => !word.startsWith('-')) + 1 || undefined),
    'n',
  );
  const given = rest.length > 0 ? words.slice(words.indexOf(rest[0]!)) : ['echo'];
  const items = task.input.rest().split(/\s+/).filter(Boolean);
  if (items.length === 0 && flags.has('r')) return 0;
  const program = task.machine.find(given[0]!);
  if (!program) return 127;
  const empty: Input = inputOf('');
  const result = program({ ...task, argv: [...given, ...items], input: empty });
  return typeof result === 'number' ? result : yield* result;
};

export const TEXT_COMMANDS: Table = {
  cat,
  head,
  tail,
  wc,
  grep,
  egrep: grep,
  fgrep: grep,
  cut,
  sort,
  uniq,
  tr,
  tee,
  seq,
  hexdump,
  base64,
  rev,
  xargs,
  awk,
  sed,
};
