import { describe, expect, it } from 'vitest';
import { invalidObject } from '../meta/index.ts';
import { FakeProject, FakeServer, resource } from './author.fakes.ts';
import { Author, type SaveDetail } from './author.ts';
import type { Finding } from './contract.ts';

function setUp(letWork: (server: FakeServer, attempt: number) => boolean = () => false) {
  const project = new FakeProject();
  const server = new FakeServer();
  const begun: SaveDetail[] = [];
  const phases: string[] = [];
  const author: Author = new Author({
    project,
    target: async () => ({
      client: server.client,
      begin: (detail) => {
        begun.push(detail);
        return server.client;
      },
      letWork: async (attempt) => letWork(server, attempt),
    }),
    folderName: 'manifests',
    onChange: () => {
      const { phase } = author.state();
      if (phases.at(-1) !== phase) phases.push(phase);
    },
  });
  return { project, server, author, begun, phases };
}

const shop = [
  resource('ConfigMap', 'shop/a', { data: { x: '1' } }, 3),
  resource('Namespace', 'shop'),
];
const mistake: Finding = { code: 'E_MANIFEST_TYPE', severity: 'error', message: 'no' };
const invalid = invalidObject({ group: '', resource: 'ConfigMap', name: 'b' }, [
  { field: 'data', message: 'is wrong' },
]).status;

