import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { limits } from '../base/index.ts';
import type { CheckResult } from './contract.ts';
import { formatFinding } from './frame.ts';
import { openProject } from './project.ts';
import { deployment, type Files, GOOD_POD, TempProject } from './temp-project.fakes.ts';

const opened: TempProject[] = [];

function open(
  files: Files,
  ...options: ConstructorParameters<typeof TempProject>[1][]
): TempProject {
  const temp = new TempProject(files, ...options);
  opened.push(temp);
  return temp;
}

const codesOf = ({ findings }: CheckResult): string[] => findings.map(({ code }) => code);

afterEach(async () => {
  for (const temp of opened.splice(0)) await temp.close();
});

describe('a folder', () => {
  it('that is empty is valid, with a warning', async () => {
    const temp = open({ 'readme.md': '' });
    const { findings, resources } = await temp.check();
    expect(resources).toEqual([]);
    expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'warning E_MANIFEST_EMPTY',
    ]);
  });

  it('whose files export nothing, or that holds only YAML, says so', async () => {
    const silent = await open({ 'a.ts': 'export const one = 1;\n' }).check();
    expect(silent.findings).toMatchObject([
      { code: 'E_MANIFEST_EMPTY', message: 'no file in . exports a resource', severity: 'warning' },
    ]);
    const yaml = await open({ 'web.yaml': 'kind: Pod\n', 'readme.md': '' }).check();
    expect(yaml.findings).toMatchObject([
      {
        message: 'the folder . holds no manifest',
        help: 'web.yaml is not read: export its objects from a .ts file',
      },
    ]);
  });

  it('that is not there, or is a file, is an error', async () => {
    const temp = open({ 'a.ts': '' });
    const frames: string[] = [];
    for (const name of ['nowhere', 'a.ts']) {
      const folder = join(temp.folder, name);
      const project = openProject({ folder, relativeTo: temp.folder });
      const { findings } = await project.check();
      frames.push(...findings.map((each) => formatFinding(each, project.sourceText)));
      await project.close();
    }
    expect(frames.join('\n')).toMatchInlineSnapshot(`
      "error E_MANIFEST_FOLDER: there is no folder nowhere
        help: name an existing folder, or make a new project with: slipway init
      error E_MANIFEST_FOLDER: a.ts is a file, not a folder
        help: name the folder it lies in: ."
    `);
  });

  it('with links in circles, or to the same file twice, is read once', async () => {
    const temp = open({ 'deep/a.ts': deployment(GOOD_POD) });
    symlinkSync(temp.folder, join(temp.folder, 'deep/loop'));
    symlinkSync(join(temp.folder, 'deep/self'), join(temp.folder, 'deep/self'));
    symlinkSync(join(temp.folder, 'deep/a.ts'), join(temp.folder, 'deep/twice.ts'));
    symlinkSync(join(temp.folder, 'gone.ts'), join(temp.folder, 'dangling.ts'));
    const { files, findings } = await temp.check();
    expect(files).toEqual(['deep/a.ts']);
    expect(findings).toEqual([]);
  });

  it('with more than what is taken is an error that says how much', async () => {
    const temp = open({ 'a.ts': 'export {};' });
    const large = join(temp.folder, 'large.ts');
    writeFileSync(large, '');
    const { truncateSync } = await import('node:fs');
    truncateSync(large, limits.manifestBytesMax);
    const { findings, files } = await temp.check();
    expect(files).toEqual([]);
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'E_MANIFEST_TOO_LARGE the manifests in . are 17 MiB; at most 16 MiB are taken',
    ]);
  });

  it('is read with its own tsconfig.json', async () => {
    const loose = 'export function f(x) { return x; }\n';
    const temp = open({ 'a.ts': loose });
    expect((await temp.check()).findings).toHaveLength(1);
    temp.write({ 'tsconfig.json': '{ "compilerOptions": { "strict": false } }' });
    expect(codesOf(await temp.check())).toEqual(['E_MANIFEST_EMPTY']);
    temp.write({ 'tsconfig.json': '{ "compilerOptions": { "strict": maybe } }' });
    expect((await temp.check()).findings[0]?.code).toBe('E_MANIFEST_TSCONFIG');
  });
});

describe('a file', () => {
  it('of JavaScript, JSON or JSX, or beside the folder, takes part', async () => {
    const temp = open({
      'deploy/a.tsx': `
import { ConfigMap } from 'slipway/core/v1';
import { port } from './plain.js';
import { name } from '../common/name.js';
import data from './data.json' with { type: 'json' };
export const config = new ConfigMap({ metadata: { name }, data: { port, level: data.level } });
`,
      'deploy/plain.js': `export const port = '80';\n`,
      'deploy/plain.d.ts': 'export declare const port: string;\n',
      'deploy/data.json': '{ "level": "info" }',
      'common/name.ts': `export const name = 'shared';\n`,
    });
    const folder = join(temp.folder, 'deploy');
    const project = openProject({ folder, relativeTo: temp.folder });
    const { findings, resources } = await project.check();
    expect(findings).toEqual([]);
    expect(resources[0]!.object).toMatchObject({ data: { port: '80', level: 'info' } });
    temp.write({ 'common/name.ts': 'export const name: number = "x";\n' });
    const later = await project.check();
    expect(later.findings.map(({ code, range }) => `${code} ${range?.file}`)).toEqual([
      'E_MANIFEST_TYPE common/name.ts',
      'E_MANIFEST_TYPE deploy/a.tsx',
    ]);
    expect(project.sourceText('common/name.ts')).toContain('number');
    await project.close();
  });
});

