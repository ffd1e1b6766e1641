import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Shell, SMALL } from './cli.fakes.ts';

const bin = fileURLToPath(new URL('bin.ts', import.meta.url));

let shell: Shell;
const children: ChildProcess[] = [];
beforeEach(() => {
  shell = new Shell();
  shell.write(SMALL);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  shell.remove();
});

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

/** A real process, in the shell's folder. */
function start(argv: readonly string[], { env = {}, nodeOptions = [] }: Options = {}) {
  const child = spawn(process.execPath, [...nodeOptions, bin, ...argv], {
    cwd: shell.folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.err += text;
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, output, ended };
}

const said = (output: { out: string; err: string }, text: string) =>
  vi.waitFor(() => expect(`${output.err}${output.out}`).toContain(text), {
    timeout: 60_000,
    interval: 20,
  });

describe('the process', () => {
  it('ends with the exit codes of the contract', async () => {
    const codes = await Promise.all(
      [
        ['run', 'shop'],
        ['run', '--for', 'soon'],
        ['check', 'nowhere'],
        ['why', 'db', 'shop'],
      ].map(async (argv) => (await start(argv).ended).code),
    );
    expect(codes).toEqual([0, 2, 2, 1]);
  });

  it('runs the same in another process, another time zone and another language', async () => {
    const runs = [{}, { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }].map((env) =>
      start(['run', 'shop', '-o', 'json'], { env }),
    );
    await Promise.all(runs.map(({ ended }) => ended));
    const [first, second] = runs.map(({ output }) => JSON.parse(output.out));
    expect(second.journalHash).toBe(first.journalHash);
    expect(second.objects).toEqual(first.objects);
  });

  it('says in one line that Node is too old', async () => {
    const old =
      'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.19.0"}})';
    const { ended, output } = start(['run', 'shop'], { nodeOptions: ['--import', old] });
    expect((await ended).code).toBe(2);
    expect(output.out).toBe('');
    expect(output.err).toMatch(/^slipway needs Node 22\.18 or newer; this is v\S+\n$/);
  });

  it('ends quietly when nobody reads any more', async () => {
    const { child, ended, output } = start(['render', 'shop', '--all']);
    child.stdout.destroy();
    expect((await ended).code).toBe(0);
    expect(output.err).toBe('');
  });
});

describe('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 0],
  ] as const)('%s ends a watch', async (signal, code) => {
    const { child, ended, output } = start(['watch', 'shop', '--no-tui']);
    await said(output, 'converged');
    child.kill(signal);
    expect(await ended).toEqual({ code, signal: null });
    expect(output.err).toBe('');
  });

  it.each([['run'], ['watch']])('%s: SIGINT while a manifest never ends', async (command) => {
    shell.write({ 'shop/loop.ts': 'console.log("looping");\nfor (;;) {}' });
    const { child, ended, output } = start([command, 'shop']);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    const { code, signal } = await ended;
    expect(signal ?? code).toBe(130);
    expect(output.err).not.toContain('at ');
  });

  it('SIGINT at any moment leaves nothing behind and no stack', async () => {
    for (const afterMs of [30, 120, 300, 600]) {
      const { child, ended, output } = start(['watch', 'shop']);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGINT');
      const { code, signal } = await ended;
      expect(signal === 'SIGINT' || code === 130).toBe(true);
      expect(output.err).toBe('');
    }
  });
});
