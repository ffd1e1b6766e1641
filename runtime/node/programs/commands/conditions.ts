import { joined } from '../files/index.ts';
import type { Program, Task } from '../process.ts';

/** `test`, `[` and `[[`: 0 where a condition holds, 1 where it does not, 2 where it is none. */
export const test: Program = (task) => {
  const [name = 'test', ...all] = task.argv;
  const words = name === '[' || name === '[[' ? all.slice(0, -1) : all;
  try {
    const reader = new Conditions(words, task, name === '[[');
    const holds = words.length > 0 && reader.either();
    if (!reader.isDone) throw new Error('too many arguments');
    return holds ? 0 : 1;
  } catch (error) {
    task.err(`sh: ${(error as Error).message}\n`);
    return 2;
  }
};

class Conditions {
  readonly #words: readonly string[];
  readonly #task: Task;
  readonly #isDouble: boolean;
  #at = 0;

  constructor(words: readonly string[], task: Task, isDouble: boolean) {
    this.#words = words;
    this.#task = task;
    this.#isDouble = isDouble;
  }

  get isDone(): boolean {
    return this.#at >= this.#words.length;
  }

  either(): boolean {
    let holds = this.#both();
    while (this.#take('-o') || this.#take('||')) holds = this.#both() || holds;
    return holds;
  }

  #both(): boolean {
    let holds = this.#one();
    while (this.#take('-a') || this.#take('&&')) holds = this.#one() && holds;
    return holds;
  }

  #one(): boolean {
    const left = this.#words.length - this.#at;
    if (
      left > 1 &&
      this.#words[this.#at] === '!' &&
      !(left === 3 && isBinary(this.#words[this.#at + 1]))
    ) {
      this.#at++;
      return !this.#one();
    }
    if (left > 2 && isBinary(this.#words[this.#at + 1])) {
      const [a = '', operator = '', b = ''] = this.#words.slice(this.#at, this.#at + 3);
      this.#at += 3;
      return this.#compare(a, operator, b);
    }
    if (this.#take('(')) {
      const holds = this.either();
      if (!this.#take(')')) throw new Error('closing paren expected');
      return holds;
    }
    const word = this.#words[this.#at++] ?? '';
    if (left > 1 && /^-[a-zA-Z]$/.test(word))
      return this.#unary(word, this.#words[this.#at++] ?? '');
    return word !== '';
  }

  #unary(operator: string, value: string): boolean {
    const { files, cwd } = this.#task;
    const path = joined(cwd, value);
    const entry =
      value === '' ? undefined : files.look(path, operator !== '-L' && operator !== '-h');
    switch (operator) {
      case '-n':
        return value !== '';
      case '-z':
        return value === '';
      case '-e':
        return entry !== undefined;
      case '-f':
        return entry?.kind === 'file';
      case '-d':
        return entry?.kind === 'directory';
      case '-L':
      case '-h':
        return entry?.kind === 'link';
      case '-s':
        return entry !== undefined && (entry.kind === 'directory' || entry.bytes.length > 0);
      case '-r':
        return (
          entry !== undefined &&
          canDo(() => (entry.kind === 'directory' ? files.list(path) : files.read(path)))
        );
      case '-w':
        return entry !== undefined && !files.mountOf(path).readOnly;
      case '-x':
        return entry !== undefined && (entry.mode & 0o111) !== 0;
      case '-t':
        return false;
      default:
        throw new Error(`${operator}: unknown operand`);
    }
  }

  #compare(a: string, operator: string, b: string): boolean {
    switch (operator) {
      case '=':
      case '==':
        return this.#isDouble && /[*?[]/.test(b) ? matches(a, b) : a === b;
      case '!=':
        return this.#isDouble && /[*?[]/.test(b) ? !matches(a, b) : a !== b;
      case '=~':
        return new RegExp(b).test(a);
      case '<':
        return a < b;
      case '>':
        return a > b;
      case '-nt':
      case '-ot': {
        const { files, cwd } = this.#task;
        const [x, y] = [a, b].map((each) => files.look(joined(cwd, each))?.changedMs ?? 0);
        return operator === '-nt' ? x! > y! : x! < y!;
      }
    }
    const [x, y] = [numberOf(a), numberOf(b)];
    const tests: Readonly<Record<string, boolean>> = {
      '-eq': x === y,
      '-ne': x !== y,
      '-lt': x < y,
      '-le': x <= y,
      '-gt': x > y,
      '-ge': x >= y,
    };
    return tests[operator] ?? false;
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at++;
    return true;
  }
}

const BINARY: ReadonlySet<string> = new Set(
  '= == != =~ < > -eq -ne -lt -le -gt -ge -nt -ot'.split(' '),
);
const isBinary = (word: string | undefined): boolean => word !== undefined && BINARY.has(word);

function numberOf(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new Error(`${text}: bad number`);
  return Number(text);
}

function matches(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function canDo(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
