import { describe, expect, it } from 'vitest';
import { ConfigMap, Namespace, Pod, ServiceAccount } from '../../generated/core/v1/index.ts';
import { createCluster, NotFoundInCluster, type TestCluster } from '../testing/index.ts';
import { FakeProject, resource } from './author.fakes.ts';
import { Author } from './author.ts';

async function setUp() {
  const cluster = await createCluster({ nodes: 1 });
  const project = new FakeProject();
  const author = new Author({
    project,
    folderName: 'manifests',
    target: async () => ({
      client: cluster.client,
      begin: (detail) => {
        const { journal } = cluster.cluster;
        const record = journal.input({ component: 'authoring', what: 'save', detail });
        return cluster.cluster.clientFor('authoring', record);
      },
      letWork: async (attempt) => {
        await cluster.advance('1s');
        return attempt < 60;
      },
      copy: async () => {
        const copy = await cluster.fork();
        return {
          client: copy.client,
          letWork: async (attempt) => {
            await copy.advance('1s');
            return attempt < 60;
          },
        };
      },
    }),
  });
  return { cluster, project, author };
}

const space = resource('Namespace', 'shop');
const settings = (data: object, more: object = {}) =>
  resource('ConfigMap', 'shop/settings', { data, ...more });
const pod = (key: string, spec: object = {}) =>
  resource('Pod', key, { spec: { containers: [{ name: 'a', image: 'app:1' }], ...spec } });

async function messages(author: Author): Promise<string[]> {
  return (await author.save()).findings.map(({ message }) => message);
}

const dataOf = (cluster: TestCluster) => cluster.get(ConfigMap, 'settings', 'shop').data;

describe('an author at a real cluster', () => {
  it('applies, changes and removes fields, and prunes', async () => {
    const { cluster, project, author } = await setUp();
    project.resources = [space, settings({ x: '1', y: '2' })];
    expect(await messages(author)).toEqual([]);
    project.resources = [space, settings({ x: '3' })];
    expect(await messages(author)).toEqual([]);
    expect(dataOf(cluster)).toEqual({ x: '3' });
    project.resources = [space];
    expect(await messages(author)).toEqual([]);
    expect(() => dataOf(cluster)).toThrow(NotFoundInCluster);
    expect(cluster.get(Namespace, 'shop').status?.phase).toBe('Active');
  });

  it('changes nothing when the server refuses one of many', async () => {
    const { cluster, project, author } = await setUp();
    project.resources = [space, settings({ x: '1' }, { immutable: true }), pod('shop/a')];
    expect(await messages(author)).toEqual([]);
    const revision = cluster.cluster.server.revision;
    project.resources = [
      resource('Namespace', 'other'),
      space,
      settings({ x: '2' }, { immutable: true }),
      pod('shop/a', { nodeName: 'elsewhere' }),
    ];
    const refused = await messages(author);
    expect(refused).toHaveLength(2);
    expect(refused[0]).toContain('field is immutable when `immutable` is set');
    expect(refused[1]).toContain('pod updates may not change fields other than');
    expect(cluster.cluster.server.revision).toBe(revision);
    project.resources = [space, settings({ x: '1' }, { immutable: true }), pod('shop/a')];
    expect(await messages(author)).toEqual([]);
  });

  it('names what has changed of a field that must not change', async () => {
    const { project, author } = await setUp();
    const service = (clusterIP: string) =>
      resource('Service', 'shop/web', { spec: { clusterIP, ports: [{ port: 80 }] } });
    project.resources = [
      space,
      settings({ x: '1', y: '2' }, { immutable: true }),
      service('10.96.0.20'),
    ];
    expect(await messages(author)).toEqual([]);
    project.resources = [
      space,
      settings({ x: '1', y: '3' }, { immutable: true }),
      service('10.96.0.21'),
    ];
    const { findings } = await author.save();
    expect(findings.map(({ fieldPath }) => fieldPath)).toEqual(['data[y]', 'spec.clusterIP']);
  });

  it('brings a namespace, its service accounts and their pods in one save', async () => {
    const { cluster, project, author } = await setUp();
    project.resources = [
      pod('shop/a'),
      pod('shop/b', { serviceAccountName: 'robot' }),
      resource('ServiceAccount', 'shop/robot'),
      space,
    ];
    expect(await messages(author)).toEqual([]);
    expect((await cluster.settle()).converged).toBe(true);
    expect(cluster.list(Pod).map(({ spec }) => spec?.serviceAccountName)).toEqual([
      'default',
      'robot',
    ]);
    expect(cluster.get(ServiceAccount, 'robot', 'shop')).toBeDefined();
  });

  it('changes nothing either when only the new namespace shows that a part is refused', async () => {
    const { cluster, project, author } = await setUp();
    project.resources = [space, settings({}), pod('shop/a', { serviceAccountName: 'nobody' })];
    const { revision } = cluster.cluster.server;
    const [refused] = await messages(author);
    expect(refused).toContain('error looking up service account shop/nobody');
    expect(cluster.cluster.server.revision).toBe(revision);
  });

  it('brings a namespace back that is still on its way out', async () => {
    const { cluster, project, author } = await setUp();
    project.resources = [space, pod('shop/a')];
    expect(await messages(author)).toEqual([]);
    await cluster.settle();
    const before = cluster.get(Pod, 'a', 'shop').metadata.uid;
    project.resources = [];
    expect(await messages(author)).toEqual([]);
    project.resources = [space, pod('shop/a')];
    expect(await messages(author)).toEqual([]);
    expect((await cluster.settle()).converged).toBe(true);
    expect(cluster.get(Pod, 'a', 'shop').metadata.uid).not.toBe(before);
  });

  it('is the cause of what it writes', async () => {
    const { cluster, project, author } = await setUp();
    project.resources = [space];
    await author.save();
    const { journal } = cluster.cluster;
    const [write] = journal.latest(
      1,
      (each) => each.type === 'write' && each.component === 'authoring',
    );
    const chain = journal
      .causesOf(write!.id)
      .map((each) => (each.type === 'input' ? each.what : each.type));
    expect(chain).toEqual(['write', 'save']);
  });

  it('takes fields that somebody else set, and says whose they were', async () => {
    const { cluster, project, author } = await setUp();
    project.resources = [space, settings({ x: '1' })];
    expect(await messages(author)).toEqual([]);
    await cluster.client.apply(
      ConfigMap.resource,
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace: 'shop' },
        data: { x: '7', y: '2' },
      },
      { fieldManager: 'somebody', force: true },
    );
    project.resources = [space, settings({ x: '3' })];
    const { findings } = await author.save();
    expect(findings).toMatchObject([
      {
        code: 'E_MANIFEST_TAKEN',
        severity: 'warning',
        object: 'shop › ConfigMap/settings',
        fieldPath: 'data.x',
        message: '`x` is also set by "somebody": the manifest\'s value takes its place',
        range: { file: 'a.ts', line: 1 },
      },
    ]);
    expect(dataOf(cluster)).toEqual({ x: '3', y: '2' });
    await author.save();
    expect(author.taken).toEqual(findings);
    project.resources = [space, settings({ x: '4' })];
    expect(await messages(author)).toEqual([]);
    expect(author.taken).toEqual([]);
  });
});