describe('a file that is no UTF-8', () => {
  it('is an error that says where, imported or not, and the others are read', async () => {
    const temp = open({ 'a.ts': "import './data.ts';", 'b.ts': deployment(GOOD_POD) });
    writeFileSync(
      join(temp.folder, 'data.ts'),
      Buffer.from('// one\nconst x = "caf\xe9";', 'latin1'),
    );
    writeFileSync(join(temp.folder, 'wide.ts'), Buffer.from('\ufeffexport {};', 'utf16le'));
    const { findings } = await temp.check();
    const unread = findings
      .filter(({ code }) => code === 'E_MANIFEST_READ')
      .map(({ message, range, help }) => [message, range?.line, range?.column, help]);
    expect(unread.sort()).toEqual([
      ['data.ts cannot be read: it is not UTF-8', 2, 15, 'save it as UTF-8'],
      ['wide.ts cannot be read: it is UTF-16', undefined, undefined, 'save it as UTF-8'],
    ]);
    writeFileSync(join(temp.folder, 'data.ts'), 'export {};');
    writeFileSync(join(temp.folder, 'wide.ts'), 'export {};');
    expect((await temp.check()).findings).toEqual([]);
  });
});

describe('the runtime of JSX', () => {
  const react = {
    'node_modules/react/package.json':
      '{ "name": "react", "type": "module", "exports": { "./jsx-runtime": { "types": "./jsx.d.ts", "default": "./jsx.js" } } }',
    'node_modules/react/jsx.js': 'export const jsx = () => undefined;\n',
    'node_modules/react/jsx.d.ts': `declare global { const known: 'by the runtime of JSX' }
export declare namespace JSX {
  interface IntrinsicElements { box: { size: number } }
}
`,
  };

  it('is what JSX is checked against', async () => {
    const temp = open({ ...react, 'a.tsx': 'export const box = () => <box size="large" />;\n' });
    const { findings } = await temp.check();
    expect(findings.map(({ code, range }) => `${code} ${range?.column}`)).toEqual([
      'E_MANIFEST_TYPE 31',
    ]);
  });

  it('is not read where there is none', async () => {
    const temp = open({ ...react, 'a.ts': 'export const text = () => known;\n' });
    const { findings } = await temp.check();
    expect(findings.map(({ message }) => message)).toEqual(["Cannot find name 'known' (TS2304)"]);
  });
});

describe('checking again', () => {
  it('sees every kind of change, and forgets what is gone', async () => {
    const temp = open({
      'a.ts': deployment(GOOD_POD, 'a'),
      'b.ts': deployment(GOOD_POD, 'b'),
      'c.ts': `import { image } from './lib/image.ts';\nexport const c: string = image;\n`,
    });
    expect((await temp.check()).findings.map(({ code }) => code)).toEqual(['E_MANIFEST_IMPORT']);
    temp.write({ 'lib/image.ts': `export const image = 'nginx';\n` });
    expect((await temp.check()).findings).toEqual([]);
    temp.write({ 'lib/image.ts': 'export const image = 1;\n' });
    expect((await temp.check()).findings.map(({ range }) => range?.file)).toEqual(['c.ts']);
    temp.remove('lib/image.ts');
    expect((await temp.check()).findings.map(({ code }) => code)).toEqual(['E_MANIFEST_IMPORT']);
    temp.remove('c.ts');
    writeFileSync(join(temp.folder, 'b.ts~'), deployment(GOOD_POD, 'renamed'));
    renameSync(join(temp.folder, 'b.ts~'), join(temp.folder, 'b.ts'));
    const { findings, resources, files } = await temp.check();
    expect(findings).toEqual([]);
    expect(files).toEqual(['a.ts', 'b.ts']);
    expect(resources.map(({ key }) => key)).toEqual(['shop/a', 'shop/renamed']);
  });

  it('sees two saves of the same size in the same moment', async () => {
    const temp = open({ 'a.ts': deployment(GOOD_POD, 'one') });
    for (const name of ['two', 'six', 'ten']) {
      temp.write({ 'a.ts': deployment(GOOD_POD, name) });
      expect((await temp.check()).resources.map(({ key }) => key)).toEqual([`shop/${name}`]);
    }
  });

  it('keeps the places of an earlier result', async () => {
    const temp = open({ 'a.ts': deployment(GOOD_POD) });
    const { resources } = await temp.check();
    temp.write({ 'a.ts': `\n\n\n${deployment(GOOD_POD)}` });
    const later = await temp.check();
    expect(resources[0]!.rangeOf('spec.replicas').line).toBe(7);
    expect(later.resources[0]!.rangeOf('spec.replicas').line).toBe(10);
  });

  it('answers checks that overlap in order, each with what is on the disk', async () => {
    const temp = open({ 'a.ts': deployment(GOOD_POD, 'one') });
    const first = temp.check();
    temp.write({ 'a.ts': deployment(GOOD_POD, 'two') });
    const results = await Promise.all([first, temp.check()]);
    expect(results[1]!.resources.map(({ key }) => key)).toEqual(['shop/two']);
  });

  it('runs modules of the author afresh and leaves nothing in the host', async () => {
    const text = `
import { ConfigMap } from 'slipway/core/v1';
const state = globalThis as { count?: number };
state.count = (state.count ?? 0) + 1;
export const config = new ConfigMap({ metadata: { name: 'c' }, data: { n: String(state.count) } });
`;
    const temp = open({ 'a.ts': text });
    for (let round = 0; round < 3; round++) {
      const { resources } = await temp.check();
      expect(resources[0]!.object).toMatchObject({ data: { n: '1' } });
    }
    expect('count' in globalThis).toBe(false);
  });
});