describe('Author', () => {
  it('applies a folder, then only what changed, and prunes what is gone', async () => {
    const { project, server, author, begun, phases } = setUp();
    project.resources = shop;
    expect((await author.save()).changed).toEqual({ created: 2, updated: 0, pruned: 0 });
    expect(server.writes()).toEqual(['apply namespaces/shop', 'apply configmaps/shop/a']);
    expect(phases).toEqual(['checking', 'applying', 'idle']);

    project.resources = [resource('Namespace', 'shop'), resource('ConfigMap', 'shop/b')];
    await author.save();
    expect(server.writes()).toEqual(['apply configmaps/shop/b', 'delete configmaps/shop/a']);

    await author.save();
    expect(server.log).toEqual([]);
    expect(begun.map(({ created, updated, pruned }) => [created, updated, pruned])).toEqual([
      [2, 0, 0],
      [1, 0, 1],
    ]);
    expect(begun[0]?.contentHash).not.toBe(begun[1]?.contentHash);
    expect(author.state()).toMatchObject({ phase: 'idle', files: 1, resources: 2, errors: [] });
  });

  it('applies nothing of a save with errors, and goes on from the last good state', async () => {
    const { project, server, author } = setUp();
    project.resources = shop;
    await author.save();
    server.writes();

    project.resources = [];
    project.findings = [mistake];
    expect((await author.save()).changed).toBeUndefined();
    expect(server.log).toEqual([]);
    expect(author.state()).toMatchObject({ phase: 'failed', resources: 2 });
    expect(author.state().errors).toEqual([
      {
        code: 'E_MANIFEST_TYPE',
        message: 'no',
        frame: 'error E_MANIFEST_TYPE: no\n  note: the cluster keeps the last good state',
      },
    ]);
    expect(author.sourceOf('configmaps', 'shop/a')).toEqual({ file: 'a.ts', line: 3, column: 1 });

    project.resources = shop;
    project.findings = [{ ...mistake, severity: 'warning' }];
    expect((await author.save()).changed).toEqual({ created: 0, updated: 0, pruned: 0 });
    expect(author.state()).toMatchObject({ phase: 'idle', errors: [] });
  });

  it('applies nothing of a save of which the server refuses a part, and says all that it refuses', async () => {
    const { project, server, author, begun } = setUp();
    project.resources = [resource('Namespace', 'shop')];
    await author.save();
    server.writes();
    server.refuses.set('configmaps/shop/b', invalid);
    server.refuses.set('configmaps/shop/c', invalid);
    project.resources = [
      resource('Namespace', 'shop', { metadata: { name: 'shop', labels: { team: 'x' } } }),
      resource('ConfigMap', 'shop/b', {}, 7),
      resource('ConfigMap', 'shop/c', {}, 9),
    ];
    const { findings } = await author.save();
    expect(server.writes()).toEqual([]);
    expect(begun.length).toBe(1);
    expect(findings.map(({ range }) => range?.line)).toEqual([7, 9]);
    expect(author.state().phase).toBe('failed');
  });

  it('tries again what could not work yet, once the cluster has worked', async () => {
    const { project, server, author } = setUp(({ objects }, attempt) => {
      if (attempt === 2)
        objects.set(
          'serviceaccounts/shop/default',
          resource('ServiceAccount', 'shop/default').object,
        );
      return true;
    });
    project.resources = [resource('Namespace', 'shop'), resource('Pod', 'shop/web'), shop[0]!];
    expect((await author.save()).changed).toEqual({ created: 3, updated: 0, pruned: 0 });
    expect(server.writes()).toEqual([
      'apply namespaces/shop',
      'apply pods/shop/web',
      'apply configmaps/shop/a',
      'apply pods/shop/web',
      'apply pods/shop/web',
    ]);
  });

  it('gives up when the cluster has nothing more to do, and has the rest again next time', async () => {
    const { project, server, author } = setUp();
    project.resources = [resource('Namespace', 'shop'), resource('Pod', 'shop/web')];
    const { findings, changed } = await author.save();
    expect(changed).toBeUndefined();
    expect(findings[0]?.message).toContain('error looking up service account shop/default');
    server.writes();
    server.objects.set(
      'serviceaccounts/shop/default',
      resource('ServiceAccount', 'shop/default').object,
    );
    expect((await author.save()).changed).toEqual({ created: 1, updated: 0, pruned: 0 });
    expect(server.writes()).toEqual(['apply pods/shop/web']);
  });

  it('waits for the end of an object that is on its way out', async () => {
    const { project, server, author } = setUp(({ leaving }) => leaving.delete('namespaces/shop'));
    server.leaving.add('namespaces/shop');
    project.resources = [resource('Namespace', 'shop')];
    await author.save();
    expect(server.writes()).toEqual(['apply namespaces/shop', 'apply namespaces/shop']);
    expect([...server.objects.keys()]).toEqual(['namespaces/shop']);
  });

  it('refuses a service account that neither the cluster nor the save has', async () => {
    const { project, server, author } = setUp();
    project.resources = [resource('Namespace', 'shop'), resource('Pod', 'shop/web')];
    server.refuses.set('pods/shop/web', {
      ...invalid,
      code: 403,
      message: 'pods "web" is forbidden: error looking up service account shop/api: not found',
    });
    expect((await author.save()).changed).toBeUndefined();
    expect(server.writes()).toEqual([]);
  });

  it('forgets what somebody else has deleted instead of refusing to prune it', async () => {
    const { project, server, author } = setUp();
    project.resources = shop;
    await author.save();
    server.objects.delete('configmaps/shop/a');
    project.resources = [resource('Namespace', 'shop')];
    expect((await author.save()).changed).toEqual({ created: 0, updated: 0, pruned: 1 });
    expect(author.state().resources).toBe(1);
  });

  it('creates what is to get its name from the server, and knows it by that name from then on', async () => {
    const { project, server, author } = setUp();
    const space = resource('Namespace', 'shop');
    const metadata = { generateName: 'load-', namespace: 'shop' };
    const load = (size: string) => resource('ConfigMap', 'shop/', { metadata, data: { size } });
    project.resources = [space, load('1'), load('2')];
    expect((await author.save()).changed).toEqual({ created: 3, updated: 0, pruned: 0 });
    project.resources = [space, load('1'), load('3')];
    expect((await author.save()).changed).toEqual({ created: 0, updated: 1, pruned: 0 });
    project.resources = [space];
    await author.save();
    expect(server.writes()).toEqual([
      'apply namespaces/shop',
      'create configmaps/load-',
      'create configmaps/load-',
      'apply configmaps/shop/load-2',
      'delete configmaps/shop/load-2',
      'delete configmaps/shop/load-1',
    ]);
    expect([...server.objects.keys()]).toEqual(['namespaces/shop']);
  });
});
