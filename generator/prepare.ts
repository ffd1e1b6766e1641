import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The build: schemas to `generated/`, then everything to `dist/`. Does nothing when nothing has changed since: each half has
 * a stamp with the hash of what went into it. `--generate-only` stops after the first half; `--force` builds in any case.
 */
const root = fileURLToPath(new URL('../', import.meta.url));
const generated = join(root, 'generated');
const dist = join(root, 'dist');

function filesUnder(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function isFresh(stamp: string, hash: string): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

async function generate(force: boolean): Promise<void> {
  const isSource = (path: string): boolean => path.endsWith('.ts') && !path.endsWith('.test.ts');
  const inputs = ['load', 'emit', 'model'].flatMap((room) =>
    filesUnder(`generator/${room}`).filter(isSource),
  );
  const hash = hashOf([...filesUnder('schemas'), ...inputs]);
  const stamp = join(generated, '.stamp');
  if (!force && isFresh(stamp, hash)) return;
  const { loadSchemas } = await import('./load/index.ts');
  const { emit } = await import('./emit/index.ts');
  const files = emit(loadSchemas(join(root, 'schemas')));
  for (const path of filesUnder('generated').map((file) => relative('generated', file)))
    if (!files.has(path)) rmSync(join(generated, path));
  for (const [path, text] of files) writeIfChanged(join(generated, path), text);
  writeFileSync(stamp, hash);
}

function writeIfChanged(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function compile(force: boolean): void {
  const sources = ['generator', 'generated', 'runtime'].flatMap((folder) =>
    filesUnder(folder).filter((path) => !/\.test\.tsx?$/.test(path) && !path.endsWith('.stamp')),
  );
  const hash = hashOf([...sources, 'tsconfig.json', 'tsconfig.build.json', 'package.json']);
  const stamp = join(dist, '.stamp');
  if (!force && isFresh(stamp, hash)) return;
  rmSync(stamp, { force: true });
  const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  const result = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) throw new Error('the build does not compile: see the errors above');
  for (const name of ['registry.json', 'docs.json'])
    cpSync(join(generated, name), join(dist, 'generated', name));
  chmodSync(join(dist, 'runtime/cli/bin.js'), 0o755);
  writeFileSync(stamp, hash);
}

async function main(options: readonly string[]): Promise<void> {
  const force = options.includes('--force');
  await generate(force);
  if (!options.includes('--generate-only')) compile(force);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
