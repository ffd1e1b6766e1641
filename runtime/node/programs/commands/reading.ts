import { FileProblem, joined } from '../files/index.ts';
import type { Task } from '../process.ts';
import { nameOf } from './options.ts';

/** All of some files, or of the input where none is named. */
export function readAll(
  task: Task,
  paths: readonly string[],
): { readonly text: string; readonly code: number } {
  if (paths.length === 0) return { text: task.input.rest(), code: 0 };
  let text = '';
  let code = 0;
  for (const path of paths) {
    try {
      text += task.files.read(joined(task.cwd, path));
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      task.err(`${nameOf(task)}: ${path}: ${error.why}\n`);
      code = 1;
    }
  }
  return { text, code };
}

/** The lines of a text, without their ends. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A basic regular expression as an extended one: what is special in the one is so with a backslash in the other. */
export function extended(pattern: string): string {
  return pattern.replace(/\\([+?|(){}])|([+?|(){}])/g, (_, special: string, plain: string) =>
    special === undefined ? `\\${plain}` : special,
  );
}
