import { describe, expect, it } from 'vitest';
import type { FakeWorld } from '../fakes.ts';
import { FakePods } from '../fakes-pods.ts';
import { shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';
import type { Message } from './message.ts';
import { runningProcesses } from './shell.ts';
import { commandOf, keptAfter } from './shell-command.ts';
import { currentView } from './state.ts';
import { update } from './update.ts';

const WEB = { namespace: 'shop', name: 'web-7f-0', container: 'web' };

function reachable(): FakeWorld {
  const world = shop();
  world.reach = new FakePods();
  return world;
}

/** Somebody who has opened a shell in a pod with one container. */
function inShell(keys = 's'): { person: Person; hear: (message: Message) => void } {
  const world = reachable();
  const person = new Person(world, { columns: 100, rows: 16 });
  person.type(`:po<enter>/web-7f-0<enter>${keys}`);
  return {
    person,
    hear: (message) => {
      person.state = update(person.state, message, world.now()).state;
    },
  };
}

const ran = (id: string, ...command: string[]) => ({ type: 'process', id, target: WEB, command });
const shown = ({ lines }: Person): string[] =>
  lines.slice(3, -2).flatMap((line) => line.slice(2, -2).trimEnd() || []);
const isInShell = ({ state }: Person): boolean => currentView(state).type === 'shell';

describe('a shell', () => {
  it('runs what is typed, and shows what comes of it', () => {
    const { person, hear } = inShell();
    expect(person.lines[2]).toContain('shell shop/web-7f-0/web');
    person.type('cat /etc/hosts<enter>');
    expect(person.effects).toEqual([ran('1.1', 'cat', '/etc/hosts')]);
    expect([...runningProcesses(person.state)]).toEqual(['1.1']);
    hear({ type: 'process-output', id: '1.1', text: '127.0.0.1 loc', stream: 'stdout' });
    hear({ type: 'process-output', id: '1.1', text: 'alhost\n', stream: 'stdout' });
    hear({ type: 'process-ended', id: '1.1', end: { code: 0 } });
    expect([...runningProcesses(person.state)]).toEqual([]);
    person.type('false<enter>');
    hear({ type: 'process-ended', id: '1.2', end: { code: 7 } });
    expect(shown(person).slice(1)).toEqual([
      '$ cat /etc/hosts',
      '127.0.0.1 localhost',
      '$ false',
      'exit code 7',
      '$',
    ]);
  });

  it('stays in the directory that it went to, with the variables that were set', () => {
    const { person, hear } = inShell();
    const again = '{ cd /tmp; export A=b; } >/dev/null 2>&1';
    person.type('cd /tmp && export A=b<enter>');
    hear({ type: 'process-ended', id: '1.1', end: { code: 0 } });
    person.type('cd /nowhere<enter>');
    hear({ type: 'process-ended', id: '1.2', end: { code: 1 } });
    person.type('ls<enter>');
    expect(person.effects).toEqual([
      ran('1.1', 'sh', '-c', 'cd /tmp && export A=b'),
      ran('1.2', 'sh', '-c', `${again}\ncd /nowhere`),
      ran('1.3', 'sh', '-c', `${again}\nls`),
    ]);
  });

  it('hands lines to what runs, until ctrl-d says that there are no more', () => {
    const { person, hear } = inShell();
    person.type('cat<enter>one<enter><ctrl-d>');
    expect(person.effects.slice(1)).toEqual([
      { type: 'process-input', id: '1.1', text: 'one\n' },
      { type: 'process-input-end', id: '1.1' },
    ]);
    expect(isInShell(person)).toBe(true);
    hear({ type: 'process-ended', id: '1.1', end: { code: 0 } });
    expect(isInShell(person.type('<ctrl-d>'))).toBe(false);
  });

  it.each(['<ctrl-d>', 'exit<enter>', 'logout<enter>', 'exit 3<enter>', '<esc><esc>'])(
    'is left by %s, and the view is as before',
    (keys) => {
      const before = inShell('').person.lines;
      const { person } = inShell();
      person.type(keys);
      expect(person.lines).toEqual(before);
    },
  );

  it('is not left by one escape, nor by one with something in between', () => {
    const { person } = inShell();
    person.type('ls<esc>');
    expect(person.screen).toContain('esc again leaves');
    expect(isInShell(person.type('a<esc>'))).toBe(true);
    expect(isInShell(person.type('<esc>'))).toBe(false);
  });

  it('stops what runs with ctrl-c, and hears no more of it', () => {
    const { person, hear } = inShell();
    person.type('sleep 100<enter><ctrl-c>');
    expect(person.effects).toHaveLength(1);
    expect([...runningProcesses(person.state)]).toEqual([]);
    hear({ type: 'process-output', id: '1.1', text: 'late\n', stream: 'stdout' });
    hear({ type: 'process-ended', id: '1.1', end: { code: 1 } });
    expect(shown(person).slice(1)).toEqual(['$ sleep 100', '^C', '$']);
  });

  it('knows what was typed before, and forgets what is cleared', () => {
    const { person } = inShell();
    person.type('one<enter><ctrl-c>two<enter><ctrl-c><up><up>');
    expect(shown(person).at(-1)).toBe('$ one');
    expect(shown(person.type('<down>')).at(-1)).toBe('$ two');
    expect(shown(person.type('<down>')).at(-1)).toBe('$');
    expect(shown(person.type('a b<backspace>')).at(-1)).toBe('$ a');
    expect(shown(person.type('<ctrl-u>')).at(-1)).toBe('$');
    expect(shown(person.type('x<ctrl-l>'))).toEqual(['$ x']);
  });

  it('says that there is no such program, and nothing of the runtime', () => {
    const { person, hear } = inShell();
    person.type('ls<enter>');
    const error =
      'Internal error occurred: OCI runtime exec failed: exec failed: unable to start container process: ' +
      'exec: "ls": executable file not found in $PATH: unknown';
    hear({ type: 'process-ended', id: '1.1', end: { error } });
    expect(shown(person).slice(2)).toEqual(['"ls": executable file not found in $PATH', '$']);
  });

  it('shows no sequence that would move a cursor, and only the end of what was overwritten', () => {
    const { person, hear } = inShell();
    person.type('x<enter>');
    const text = '\u001b[31mred\u001b[0m\u001b]0;title\u0007\r\n10%\r99%\n\ttab\n';
    hear({ type: 'process-output', id: '1.1', text, stream: 'stdout' });
    expect(shown(person).slice(2, 5)).toEqual(['red', '99%', '    tab']);
  });

  it('follows its end, and scrolls back and forth', () => {
    const { person, hear } = inShell();
    person.type('x<enter>');
    const text = Array.from({ length: 40 }, (_, at) => `line ${at}\n`).join('');
    hear({ type: 'process-output', id: '1.1', text, stream: 'stdout' });
    expect(shown(person)).toContain('line 39');
    person.type('<pgup>');
    expect(shown(person)).not.toContain('line 39');
    hear({ type: 'process-ended', id: '1.1', end: { code: 0 } });
    expect(shown(person.type('a')).at(-1)).toBe('$ a');
  });

  it('asks for the container of a pod that has several', () => {
    const world = reachable();
    const pod = world.get('pods', 'shop/web-7f-0') as never as { spec: object };
    world.put({
      ...pod,
      spec: { ...pod.spec, containers: [{ name: 'web' }, { name: 'proxy' }] },
    } as never);
    const person = new Person(world, { columns: 100 }).type(':po<enter>/web-7f-0<enter>s');
    expect(person.lines.at(-1)).toContain('choose a container first');
    person.type('jsls<enter>');
    expect(person.effects).toMatchObject([{ target: { ...WEB, container: 'proxy' } }]);
  });

  it('is nothing for who may only look, nor where nobody can reach pods', () => {
    const world = reachable();
    const looking = new Person(world, { isReadonly: true }).type(':po<enter>s');
    expect(looking.lines.at(-1)).toContain('read-only');
    world.reach = undefined;
    const early = new Person(world).type(':po<enter>s');
    expect(early.lines.at(-1)).toContain('the API is not open yet');
    early.state = { ...early.state, copy: 'rev 1842' };
    expect(early.type('s').lines.at(-1)).toContain(':now goes back');
  });
});

describe('attaching', () => {
  it('shows what the container writes, hands it lines, and is left with ctrl-d', () => {
    const { person, hear } = inShell('a');
    expect(person.lines[2]).toContain('attached to shop/web-7f-0/web');
    expect(person.effects).toEqual([{ type: 'process', id: '1.1', target: WEB }]);
    hear({ type: 'process-output', id: '1.1', text: 'GET /\n', stream: 'stdout' });
    person.type('exit<enter>');
    expect(person.effects.at(-1)).toEqual({ type: 'process-input', id: '1.1', text: 'exit\n' });
    expect(shown(person)).toContain('GET /');
    expect(isInShell(person.type('<ctrl-d>'))).toBe(false);
    expect([...runningProcesses(person.state)]).toEqual([]);
  });

  it('says when the container has ended', () => {
    const { person, hear } = inShell('a');
    hear({ type: 'process-ended', id: '1.1', end: { code: 0 } });
    expect(shown(person)).toContain('the container has ended');
  });
});

describe('a line', () => {
  it.each([
    ['ls -l /tmp', ['ls', '-l', '/tmp']],
    [`echo 'a  b' "c d"e`, ['echo', 'a  b', 'c de']],
    [`grep '$x|y' f`, ['grep', '$x|y', 'f']],
    ['ls | wc', ['sh', '-c', 'ls | wc']],
    ['echo "$HOME"', ['sh', '-c', 'echo "$HOME"']],
    ['a && b', ['sh', '-c', 'a && b']],
  ])('%s means %j', (line, command) => {
    expect(commandOf(line)).toEqual(command);
  });
});

it.each([
  ['cd', ['cd']],
  ['cd /tmp; ls; A=1', ['cd /tmp', 'A=1']],
  ["export A='x; y' && echo $A", ["export A='x; y'"]],
  ['ls -l', []],
  ['(cd /tmp; ls)', []],
  ['cd /tmp || ls', []],
  ['A=1 ls', []],
  ['if true; then cd /tmp; fi', []],
])('%s leaves its shell with %j', (line, kept) => {
  expect(keptAfter(line, ['umask 077'])).toEqual(['umask 077', ...kept]);
});
