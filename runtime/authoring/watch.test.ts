import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeProject, FakeServer, resource } from './author.fakes.ts';
import { Author, type Save } from './author.ts';
import { type FolderWatch, isFollowed, watchFolder } from './watch.ts';

let folder: string;
let watching: FolderWatch | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-watch-'));
  writeFileSync(join(folder, 'a.ts'), '1');
});

afterEach(async () => {
  await watching?.close();
  watching = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function follow(): Promise<ReturnType<typeof vi.fn>> {
  const changed = vi.fn();
  watching = watchFolder(folder, changed, (error) => {
    throw error;
  });
  await watching.ready;
  return changed;
}

/** Waits until a burst was reported, and forgets it. */
async function burst(changed: ReturnType<typeof vi.fn>): Promise<void> {
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), { timeout: 10_000, interval: 5 });
  changed.mockClear();
}

describe('watchFolder', () => {
  it('reports saves, also two within a millisecond', async () => {
    const changed = await follow();
    writeFileSync(join(folder, 'a.ts'), '2');
    writeFileSync(join(folder, 'a.ts'), '3');
    writeFileSync(join(folder, 'b.ts'), '1');
    await burst(changed);
    writeFileSync(join(folder, 'b.ts'), '2');
    await burst(changed);
  });

  it("sees an editor's save by renaming", async () => {
    const changed = await follow();
    renameSync(join(folder, 'a.ts'), join(folder, 'a.ts~'));
    writeFileSync(join(folder, '.a.ts.swp'), 'x');
    writeFileSync(join(folder, 'a.ts.new'), '2');
    renameSync(join(folder, 'a.ts.new'), join(folder, 'a.ts'));
    await burst(changed);
  });

  it('sees files in new folders and deletions, and survives links in a circle', async () => {
    symlinkSync('.', join(folder, 'loop'));
    const changed = await follow();
    mkdirSync(join(folder, 'new/deep'), { recursive: true });
    writeFileSync(join(folder, 'new/deep/c.ts'), '1');
    await burst(changed);
    rmSync(join(folder, 'a.ts'));
    await burst(changed);
  });

  it('does not look at what is no source', () => {
    const followed = (path: string): boolean => isFollowed(path, true);
    expect(['a.ts', 'deep/a.mts', 'data.json', '../a.ts'].map(followed)).not.toContain(false);
    expect(
      ['notes.txt', 'a.ts~', '.a.ts.swp', '.git/a.ts', 'node_modules/x/index.ts'].map(followed),
    ).not.toContain(true);
    expect(isFollowed('deep', false)).toBe(true);
    expect(isFollowed('deep/node_modules', false)).toBe(false);
  });
});

describe('Author.follow', () => {
  it('looks again after a change that came during a look, one look at a time', async () => {
    const project = new FakeProject(folder);
    const server = new FakeServer();
    let open = (): void => {};
    project.resources = [resource('Namespace', 'one')];
    project.gate = new Promise((resolve) => {
      open = resolve;
    });
    const author = new Author({
      project,
      target: async () => ({
        client: server.client,
        begin: () => server.client,
        letWork: async () => false,
      }),
      folderName: 'manifests',
    });
    const saves: Save[] = [];
    const first = author.follow((save) => saves.push(save));
    await vi.waitFor(() => expect(project.checks).toBe(1));
    writeFileSync(join(folder, 'a.ts'), '2');
    await vi.waitFor(() => expect(author.waiting).toBe(true));
    project.resources = [resource('Namespace', 'two')];
    expect(project.checks).toBe(1);
    open();
    await first;
    expect(saves.map(({ changed }) => changed)).toEqual([
      { created: 1, updated: 0, pruned: 0 },
      { created: 1, updated: 0, pruned: 1 },
    ]);
    expect([...server.objects.keys()]).toEqual(['namespaces/two']);
    await author.close();
    expect(project.closed).toBe(true);
  });
});
