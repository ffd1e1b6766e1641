import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { Shell } from './cli.fakes.ts';

let shell: Shell;
beforeEach(() => {
  shell = new Shell();
  shell.write({
    'shop/a.ts': `
      export const main = {
        apiVersion: 'shop.example/v1', kind: 'Database', metadata: { name: 'main' }, spec: { size: 3 },
      };`,
    'shop/b.ts': `
      import { CustomResourceDefinition } from 'slipway/apiextensions/v1';
      export const databases = new CustomResourceDefinition({
        metadata: { name: 'databases.shop.example' },
        spec: {
          group: 'shop.example', scope: 'Namespaced',
          names: { plural: 'databases', singular: 'database', kind: 'Database', shortNames: ['db'] },
          versions: [{
            name: 'v1', served: true, storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec: {
              type: 'object', required: ['size'], description: 'What it is to be.',
              properties: {
                size: { type: 'integer', description: 'How many members.' },
                engine: { type: 'string', enum: ['x', 'y'], default: 'y' },
              },
            } } } },
          }],
        },
      });`,
  });
});
afterEach(() => shell.remove());

it('a folder with a definition and objects of its kind is checked, run and rendered', async () => {
  expect(await shell.run('check', 'shop')).toEqual({
    exitCode: 0,
    out: 'ok: 2 resources in 2 files\n',
    err: '',
  });
  const ran = await shell.run('run', 'shop', '-o', 'json');
  const { objects, findings } = JSON.parse(ran.out) as {
    objects: { kind: string; spec: unknown }[];
    findings: unknown[];
  };
  expect([ran.exitCode, findings]).toEqual([0, []]);
  const stored = objects.find(({ kind }) => kind === 'Database');
  expect(stored?.spec).toEqual({ size: 3, engine: 'y' });
  const rendered = parseAllDocuments((await shell.run('render', 'shop')).out);
  expect(rendered.map((each) => each.get('kind'))).toEqual([
    'CustomResourceDefinition',
    'Database',
  ]);
});

it('explain knows the kinds that a folder defines', async () => {
  const { exitCode, out } = await shell.run('explain', 'db.spec', 'shop');
  expect(exitCode).toBe(0);
  expect(out).toContain('KIND:       Database\nVERSION:    v1\n');
  expect(out).toContain('  size\t<integer> -required-\n    How many members.\n');
  expect(out).toContain('  engine\t<string>\n  enum: x, y\n');
  const none = 'error: the server doesn\'t have a resource type "base"\n';
  expect(await shell.run('explain', 'base', 'shop')).toEqual({ exitCode: 1, out: '', err: none });
  expect((await shell.run('explain', 'db')).exitCode).toBe(1);
});
