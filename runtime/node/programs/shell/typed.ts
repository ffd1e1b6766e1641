import type { Running, Task } from '../process.ts';
import { ExpansionProblem } from './expand.ts';
import { parseScript } from './parse.ts';
import type { Shell } from './shell.ts';
import { Leave } from './streams.ts';
import { SyntaxProblem } from './syntax.ts';

/** What a text lacks of which more may come. */
const UNFINISHED = /end of file|^unterminated|^missing \)|^bad substitution/;

/** Runs what comes as input, each command as soon as it is whole: what runs may read what comes after it. */
export function* runTyped(shell: Shell, task: Task): Running {
  let text = '';
  try {
    for (let line = task.input.line(); line !== undefined; line = task.input.line()) {
      text += `${line}\n`;
      const body = parsed(text);
      if (!body) continue;
      text = '';
      yield* shell.run(body, task);
    }
  } catch (thrown) {
    if (thrown instanceof ExpansionProblem) {
      task.err(`${shell.name}: ${thrown.message}\n`);
      return 2;
    }
    if (!(thrown instanceof Leave)) throw thrown;
    yield* shell.whole(parseScript(''), task);
    return thrown.value;
  }
  const { status } = shell;
  const last = yield* shell.whole(parseScript(text), task);
  return text === '' ? status : last;
}

/** Undefined where it goes on in the next line. */
function parsed(text: string): ReturnType<typeof parseScript> | undefined {
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof SyntaxProblem && UNFINISHED.test(error.message)) return undefined;
    throw error;
  }
}
