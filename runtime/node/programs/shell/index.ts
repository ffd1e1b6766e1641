/**
 * A small POSIX shell, as containers use it: words and quotes, parameters and command substitution, arithmetic, pipes, lists, conditions,
 * loops, functions, redirections and traps.
 *
 * `parse.ts` makes a tree of a text (`scanner.ts` reads on in it, `words.ts` reads words), `expand.ts` turns words into fields,
 * `shell.ts` and `compound.ts` run the tree, and `builtins.ts` does what is about the shell itself. Programs come from the machine
 * that it runs on.
 *
 * Invariant: a run is a function of what the machine, the files and the clock say; whatever takes time is a pause. Left out: job control,
 * aliases, arrays, here-documents within substitutions, and pipes whose ends run at the same time.
 */
import { FileProblem, joined } from '../files/index.ts';
import { NO_INPUT, type Program } from '../process.ts';
import { parseScript } from './parse.ts';
import { Shell } from './shell.ts';
import { SyntaxProblem } from './syntax.ts';
import { runTyped } from './typed.ts';

/** `sh`, `ash`, `bash`, `dash`: runs what stands after `-c`, a file, or its input. */
export const sh: Program = function* (task) {
  const [name = 'sh', ...rest] = task.argv;
  let flags = '';
  let args = rest;
  while (args[0]?.startsWith('-') || args[0]?.startsWith('+')) {
    const [flag = '', option = ''] = args;
    args = args.slice(1);
    if (flag === '--') break;
    if (flag.endsWith('o')) {
      flags += option === 'errexit' ? 'e' : option === 'xtrace' ? 'x' : '';
      args = args.slice(1);
    }
    if (!flag.startsWith('--')) flags += flag.slice(1);
  }
  const called = name;
  try {
    const isText = flags.includes('c');
    // Somebody may write to it yet.
    if (!isText && args.length === 0 && task.input === NO_INPUT)
      yield { untilMs: Number.POSITIVE_INFINITY };
    const [path] = args;
    const own = isText ? [args[1] ?? called, ...args.slice(2)] : [path ?? called, ...args.slice(1)];
    const shell = new Shell(task, own);
    shell.errexit = flags.includes('e');
    shell.xtrace = flags.includes('x');
    if (!isText && path === undefined) return yield* runTyped(shell, task);
    const text = isText ? (path ?? '') : task.files.read(joined(task.cwd, path!));
    return yield* shell.whole(parseScript(text), task);
  } catch (error) {
    if (error instanceof SyntaxProblem) {
      task.err(`${called}: ${error.message}\n`);
      return 2;
    }
    if (!(error instanceof FileProblem)) throw error;
    task.err(`${called}: can't open '${error.path}': ${error.why}\n`);
    return 127;
  }
};
