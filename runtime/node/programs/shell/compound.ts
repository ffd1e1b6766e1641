import { inputOf, type Pause, type Running, type Sink } from '../process.ts';
import { expandChars, expandText, expandWords } from './expand.ts';
import { matchesPattern } from './pattern.ts';
import type { Shell } from './shell.ts';
import { Leave, type Streams } from './streams.ts';
import type { Node } from './syntax.ts';

/** Runs the commands of a list, each where the one before lets it. */
export function* runList(
  shell: Shell,
  { parts }: Node & { kind: 'list' },
  streams: Streams,
): Running {
  for (const [at, { node, when, background }] of parts.entries()) {
    if (when === 'success' && shell.status !== 0) continue;
    if (when === 'failure' && shell.status === 0) continue;
    if (background) {
      const inner = shell.copy(streams);
      shell.jobs.push(shell.machine.start(inner.whole(node, streams)));
      shell.status = 0;
      continue;
    }
    const next = parts[at + 1]?.when ?? 'always';
    if (next === 'always') yield* shell.run(node, streams);
    else yield* shell.condition(node, streams);
  }
  return shell.status;
}

/** One after the other: what the one has written the next reads once it is over. */
export function* runPipe(
  shell: Shell,
  { commands, negated }: Node & { kind: 'pipe' },
  streams: Streams,
): Running {
  let { input } = streams;
  let code = 0;
  for (const [at, command] of commands.entries()) {
    const isLast = at === commands.length - 1;
    if (isLast && commands.length === 1) code = yield* shell.condition(command, streams);
    else {
      let written = '';
      const out: Sink = isLast
        ? streams.out
        : (bytes) => {
            written += bytes;
          };
      const inside = { ...streams, input, out };
      code = yield* shell.copy(inside).whole(command, inside);
      input = inputOf(written);
    }
  }
  return negated ? (code === 0 ? 1 : 0) : code;
}

/** Runs a command that is made of others: a condition, a loop, a choice, a group. */
export function* runCompound(shell: Shell, node: Node, streams: Streams): Running {
  switch (node.kind) {
    case 'if':
      for (const { condition, body } of node.branches)
        if ((yield* shell.condition(condition, streams)) === 0)
          return yield* shell.run(body, streams);
      return node.otherwise ? yield* shell.run(node.otherwise, streams) : 0;
    case 'while':
      return yield* whileLoop(shell, node, streams);
    case 'for': {
      const words = node.words ? yield* expandWords(node.words, shell) : shell.positional;
      return yield* forEach(shell, words, node, streams);
    }
    case 'case': {
      const text = yield* expandText(node.word, shell);
      for (const { patterns, body } of node.arms)
        for (const pattern of patterns)
          if (matchesPattern(yield* expandChars(pattern, shell), text))
            return yield* shell.run(body, streams);
      return 0;
    }
    case 'group':
      return node.subshell
        ? yield* shell.copy(streams).whole(node.body, streams)
        : yield* shell.run(node.body, streams);
    default:
      return 0;
  }
}

function* whileLoop(
  shell: Shell,
  { condition, body, until }: Node & { kind: 'while' },
  streams: Streams,
): Running {
  let code = 0;
  for (;;) {
    shell.machine.step();
    shell.noteRound();
    const goesOn = ((yield* shell.condition(condition, streams)) === 0) !== until;
    if (!goesOn) break;
    const left = yield* loopBody(shell, body, streams);
    code = shell.status;
    if (left === 'break') break;
  }
  shell.endRounds();
  return code;
}

function* forEach(
  shell: Shell,
  words: readonly string[],
  { name, body }: Node & { kind: 'for' },
  streams: Streams,
): Running {
  let code = 0;
  for (const word of words) {
    shell.machine.step();
    shell.set(name, word);
    const left = yield* loopBody(shell, body, streams);
    code = shell.status;
    if (left === 'break') break;
  }
  return code;
}

function* loopBody(
  shell: Shell,
  body: Node,
  streams: Streams,
): Generator<Pause, 'break' | undefined, void> {
  try {
    yield* shell.run(body, streams);
  } catch (thrown) {
    if (!(thrown instanceof Leave) || (thrown.what !== 'break' && thrown.what !== 'continue'))
      throw thrown;
    if (thrown.value > 1) throw new Leave(thrown.what, thrown.value - 1);
    shell.status = 0;
    if (thrown.what === 'break') return 'break';
  }
  return undefined;
}
