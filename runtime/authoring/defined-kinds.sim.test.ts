import { afterEach, describe, expect, it } from 'vitest';
import { CustomResourceDefinition } from '../../generated/apiextensions/v1/index.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';
import { Author } from './author.ts';
import { TempProject } from './temp-project.fakes.ts';

const schema = (fields: string): string => `
import { CustomResourceDefinition } from 'slipway/apiextensions/v1';
export const databases = new CustomResourceDefinition({
  metadata: { name: 'databases.shop.example' },
  spec: {
    group: 'shop.example', scope: 'Namespaced', names: { plural: 'databases', kind: 'Database' },
    versions: [{
      name: 'v1', served: true, storage: true,
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: {
        type: 'object',
        properties: ${fields},
        'x-kubernetes-validations': [{ rule: 'self.size % 2 == 1', message: 'size must be odd' }],
      } } } },
    }],
  },
});
`;
const SIZE = `{ size: { type: 'integer', default: 1 } }`;
const database = (spec: string, name = 'main'): string =>
  `export const ${name} = { apiVersion: 'shop.example/v1', kind: 'Database', metadata: { name: '${name}' }, spec: ${spec} };\n`;

const DATABASES: ResourceRef<KubeObject> = {
  group: 'shop.example',
  version: 'v1',
  resource: 'databases',
  kind: 'Database',
  namespaced: true,
};

let temp: TempProject;
afterEach(() => temp.close());

async function setUp(files: Readonly<Record<string, string>>) {
  const cluster = await createCluster({ nodes: 1 });
  temp = new TempProject(files);
  const working = (of: TestCluster) => async (attempt: number) => {
    await of.advance('1s');
    return attempt < 20;
  };
  const author = new Author({
    project: temp.project,
    folderName: 'manifests',
    target: async () => ({
      client: cluster.client,
      begin: () => cluster.client,
      letWork: working(cluster),
      copy: async () => {
        const copy = await cluster.fork();
        return { client: copy.client, letWork: working(copy) };
      },
    }),
  });
  const save = async () =>
    (await author.save()).findings.map(
      ({ message, range }) => `${range?.file}:${range?.line}:${range?.column} ${message}`,
    );
  const stored = async () =>
    (await cluster.client.list(DATABASES)).items.map(({ metadata: { name }, ...rest }) => [
      name,
      (rest as { spec?: unknown }).spec,
    ]);
  return { cluster, author, save, stored };
}

describe('a definition and objects of its kind in one folder', () => {
  it('come with one save, change with one save, and go', async () => {
    const { cluster, save, stored } = await setUp({
      'a.ts': database('{}'),
      'b.ts': schema(SIZE),
    });
    expect(await save()).toEqual([]);
    expect(await stored()).toEqual([['main', { size: 1 }]]);

    temp.write({
      'a.ts': database(`{ size: 3, engine: 'x' }`) + database('{}', 'second'),
      'b.ts': schema(`{ size: { type: 'integer', default: 5 }, engine: { type: 'string' } }`),
    });
    expect(await save()).toEqual([]);
    expect(await stored()).toEqual([
      ['main', { size: 3, engine: 'x' }],
      ['second', { size: 5 }],
    ]);

    temp.remove('a.ts');
    temp.write({
      'c.ts': "export const c = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };",
    });
    expect(await save()).toEqual([]);
    expect(await stored()).toEqual([]);
    temp.remove('b.ts');
    expect(await save()).toEqual([]);
    await cluster.settle();
    expect(cluster.list(CustomResourceDefinition)).toEqual([]);
  });

  it('change nothing when the server refuses an object by a rule of a definition that comes with it', async () => {
    const { cluster, save } = await setUp({
      'a.ts': database('{ size: 4 }'),
      'b.ts': schema(SIZE),
    });
    expect(await save()).toEqual(['a.ts:1:106 `spec` is not valid: size must be odd']);
    expect(cluster.list(CustomResourceDefinition)).toEqual([]);
    temp.write({ 'a.ts': database('{ size: 5 }') });
    expect(await save()).toEqual([]);
    temp.remove('b.ts');
    expect(await save()).toEqual([
      'a.ts:1:60 no matches for kind "Database" in version "shop.example/v1"',
    ]);
    expect(cluster.list(CustomResourceDefinition)).toHaveLength(1);
  });

  it('say what a definition waits for that does not come into force', async () => {
    const taken = schema(SIZE)
      .replaceAll('databases', 'bases')
      .replace("kind: 'Database'", "singular: 'databases', kind: 'Base'");
    const base = database('{ size: 1 }').replace("kind: 'Database'", "kind: 'Base'");
    const { save } = await setUp({ 'b.ts': schema(SIZE) });
    expect(await save()).toEqual([]);
    temp.write({ 'c.ts': taken, 'd.ts': base });
    expect(await save()).toEqual([
      'd.ts:1:60 no matches for kind "Base" in version "shop.example/v1": its definition is not in force: "databases" is already in use',
    ]);
  });
});
