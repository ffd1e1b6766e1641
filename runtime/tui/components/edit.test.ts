import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ApiError, tooManyRequests } from '../../meta/index.ts';
import { shop } from '../fakes-shop.ts';
import { edit } from './edit.ts';
import { editorOf, runEditor } from './editor.ts';

const WEB = { resource: 'deployments.apps', key: 'shop/web' };

/** Someone who does one change a time the file is shown to them; what they saw is kept. */
function author(...changes: readonly ((text: string) => string)[]) {
  const seen: string[] = [];
  let path = '';
  const editor = async (file: string): Promise<void> => {
    path = file;
    const text = readFileSync(file, 'utf8');
    seen.push(text);
    writeFileSync(file, changes[seen.length - 1]?.(text) ?? text);
  };
  onTestFinished(() => rm(dirname(path), { recursive: true, force: true }));
  return { seen, editor, file: () => path };
}

const replicas = (count: string) => (text: string) =>
  text.replace(/replicas: \d+/, `replicas: ${count}`);

describe('editing', () => {
  it('sends what is different, and nothing else', async () => {
    const world = shop();
    const { editor, seen, file } = author(replicas('9'));
    expect(await edit(WEB, world, editor)).toBe('deploy/web is edited');
    expect(world.calls).toEqual(['patch deployments.apps shop/web {"spec":{"replicas":9}}']);
    expect(world.requests).toEqual([{ verb: 'edit', targets: ['deployments.apps/shop/web'] }]);
    expect(seen[0]).toMatch(/^# Change .*\n# Left .*\n#\napiVersion: apps\/v1\n/);
    expect(existsSync(file())).toBe(false);
  });

  it.each([
    ['left as it is', (text: string) => text],
    ['emptied', () => ''],
    ['with other comments only', (text: string) => `# mine\n${text}`],
  ])('does nothing when the file is %s', async (_, change) => {
    const world = shop();
    const { editor, file } = author(change);
    expect(await edit(WEB, world, editor)).toBe('deploy/web is as it was');
    expect([world.calls, existsSync(file())]).toEqual([[], false]);
  });

  it('comes back with what the server says, until it is accepted', async () => {
    const world = shop();
    const { status } = tooManyRequests('', []) as ApiError;
    const answer = world.answer.bind(world);
    world.answer = (request) =>
      JSON.stringify(request.body).includes('-1')
        ? { code: 422, object: { ...status, message: 'spec.replicas: must not be -1' } as never }
        : answer(request);
    const { editor, seen } = author(replicas('-1'), (text) =>
      text.replace('replicas: -1', 'replicas: 2'),
    );
    expect(await edit(WEB, world, editor)).toBe('deploy/web is edited');
    expect(seen[1]).toContain('#\n# spec.replicas: must not be -1\n#\napiVersion');
    expect(seen[1]).toContain('replicas: -1');
    expect(world.calls).toEqual(['patch deployments.apps shop/web {"spec":{"replicas":2}}']);
  });

  it.each([
    ['no YAML', (text: string) => `${text}\n  : [`, /line \d+/],
    ['no object', () => 'hello', 'this is no object'],
    ['another object', (text: string) => text.replace('name: web', 'name: other'), 'which object'],
  ])('keeps what was written when it is %s and its author gives up', async (_, change, words) => {
    const world = shop();
    const { editor, seen, file } = author(change);
    await expect(edit(WEB, world, editor)).rejects.toThrow(words);
    expect(seen).toHaveLength(2);
    expect(seen[1]).toMatch(words);
    expect([world.calls, statSync(file()).mode & 0o777]).toEqual([[], 0o600]);
  });
});

describe('the editor', () => {
  it.each([
    [{}, 'vi'],
    [{ EDITOR: 'nano' }, 'nano'],
    [{ EDITOR: 'nano', VISUAL: 'code --wait' }, 'code --wait'],
    [{ EDITOR: 'nano', KUBE_EDITOR: 'emacs' }, 'emacs'],
  ])('of %o is %s', (env, command) => {
    expect(editorOf(env)).toBe(command);
  });

  it('is a command with arguments, and its failure is told', async () => {
    const before = process.listeners('SIGINT');
    const { editor, file } = author();
    await edit(WEB, shop(), async (path) => {
      await runEditor('test -f', path);
      await editor(path);
    });
    await expect(runEditor('test -d', file())).rejects.toThrow('test -d failed with 1');
    expect(process.listeners('SIGINT')).toEqual(before);
  });
});
