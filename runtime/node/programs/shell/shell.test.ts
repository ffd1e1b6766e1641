import { describe, expect, it } from 'vitest';
import { commandOf } from '../commands/index.ts';
import { FileSystem, Volume } from '../files/index.ts';
import type { Machine } from '../machine.ts';
import { NO_INPUT, type Running } from '../process.ts';
import { sh } from './index.ts';

const MACHINE: Partial<Machine> = {
  find: commandOf,
  step: () => undefined,
  handle: () => undefined,
  signals: () => [],
  version: 0,
  usesClock: false,
  nowMs: () => 0,
};

/** What a program writes, and at its end the code that it ended with unless that is 0. */
function said(script: string): string {
  let output = '';
  const write = (bytes: string): void => {
    output += bytes;
  };
  const volume = new Volume({ type: 'overlay' }, { mode: 0o755, uid: 0, gid: 0 }, 0);
  const root = { path: '', volume, inside: '', readOnly: false };
  const running = sh({
    argv: ['sh', '-c', script, 'sh'],
    env: new Map([['HOME', '/root']]),
    cwd: '/',
    files: new FileSystem([root], { uid: 0, gid: 0, groups: [] }, () => 0),
    input: NO_INPUT,
    out: write,
    err: write,
    machine: MACHINE as Machine,
  }) as Running;
  const { value, done } = running.next();
  expect(done).toBe(true);
  return value === 0 ? output : `${output}=${value}`;
}

// What dash says of them.
const COMMANDS: readonly (readonly [string, string])[] = [
  ['for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done', '1\n3\n'],
  ['for i in 1 2; do for j in 1 2; do [ $j = 2 ] && break 2; echo $i$j; done; done', '11\n'],
  ['if false; then echo a; elif true; then echo b; else echo c; fi', 'b\n'],
  ['i=0; until [ $i -ge 2 ]; do i=$((i+1)); done; echo $i', '2\n'],
  ['case web-1 in db*) echo db;; (web-?|x) echo web;; *) echo none;; esac', 'web\n'],
  ['f() { echo "$1 of $#"; return 3; }; f a b; echo $?', 'a of 2\n3\n'],
  ['x=1; (x=2; echo $x); echo $x; { x=3; }; echo $x', '2\n1\n3\n'],
  ['true && echo yes || echo no; false && echo yes || echo no', 'yes\nno\n'],
  ['! false; echo $?', '0\n'],
  ['printf \'a\\nb\\n\' | while read line; do echo "<$line>"; done', '<a>\n<b>\n'],
  ["trap 'echo bye' EXIT; echo hi; exit 4", 'hi\nbye\n=4'],
  ['set -e; false || echo kept; false; echo never', 'kept\n=1'],
  ["A=1 B=2; echo $A$B; A=3 sh -c 'echo $A'; echo $A", '12\n3\n1\n'],
  ['nosuch; echo $?', 'sh: nosuch: not found\n127\n'],
];

const TEXTS: readonly (readonly [string, string])[] = [
  ['echo to-file > out; echo more >> out; cat < out', 'to-file\nmore\n'],
  ['ls /nowhere >/dev/null 2>&1 || echo failed', 'failed\n'],
  ['cat <<END; echo after\n one $((1+1))\nEND\n', ' one 2\nafter\n'],
  ["cat <<-'END'\n\ttab $HOME\n\tEND\n", 'tab $HOME\n'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own.
  ['echo "${x:-none} ${HOME%t} ${HOME#/} ${#HOME}"', 'none /roo root 5\n'],
  ['set -- a "b c"; for w in "$@"; do echo "$w"; done; echo $#', 'a\nb c\n2\n'],
  ['x=$(echo a; echo b); echo "$x" | tail -n 1', 'b\n'],
  ['echo a # comment; b', 'a\n'],
  ["eval 'echo evaluated'", 'evaluated\n'],
  ['echo one \\\n  two', 'one two\n'],
];

describe('a program of the shell', () => {
  it.each([...COMMANDS, ...TEXTS])('%s', (script, expected) => {
    expect(said(script)).toBe(expected);
  });

  it('is refused where it is none', () => {
    expect(said('if true')).toBe('sh: syntax error: unexpected end of file\n=2');
    expect(said('done')).toBe('sh: syntax error: unexpected "done"\n=2');
  });
});
