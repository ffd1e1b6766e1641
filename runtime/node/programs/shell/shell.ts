import type { FileSystem } from '../files/index.ts';
import { FileProblem } from '../files/index.ts';
import type { Job, Machine } from '../machine.ts';
import type { Pause, Running, Sink, Task } from '../process.ts';
import { type Builtin, builtins } from './builtins.ts';
import { runCompound, runList, runPipe } from './compound.ts';
import { type Expanding, ExpansionProblem, expandText, expandWords } from './expand.ts';
import { globbed } from './glob.ts';
import { redirect } from './redirect.ts';
import { Leave, type Streams } from './streams.ts';
import type { Node, Redirect } from './syntax.ts';

const NESTING_MAX = 100;

/** A shell: variables, functions and the commands that it runs. A subshell is a copy. */
export class Shell implements Expanding {
  readonly name: string;
  readonly machine: Machine;
  readonly files: FileSystem;
  readonly vars: Map<string, string>;
  readonly exported: Set<string>;
  readonly functions: Map<string, Node>;
  readonly traps: Map<string, string>;
  readonly jobs: Job[] = [];
  positional: readonly string[];
  cwd: string;
  status = 0;
  errexit = false;
  xtrace = false;
  nounset = false;
  /** Of the command that is run, for substitutions in it. */
  streams: Streams;
  #nesting: number;
  #isChecking = 0;
  /** What it was at the end of the round before. */
  #round = '';
  #repeats = false;

