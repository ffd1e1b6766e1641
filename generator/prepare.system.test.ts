import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

let root = '';

const BIN = `#!/usr/bin/env node
import { schemaSet } from '../../generated/registry.ts';
import { words } from './words.ts';
const named: string = words(schemaSet.kinds.map(({ kind }) => kind));
console.log(named);
`;

/** A small checkout: the schemas of the fixtures, and a program that prints their kinds. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'prepare-'));
  cpSync(join(project, 'generator/fixtures/schemas'), join(root, 'schemas'), { recursive: true });
  for (const room of ['support', 'model'])
    cpSync(join(project, 'generator', room), join(root, 'generator', room), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.build.json'])
    cpSync(join(project, file), join(root, file));
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  write('runtime/cli/bin.ts', BIN);
  write('runtime/cli/words.ts', "export const words = (all: string[]): string => all.join(' ');\n");
  write('runtime/cli/words.test.ts', 'this is no TypeScript');
  write('runtime/testing/index.ts', "export { words } from '../cli/words.ts';\n");
});

afterAll(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function prepare(...options: string[]): Promise<string> {
  const script = join(project, 'generator/prepare.js');
  const { stdout, stderr } = await run(process.execPath, [script, '--root', root, ...options]);
  return stdout + stderr;
}

/** What the build says when it fails. */
async function failure(): Promise<string> {
  const error = await prepare().catch(
    (reason: { code: number; stdout: string; stderr: string }) => reason,
  );
  if (typeof error === 'string') throw new Error('it did not fail');
  expect(error.code).toBe(1);
  return error.stdout + error.stderr;
}

const program = async (): Promise<string> =>
  (await run(process.execPath, [join(root, 'dist/runtime/cli/bin.js')])).stdout;

/** Every file that is built, with the moment and the place at which it was written. */
function built(): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ['generated', 'dist'])
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const { mtimeMs, ino } = statSync(path);
      if (entry.isFile()) files.set(path.slice(root.length + 1), `${mtimeMs} ${ino}`);
    }
  return files;
}

function written(before: ReadonlyMap<string, string>): string[] {
  return [...built()]
    .filter(([path, place]) => before.get(path) !== place && !/\/\.(stamp|tsbuildinfo)$/.test(path))
    .map(([path]) => path)
    .sort();
}

describe('prepare', () => {
  it('builds a program that runs and declarations of what the package exports', async () => {
    expect(await prepare()).toBe('');
    expect(await program()).toBe('ConfigMap Pod Deployment\n');
    expect(statSync(join(root, 'dist/runtime/cli/bin.js')).mode & 0o111).toBe(0o111);
    const files = [...built().keys()];
    expect(files).toEqual(
      expect.arrayContaining([
        'generated/core/v1/index.ts',
        'dist/generated/registry.json',
        'dist/generated/core/v1/index.d.ts',
        'dist/generator/support/resource.d.ts',
        'dist/runtime/testing/index.d.ts',
      ]),
    );
    expect(files.filter((path) => path.includes('.test.'))).toEqual([]);
  });

  it('does nothing when everything is fresh', async () => {
    const before = built();
    expect(await prepare()).toBe('');
    expect([...built()]).toEqual([...before]);
  });

  it('writes what an edit changed, and takes out what is gone', async () => {
    write('runtime/cli/more.ts', 'export const more = 1;\n');
    await prepare();
    const before = built();
    write(
      'runtime/cli/words.ts',
      "export const words = (all: string[]): string => all.join(', ');\n",
    );
    rmSync(join(root, 'runtime/cli/more.ts'));
    await prepare();
    expect(written(before)).toEqual(['dist/runtime/cli/words.d.ts', 'dist/runtime/cli/words.js']);
    expect(existsSync(join(root, 'dist/runtime/cli/more.js'))).toBe(false);
    expect(await program()).toBe('ConfigMap, Pod, Deployment\n');
  });

  it('follows the schemas, to the last of a group', async () => {
    rmSync(join(root, 'schemas/apps'), { recursive: true });
    await prepare('--generate-only');
    expect(existsSync(join(root, 'generated/apps/v1/index.ts'))).toBe(false);
    expect(existsSync(join(root, 'dist/generated/apps/v1/index.js'))).toBe(true);
    await prepare();
    expect(existsSync(join(root, 'dist/generated/apps/v1/index.js'))).toBe(false);
    expect(await program()).toBe('ConfigMap, Pod\n');
  });

  it('repeats what was interrupted', async () => {
    rmSync(join(root, 'dist/.stamp'));
    writeFileSync(join(root, 'dist/runtime/cli/words.js'), 'half');
    await prepare();
    expect(await program()).toBe('ConfigMap, Pod\n');
  });

  it('builds once for two that ask at the same time', async () => {
    rmSync(join(root, 'dist'), { recursive: true });
    rmSync(join(root, 'generated'), { recursive: true });
    await Promise.all([prepare(), prepare(), prepare('--generate-only')]);
    expect(await program()).toBe('ConfigMap, Pod\n');
    const before = built();
    await prepare();
    expect([...built()]).toEqual([...before]);
    expect([...before.keys()].filter((path) => /\.\d+$/.test(path))).toEqual([]);
  });

  it('names file and line of what is wrong, and builds when it is mended', async () => {
    write('runtime/cli/words.ts', 'export const words = (;\n');
    expect(await failure()).toMatch(/^runtime\/cli\/words\.ts:1: /m);
    write(
      'runtime/cli/words.ts',
      "export const words = (all: string[]): string => all.join('+');\n",
    );
    const pod = 'schemas/core/v1/pod.yaml';
    const right = readFileSync(join(root, pod), 'utf8');
    appendFileSync(join(root, pod), '  Wrong: { type: thing }\n');
    expect(await failure()).toMatch(
      /^core\/v1\/pod\.yaml:\d+ \/definitions\/Wrong\/type: type is thing; write /,
    );
    write(pod, right);
    await prepare();
    expect(await program()).toBe('ConfigMap+Pod\n');
  });
});
