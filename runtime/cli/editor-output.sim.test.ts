import { afterEach, beforeEach, expect, it } from 'vitest';
import { Shell } from './cli.fakes.ts';

let shell: Shell;
beforeEach(() => {
  shell = new Shell();
});
afterEach(() => shell.remove());

const TWICE = {
  'm/a.ts': `import { ConfigMap } from 'slipway/core/v1';
export const a = new ConfigMap({ metadata: { name: 'same' } });
`,
  'm/b.ts': `import { ConfigMap } from 'slipway/core/v1';
export const b = new ConfigMap({ metadata: { name: 'same' } });
export const c = new ConfigMap({ metadata: { name: 'c' }, data: { 'a b': '1' } });
`,
};

it('check writes a line a finding for problem matchers, and a note a related place', async () => {
  shell.write(TWICE);
  const { exitCode, out, err } = await shell.run('check', 'm', '-o', 'lines');
  expect([exitCode, err]).toEqual([3, '']);
  const [first, second, third, ...rest] = out.split('\n');
  expect(rest).toEqual(['']);
  expect(first).toBe(
    'm/b.ts:2:52: error: ConfigMap/same is made more than once [E_MANIFEST_DUPLICATE]',
  );
  expect(second).toBe('m/a.ts:2:52: note: it is made first');
  expect(third).toMatch(
    /^m\/b\.ts:3:\d+: error: the key of `data` is not valid: .* \[E_MANIFEST_VALUE\]$/,
  );
});

it('check gives editors ranges, severity, code and related places', async () => {
  shell.write(TWICE);
  const { out } = await shell.run('check', 'm', '-o', 'json');
  const [found] = JSON.parse(out) as object[];
  expect(found).toEqual({
    file: 'm/b.ts',
    line: 2,
    column: 52,
    endLine: 2,
    endColumn: 58,
    severity: 'error',
    code: 'E_MANIFEST_DUPLICATE',
    message: 'ConfigMap/same is made more than once',
    help: 'rename one, or export it once',
    object: 'default › ConfigMap/same',
    related: [
      {
        message: 'it is made first',
        file: 'm/a.ts',
        line: 2,
        column: 52,
        endLine: 2,
        endColumn: 58,
      },
    ],
  });
});

it('what has no place is said of the folder', async () => {
  shell.write({ 'm/notes.md': '' });
  const { exitCode, out } = await shell.run('check', 'm', '-o', 'lines');
  expect([exitCode, out]).toEqual([
    0,
    'm:1:1: warning: the folder m holds no manifest [E_MANIFEST_EMPTY]\n',
  ]);
});
