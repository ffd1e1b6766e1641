import { describe, expect, it } from 'vitest';
import { inBackground } from './program.ts';

const call = (command: string, ...args: string[]) => ({
  ...{ name: 'p', command, args, env: { NAMESPACE: 'shop' }, isBackground: true },
});

describe('a program in the background', () => {
  it('is told what is chosen by its environment, and the end of what it says is said', async () => {
    expect(await inBackground(call('sh', '-c', 'echo one; echo "in $NAMESPACE"'))).toBe(
      'p is done: in shop',
    );
    expect(await inBackground(call('true'))).toBe('p is done');
  });

  it('gets its arguments as they are: no shell reads them', async () => {
    expect(await inBackground(call('echo', '$(id); `id` "x"'))).toBe('p is done: $(id); `id` "x"');
  });

  it('says why it failed', async () => {
    await expect(inBackground(call('sh', '-c', 'echo wrong >&2; exit 3'))).rejects.toThrow(
      'p failed with 3: wrong',
    );
    await expect(inBackground(call('/no/such/program'))).rejects.toThrow('p cannot be run');
  });
});
