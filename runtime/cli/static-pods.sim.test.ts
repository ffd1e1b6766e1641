import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Shell } from './cli.fakes.ts';

let shell: Shell;
beforeEach(() => {
  shell = new Shell();
});
afterEach(() => shell.remove());

const pod = (image: string, name = 'agent'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: main\n      image: ${image}\n`;
const cluster = (pool: string): string =>
  `import { Cluster } from 'slipway/cluster/v1';
export const cluster = new Cluster({
  metadata: { name: 'default' },
  spec: { nodePools: [{ name: 'n', ${pool} }] },
});
`;

async function podsOf(...argv: string[]): Promise<string[]> {
  const { out, err, exitCode } = await shell.run('run', ...argv, '-o', 'json');
  expect([err, exitCode]).toEqual(['', 0]);
  const { objects } = JSON.parse(out) as {
    objects: { kind: string; metadata: { name: string }; status?: { phase?: string } }[];
  };
  return objects
    .filter(({ kind }) => kind === 'Pod')
    .map(({ metadata, status }) => `${metadata.name} ${status?.phase}`);
}

it('run lets nodes run what a folder says: theirs, or the one of the command line', async () => {
  shell.write({
    'm/cluster.ts': cluster("count: 2, staticPodPath: '../own'"),
    'own/a.yaml': pod('own:1', 'own'),
    'all/a.yaml': pod('all:1', 'all'),
    'd/cluster.ts': cluster('count: 1'),
  });
  expect(await podsOf('m', '--pod-manifest-path', 'all')).toEqual([
    'own-n-0 Running',
    'own-n-1 Running',
  ]);
  expect(await podsOf('d', '--pod-manifest-path', 'all')).toEqual(['all-n-0 Running']);
  expect(await podsOf('d')).toEqual([]);
});

it('run shows a mistake at its line, and what of a manifest refers to the API too', async () => {
  shell.write({ 'm/cluster.ts': cluster('count: 1'), 'all/a.yaml': pod('""') });
  const { exitCode, err } = await shell.run('run', 'm', '--pod-manifest-path', 'all');
  expect(exitCode).toBe(3);
  expect(err).toContain('Pod/agent › spec.containers[0].image');
  expect(err).toContain('❯ all/a.yaml:8:14');
  const inline = `metadata: { name: 'x' }, spec: {
    containers: [{ name: 'c', image: 'c:1' }],
    serviceAccountName: 'someone',
  }`;
  shell.write({
    'm/cluster.ts': cluster(`staticPods: [{ apiVersion: 'v1', kind: 'Pod', ${inline} }]`),
  });
  const told = await shell.run('run', 'm');
  expect(told.exitCode).toBe(3);
  expect(told.err).toContain('static pods may not reference serviceaccounts');
  expect(told.err).toContain('❯ m/cluster.ts:6:25');
});

it('watch follows the folder, and keeps what was there when a file is broken', {
  timeout: 180_000,
}, async () => {
  shell.write({ 'm/cluster.ts': cluster('count: 1'), 'all/a.yaml': pod('agent:1') });
  const { output, interrupt, ended } = shell.start(
    'watch',
    'm',
    '--no-tui',
    '--port',
    '0',
    '--pod-manifest-path',
    'all',
  );
  const sees = (text: string | RegExp) =>
    vi.waitFor(() => expect(output.out + output.err).toMatch(text), {
      timeout: 60_000,
      interval: 20,
    });
  await sees(/agent-n-0.*Running/);
  shell.write({ 'all/a.yaml': 'kind: [' });
  await sees('E_MANIFEST_YAML');
  await sees('the cluster keeps the last good state');
  shell.write({ 'all/b.yaml': pod('more:1', 'more') });
  await sees(/more-n-0.*Running/);
  expect(output.out).not.toMatch(/deleted +Pod/);
  rmSync(join(shell.folder, 'all/a.yaml'));
  await sees(/deleted +Pod default\/agent-n-0/);
  interrupt('SIGTERM');
  expect((await ended).exitCode).toBe(0);
});