  constructor(task: Task, args: readonly string[], from?: Shell) {
    this.name = args[0] ?? 'sh';
    this.machine = task.machine;
    this.files = task.files;
    this.vars = new Map(from ? from.vars : task.env);
    this.exported = new Set(from ? from.exported : task.env.keys());
    this.functions = new Map(from?.functions);
    this.traps = new Map();
    this.positional = from ? from.positional : args.slice(1);
    this.cwd = from ? from.cwd : task.cwd;
    this.errexit = from?.errexit ?? false;
    this.nounset = from?.nounset ?? false;
    this.streams = task;
    this.#nesting = (from ? from.#nesting : 0) + 1;
    if (this.#nesting > NESTING_MAX) throw new Error('shells within shells');
    if (!from) this.vars.set('PWD', this.cwd);
  }

  get repeats(): boolean {
    return this.#repeats;
  }

  get(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.status);
      case '#':
        return String(this.positional.length);
      case '$':
        return '1';
      case '!':
        return this.jobs.length > 0 ? String(this.jobs.at(-1)!.id) : '';
      case '-':
        return '';
      case '0':
        return this.name;
      default:
        if (/^\d+$/.test(name)) return this.positional[Number(name) - 1];
    }
    const value = this.vars.get(name);
    if (value === undefined && this.nounset && name !== 'IFS')
      throw new ExpansionProblem(`${name}: parameter not set`);
    return value;
  }

  set(name: string, value: string): void {
    this.vars.set(name, value);
  }

  glob(chars: Parameters<Expanding['glob']>[0]): readonly string[] {
    return globbed(chars, this.files, this.cwd);
  }

  *output(body: Node): Generator<Pause, string, void> {
    let text = '';
    const out: Sink = (bytes) => {
      text += bytes;
    };
    const inner = this.copy({ ...this.streams, out });
    this.status = yield* inner.whole(body, { ...this.streams, out });
    return text;
  }

  copy(streams: Streams): Shell {
    const { machine, files, cwd } = this;
    const task: Task = { ...streams, argv: [], env: new Map(), cwd, files, machine };
    return new Shell(task, [this.name], this);
  }

  /** Runs a whole program, with what is to be done at its end. */
  *whole(body: Node, streams: Streams): Running {
    let code = yield* this.#untilLeft(body, streams);
    const last = this.traps.get('EXIT') ?? this.traps.get('0');
    if (last) {
      this.traps.delete('EXIT');
      this.status = code;
      code = yield* this.#untilLeft(builtins.parse(last), streams, code);
    }
    return code;
  }

  *#untilLeft(body: Node, streams: Streams, otherwise?: number): Running {
    try {
      const code = yield* this.run(body, streams);
      return otherwise ?? code;
    } catch (thrown) {
      if (thrown instanceof Leave) return thrown.value;
      if (thrown instanceof ExpansionProblem) {
        streams.err(`${this.name}: ${thrown.message}\n`);
        return 2;
      }
      throw thrown;
    }
  }

  *run(node: Node, streams: Streams): Running {
    this.streams = streams;
    switch (node.kind) {
      case 'simple':
        this.status = yield* this.#simple(node, streams);
        this.#checkFailure();
        break;
      case 'list':
        yield* runList(this, node, streams);
        break;
      case 'pipe':
        this.status = yield* runPipe(this, node, streams);
        if (!node.negated) this.#checkFailure();
        break;
      case 'function':
        this.functions.set(node.name, node.body);
        this.status = 0;
        break;
      default:
        this.status = yield* this.#redirected(node.redirects, streams, (inside) =>
          runCompound(this, node, inside),
        );
    }
    yield* this.#answerSignals(streams);
    return this.status;
  }

  #checkFailure(): void {
    if (this.errexit && this.status !== 0 && this.#isChecking === 0)
      throw new Leave('exit', this.status);
  }

  /** A condition may fail without ending a shell that ends on failures. */
  *condition(node: Node, streams: Streams): Running {
    this.#isChecking++;
    try {
      return yield* this.run(node, streams);
    } finally {
      this.#isChecking--;
    }
  }

  /** At the beginning of a loop's round: one that begins just as the one before goes as that did. */
  noteRound(): void {
    const { version, usesClock } = this.machine;
    const round = `${version}\0${this.cwd}\0${[...this.vars].flat().join('\0')}`;
    this.#repeats =
      round === this.#round && !usesClock && this.jobs.every(({ code }) => code !== undefined);
    this.#round = round;
  }

  endRounds(): void {
    this.#repeats = false;
  }

  *#simple(node: Node & { kind: 'simple' }, streams: Streams): Running {
    this.machine.step();
    const before = this.status;
    const words = yield* expandWords(node.words, this);
    const assigned: [string, string][] = [];
    for (const { name, word } of node.assignments)
      assigned.push([name, yield* expandText(word, this)]);
    const [program] = words;
    if (program === undefined) {
      for (const [name, value] of assigned) this.set(name, value);
      const hasCommand = node.assignments.some(({ word }) =>
        word.some(({ kind }) => kind === 'command'),
      );
      const code = hasCommand ? this.status : 0;
      return yield* this.#redirected(node.redirects, streams, () => done(code));
    }
    this.status = before;
    if (this.xtrace) streams.err(`+ ${words.join(' ')}\n`);
    return yield* this.#redirected(node.redirects, streams, (inside) =>
      this.call(words, inside, assigned),
    );
  }

  /** Runs a function, a builtin or a program by its words. */
  *call(
    words: readonly string[],
    streams: Streams,
    assigned: readonly (readonly [string, string])[] = [],
  ): Running {
    const [program = ''] = words;
    const body = this.functions.get(program);
    if (body) return yield* this.#callFunction(body, words.slice(1), streams);
    const builtin: Builtin | undefined = builtins.table[program];
    if (builtin) {
      for (const [name, value] of assigned) this.set(name, value);
      const code = builtin(this, words, streams);
      return typeof code === 'number' ? code : yield* code;
    }
    return yield* this.#execute(words, streams, assigned);
  }

  *#callFunction(body: Node, args: readonly string[], streams: Streams): Running {
    const before = this.positional;
    if (++this.#nesting > NESTING_MAX) throw new ExpansionProblem('function calls too deep');
    this.positional = args;
    try {
      return yield* this.run(body, streams);
    } catch (thrown) {
      if (thrown instanceof Leave && thrown.what === 'return') return thrown.value;
      throw thrown;
    } finally {
      this.positional = before;
      this.#nesting--;
    }
  }

  *#execute(
    words: readonly string[],
    streams: Streams,
    assigned: readonly (readonly [string, string])[],
  ): Running {
    const [name = ''] = words;
    const program = this.machine.find(name);
    if (!program) {
      streams.err(`${this.name}: ${name}: not found\n`);
      return 127;
    }
    const env = new Map<string, string>();
    for (const each of this.exported) {
      const value = this.vars.get(each);
      if (value !== undefined) env.set(each, value);
    }
    for (const [each, value] of assigned) env.set(each, value);
    const { machine, files, cwd } = this;
    const result = program({ ...streams, argv: words, env, cwd, files, machine });
    if (typeof result === 'number') return result;
    return yield* this.#marked(result);
  }

  /** Says with each pause whether this goes on for ever as it is. */
  *#marked(running: Running): Running {
    for (;;) {
      const { value, done: isOver } = running.next();
      if (isOver) return value as number;
      const pause = value as Pause;
      yield this.#repeats ? { ...pause, repeats: true } : pause;
    }
  }

  *#redirected(
    redirects: readonly Redirect[],
    streams: Streams,
    run: (inside: Streams) => Running,
  ): Running {
    if (redirects.length === 0) return yield* run(streams);
    let inside: Streams = streams;
    for (const { fd, operator, word } of redirects) {
      const target = yield* expandText(word, this);
      try {
        inside = redirect(inside, { fd, operator, target }, this);
      } catch (error) {
        if (!(error instanceof FileProblem)) throw error;
        const what = operator === '<' ? 'open' : 'create';
        streams.err(`${this.name}: can't ${what} ${target}: ${error.why}\n`);
        return 1;
      }
    }
    return yield* run(inside);
  }

  /** Does what a trap says about signals that have come. */
  *#answerSignals(streams: Streams): Running {
    if (this.traps.size === 0) return 0;
    for (const signal of this.machine.signals()) {
      const action = this.traps.get(signal);
      if (action === undefined || action === '') continue;
      const { status } = this;
      yield* this.run(builtins.parse(action), streams);
      this.status = status;
    }
    return 0;
  }
}

// biome-ignore lint/correctness/useYield: a command that takes no time.
function* done(code: number): Running {
  return code;
}