describe('slipway/… specifiers', () => {
  it('mean the package in node_modules first, for types and for running', async () => {
    const installed = join('node_modules', 'slipway');
    const temp = open({
      [`${installed}/package.json`]: JSON.stringify({
        name: 'slipway',
        type: 'module',
        exports: { './*': { types: './dist/*.d.ts', default: './dist/*.js' } },
      }),
      [`${installed}/dist/own.d.ts`]: 'export declare const name: "installed";',
      [`${installed}/dist/own.js`]: `export const name = 'installed';`,
      'a.ts': `
import { name } from 'slipway/own';
import { ConfigMap } from 'slipway/core/v1';
const typed: 'installed' = name;
export const config = new ConfigMap({ metadata: { name: typed } });
`,
    });
    const { findings, resources } = await temp.check();
    expect(findings).toEqual([]);
    expect(resources.map(({ key }) => key)).toEqual(['default/installed']);
  });

  it('mean the given package where the folder has none', async () => {
    const other = open({
      'package.json': JSON.stringify({
        name: 'slipway',
        type: 'module',
        exports: {
          './*': {
            types: './dist/generated/*/index.d.ts',
            default: './dist/generated/*/index.js',
          },
        },
      }),
      'generated/own/v1/index.ts': `export const name: string = 'from-sources';`,
    });
    mkdirSync(join(other.folder, 'dist'), { recursive: true });
    const temp = open(
      {
        'a.ts': `
import { name } from 'slipway/own/v1';
export default { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
`,
      },
      { packageRoot: other.folder },
    );
    const { findings, resources } = await temp.check();
    expect(findings).toEqual([]);
    expect(resources.map(({ key }) => key)).toEqual(['default/from-sources']);
  });
});

describe('a file that is not UTF-8', () => {
  it('is an error at the first place that is none, and none of the folder', async () => {
    const temp = open({ 'b.ts': '', 'a.ts': '' });
    writeFileSync(
      join(temp.folder, 'a.ts'),
      Buffer.from("export const a =\n  'caf\xe9';\n", 'latin1'),
    );
    writeFileSync(join(temp.folder, 'b.ts'), Buffer.from('\uFEFFexport {};\n', 'utf16le'));
    const { files, findings } = await temp.check();
    expect(files).toEqual([]);
    expect(findings).toMatchObject([
      { code: 'E_MANIFEST_READ', message: 'b.ts cannot be read: it is UTF-16' },
      {
        code: 'E_MANIFEST_READ',
        message: 'a.ts cannot be read: it is not UTF-8',
        range: { file: 'a.ts', line: 2, column: 7 },
        help: 'save it as UTF-8',
      },
    ]);
    expect(temp.project.sourceText('a.ts')).toContain('caf');
    temp.write({ 'a.ts': 'export {};\n', 'b.ts': 'export {};\n' });
    expect(codesOf(await temp.check())).toEqual(['E_MANIFEST_EMPTY']);
  });
});

describe('a file that is nested too deep for the compiler', () => {
  it('is an error at its innermost bracket, and checked again when mended', async () => {
    const temp = open({
      'a.ts': 'export {};\n',
      'b.ts': `export const b: unknown =\n  ${'['.repeat(5000)}${']'.repeat(5000)};\n`,
    });
    const { findings, resources } = await temp.check();
    expect(resources).toEqual([]);
    expect(findings).toMatchObject([
      {
        code: 'E_MANIFEST_NESTED',
        message: 'b.ts is nested 5000 deep, which is too deep for the compiler',
        range: { file: 'b.ts', line: 2, column: 5002 },
      },
    ]);
    temp.write({ 'b.ts': deployment(GOOD_POD) });
    const { findings: none, resources: one } = await temp.check();
    expect(none).toEqual([]);
    expect(one).toHaveLength(1);
  });
});
