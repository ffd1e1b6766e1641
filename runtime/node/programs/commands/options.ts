import { baseName, FileProblem } from '../files/index.ts';
import type { Program, Task } from '../process.ts';

/** The words of a command apart: flags of one letter, those that take a value, and the rest. */
export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string>>;
  readonly rest: readonly string[];
}

/** `-la`, `-n 5`, `-n5`, `--long`, `--long=value`. `takes` lists the letters that take a value. */
export function optionsOf(words: readonly string[], takes = ''): Options {
  const flags = new Set<string>();
  const values: Record<string, string> = {};
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      rest.push(...words.slice(at + 1));
      break;
    }
    if (word.startsWith('--')) {
      const [name = '', ...value] = word.slice(2).split('=');
      if (value.length > 0) values[name] = value.join('=');
      else flags.add(name);
    } else if (word.startsWith('-') && word.length > 1) {
      for (let i = 1; i < word.length; i++) {
        const letter = word[i]!;
        if (!takes.includes(letter)) {
          flags.add(letter);
          continue;
        }
        values[letter] = word.slice(i + 1) || (words[++at] ?? '');
        break;
      }
    } else rest.push(word);
  }
  return { flags, values, rest };
}

/** The name that a program was called by. */
export const nameOf = ({ argv }: Task): string => baseName(argv[0] ?? '');

/** Says in a program's words what is wrong with a file, and goes on; its exit code is 1 then. */
export function forEachPath(
  task: Task,
  paths: readonly string[],
  action: (path: string) => void,
  wording: (problem: FileProblem, path: string) => string = (problem, path) =>
    `${path}: ${problem.why}`,
): number {
  let code = 0;
  for (const path of paths) {
    try {
      action(path);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      task.err(`${nameOf(task)}: ${wording(error, path)}\n`);
      code = 1;
    }
  }
  return code;
}

export type Table = Readonly<Record<string, Program>>;
