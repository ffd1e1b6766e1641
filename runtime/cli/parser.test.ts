import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';
import { parse } from './parser.ts';

/** What a line means, and what is said about it. */
function read(...argv: string[]) {
  let out = '';
  let err = '';
  const parsed = parse(COMMANDS, argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  if (typeof parsed === 'number') return { exitCode: parsed, out, err };
  return { command: parsed.command.name, ...parsed.input, out, err };
}

describe('parse', () => {
  it('takes slipway alone, and options alone, for watch manifests', () => {
    expect(read()).toMatchObject({ command: 'watch', args: ['manifests'], options: { tui: true } });
    expect(read('--no-tui')).toMatchObject({ command: 'watch', options: { tui: false } });
  });

  it('reads options into values', () => {
    expect(read('run', 'shop', '--for', '1h30m', '--seed', '7', '-o', 'json')).toMatchObject({
      command: 'run',
      args: ['shop'],
      options: { for: 5_400_000, seed: 7, output: 'json' },
    });
    expect(read('run')).toMatchObject({ args: ['manifests'], options: { output: 'table' } });
    expect(
      read('serve', '--disable-admission-plugins', 'ServiceAccount,LimitRanger'),
    ).toMatchObject({ options: { disableAdmissionPlugins: ['ServiceAccount', 'LimitRanger'] } });
    expect(read('serve', '--authorization-mode', 'RBAC,AlwaysAllow')).toMatchObject({
      options: { authorizationMode: 'AlwaysAllow' },
    });
    expect(read('serve')).toMatchObject({ options: { authorizationMode: 'RBAC' } });
    expect(read('why', 'web')).toMatchObject({ args: ['web', 'manifests'] });
    expect(read('explain', 'po.spec', '--recursive', '--api-version', 'v1')).toMatchObject({
      args: ['po.spec', 'manifests'],
      options: { recursive: true, apiVersion: 'v1' },
    });
  });

  it.each([
    [['rum'], "unknown command 'rum'\n(Did you mean run?)"],
    [['run', '--for', 'soon'], "argument 'soon' is invalid. it must be a duration"],
    [['run', '--seed', '-1'], 'it must be a whole number'],
    [['run', '-o', 'xml'], 'Allowed choices are table, json'],
    [['serve', '--authorization-mode', 'ABAC'], 'it must be RBAC, AlwaysAllow or both'],
    [['run', '--loud'], "unknown option '--loud'"],
    [['run', 'a', 'b'], 'too many arguments'],
    [['why'], "missing required argument 'pod'"],
  ])('refuses %j as a mistake in usage', (argv, message) => {
    const { exitCode, out, err } = read(...argv) as { exitCode: number; out: string; err: string };
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toMatch(/^slipway: /);
  });

  it('helps on stdout', () => {
    const help = read('--help');
    expect(help).toMatchObject({ exitCode: 0, err: '' });
    for (const { name } of COMMANDS) expect(help.out).toContain(`  ${name} `);
    expect(read('help', 'run')).toMatchObject({ exitCode: 0, out: read('run', '-h').out });
    expect(read('--version').out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('the table of commands', () => {
  it('names modules that exist', async () => {
    for (const { load } of COMMANDS) expect((await load()).run).toBeTypeOf('function');
  });
});
