import { joined } from '../files/index.ts';
import type { Running } from '../process.ts';
import { parseScript } from './parse.ts';
import type { Shell } from './shell.ts';
import { Leave, type Streams } from './streams.ts';
import type { Node } from './syntax.ts';

/** A command that the shell itself does, since it is about the shell. */
export type Builtin = (
  shell: Shell,
  words: readonly string[],
  streams: Streams,
) => Running | number;

const leave =
  (what: Leave['what'], otherwise: (shell: Shell) => number): Builtin =>
  (shell, [, value]) => {
    const number = value === undefined ? otherwise(shell) : Number.parseInt(value, 10);
    if (Number.isNaN(number)) throw new Leave('exit', 2);
    throw new Leave(what, what === 'exit' || what === 'return' ? number & 255 : number);
  };

const evaluate: Builtin = (shell, words, streams) =>
  shell.run(parseScript(words.slice(1).join(' ')), streams);

const source: Builtin = (shell, [, path = ''], streams) =>
  shell.run(parseScript(shell.files.read(joined(shell.cwd, path))), streams);

function assign(shell: Shell, words: readonly string[], then: (name: string) => void): number {
  for (const word of words) {
    if (word.startsWith('-')) continue;
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    if (at >= 0) shell.set(name, word.slice(at + 1));
    then(name);
  }
  return 0;
}

const exportAll: Builtin = (shell, [, ...words], { out }) => {
  if (words.length === 0 || words[0] === '-p')
    for (const name of [...shell.exported].sort())
      out(`export ${name}='${shell.vars.get(name) ?? ''}'\n`);
  return assign(shell, words, (name) => shell.exported.add(name));
};

const set: Builtin = (shell, [, ...words]) => {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      shell.positional = words.slice(at + 1);
      break;
    }
    const sign = word[0];
    if (sign !== '-' && sign !== '+') {
      shell.positional = words.slice(at);
      break;
    }
    const isOn = sign === '-';
    const long = word.slice(1) === 'o' ? words[++at] : undefined;
    if (word.includes('e') || long === 'errexit') shell.errexit = isOn;
    if (word.includes('x') || long === 'xtrace') shell.xtrace = isOn;
    if (word.includes('u') || long === 'nounset') shell.nounset = isOn;
  }
  return 0;
};

const changeDirectory: Builtin = (shell, [, target], { out, err }) => {
  const wanted =
    target === '-' ? (shell.vars.get('OLDPWD') ?? '/') : (target ?? shell.vars.get('HOME') ?? '/');
  const path = joined(shell.cwd, wanted);
  if (shell.files.look(path)?.kind !== 'directory') {
    err(`${shell.name}: cd: can't cd to ${wanted}: No such file or directory\n`);
    return 2;
  }
  if (target === '-') out(`${path}\n`);
  shell.set('OLDPWD', shell.cwd);
  shell.cwd = path;
  shell.set('PWD', path);
  return 0;
};

const read: Builtin = (shell, [, ...words], { input }) => {
  const names = words.filter((word) => !word.startsWith('-'));
  const line = input.line();
  const parts = (line ?? '').trim().split(/[ \t]+/);
  const all = names.length > 0 ? names : ['REPLY'];
  for (const [at, name] of all.entries())
    shell.set(name, at === all.length - 1 ? parts.slice(at).join(' ') : (parts[at] ?? ''));
  return line === undefined ? 1 : 0;
};

const trap: Builtin = (shell, [, action, ...signals]) => {
  if (action === undefined) return 0;
  for (const signal of signals.length > 0 ? signals : [action]) {
    const name = NAMES[signal] ?? signal.toUpperCase().replace(/^SIG/, '');
    if (signals.length === 0 || action === '-') shell.traps.delete(name);
    else shell.traps.set(name, action);
    shell.machine.handle(name);
  }
  return 0;
};

const NAMES: Readonly<Record<string, string>> = {
  '0': 'EXIT',
  '1': 'HUP',
  '2': 'INT',
  '3': 'QUIT',
  '15': 'TERM',
};

/** A signal that a trap is set for ends the waiting. */
const wait: Builtin = function* (shell, [, ...ids]) {
  const jobs = shell.jobs.filter(({ id }) => ids.length === 0 || ids.includes(String(id)));
  let isSignalled = false;
  const isDone = (): boolean => {
    isSignalled = shell.traps.size > 0 && shell.machine.hasSignals;
    return isSignalled || jobs.every(({ code }) => code !== undefined);
  };
  if (!isDone()) yield { isDone };
  if (isSignalled) return 143;
  return ids.length === 0 ? 0 : (jobs.at(-1)?.code ?? 127);
};

const exec: Builtin = function* (shell, [, ...words], streams) {
  if (words.length === 0) {
    shell.streams = streams;
    return 0;
  }
  throw new Leave('exit', yield* shell.call(words, streams));
};

const command: Builtin = (shell, [, ...words], streams) => {
  const [first, name = ''] = words;
  if (first !== '-v' && first !== '-V') return shell.call(words, streams);
  const isKnown = name in builtins.table || shell.functions.has(name);
  if (!isKnown && !shell.machine.find(name)) return 1;
  streams.out(`${isKnown ? name : `/bin/${name}`}\n`);
  return 0;
};

const unset: Builtin = (shell, [, ...names]) => {
  for (const name of names) {
    shell.vars.delete(name);
    shell.exported.delete(name);
    shell.functions.delete(name);
  }
  return 0;
};

const shift: Builtin = (shell, [, count = '1']) => {
  shell.positional = shell.positional.slice(Number(count));
  return 0;
};

/** What programs run at the end of a job or of themselves: nothing here has other processes than its own jobs. */
const kill: Builtin = (shell, [, ...words]) => {
  const ids = words.filter((word) => !word.startsWith('-'));
  const jobs = shell.jobs.filter(({ id, code }) => code === undefined && ids.includes(String(id)));
  for (const job of jobs) shell.machine.stop(job);
  if (ids.includes('1') || ids.includes('$$')) throw new Leave('exit', 143);
  return jobs.length > 0 ? 0 : 1;
};

const TABLE: Readonly<Record<string, Builtin>> = {
  ':': () => 0,
  '.': source,
  source,
  eval: evaluate,
  exec,
  command,
  exit: leave('exit', (shell) => shell.status),
  return: leave('return', (shell) => shell.status),
  break: leave('break', () => 1),
  continue: leave('continue', () => 1),
  export: exportAll,
  readonly: (shell, [, ...words]) => assign(shell, words, () => undefined),
  local: (shell, [, ...words]) => assign(shell, words, () => undefined),
  declare: (shell, [, ...words]) => assign(shell, words, () => undefined),
  unset,
  set,
  shift,
  cd: changeDirectory,
  read,
  trap,
  wait,
  kill,
  umask: () => 0,
  ulimit: () => 0,
};

export const builtins: {
  readonly table: Readonly<Record<string, Builtin>>;
  parse(text: string): Node;
} = { table: TABLE, parse: parseScript };
