import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CommandSpec } from './commands.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { runCommand } from './main.ts';

afterEach(() => vi.unstubAllEnvs());

async function runThat(fails: unknown): Promise<{ exitCode: number; err: string }> {
  let err = '';
  const io = {
    err: (text: string) => {
      err += text;
    },
  } as Io;
  const command: CommandSpec = {
    name: 'x',
    summary: 'x',
    args: [],
    options: [],
    load: async () => ({ run: () => Promise.reject(fails) }),
  };
  return { exitCode: await runCommand({ command, input: { args: [], options: {} } }, io), err };
}

describe('runCommand', () => {
  it("says a caller's mistake in a line, with the way out", async () => {
    expect(await runThat(new CommandError('there is no folder x', EXIT.usage, 'name one'))).toEqual(
      {
        exitCode: 2,
        err: 'slipway: there is no folder x\n  help: name one\n',
      },
    );
  });

  it('says an unexpected error without its stack, which can be asked for', async () => {
    const error = new Error('the scheduler failed', {
      cause: new TypeError('x is not a function'),
    });
    const short = await runThat(error);
    expect(short.exitCode).toBe(1);
    expect(short.err).toBe(
      'slipway: unexpected error: the scheduler failed\n' +
        '  Caused by: x is not a function\n' +
        '  help: this is a bug of slipway; SLIPWAY_DEBUG=1 shows where\n',
    );
    vi.stubEnv('SLIPWAY_DEBUG', '1');
    expect((await runThat(error)).err).toMatch(/\n {4}at .*\nCaused by: TypeError: x is not/s);
  });
});
