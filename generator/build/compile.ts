import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  filesUnder,
  type Hashes,
  hashesOf,
  isSame,
  readStamp,
  remove,
  writeWhole,
} from './files.ts';

const STAMP = 'dist/.stamp';
const BIN = 'dist/runtime/cli/bin.js';
const SETTINGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];

const FOR_TESTS = /(\.test|(^|[./])fakes(-[\w-]+)?)\.tsx?$/;
const FOR_BUILDING = /^generator\/(prepare|build\/)/;

/** What the package consists of: neither tests nor what only builds it. */
function isPart(path: string): boolean {
  if (FOR_TESTS.test(path) || FOR_BUILDING.test(path)) return false;
  return /\.tsx?$/.test(path) || /^generated\/[a-z]+\.json$/.test(path);
}

function inputsOf(root: string): Hashes {
  const sources = ['generator', 'generated', 'runtime'].flatMap((folder) =>
    filesUnder(root, folder),
  );
  return hashesOf(root, [...sources.filter(isPart), ...SETTINGS]);
}

export function isCompiled(root: string): boolean {
  return isSame(readStamp(join(root, STAMP)), inputsOf(root)) && existsSync(join(root, BIN));
}

/** Writes `dist/`: JavaScript of every source that changed, and the declarations of what the package exports. */
export async function compile(root: string, force = false): Promise<void> {
  const inputs = inputsOf(root);
  const before = readStamp(join(root, STAMP));
  const isKept = !force && SETTINGS.every((file) => before[file] === inputs[file]);
  if (!isKept) rmSync(join(root, 'dist'), { recursive: true, force: true });
  remove(join(root, STAMP));
  const declarations = emitDeclarations(root);
  const changed = Object.keys(inputs).filter(
    (path) => !SETTINGS.includes(path) && !(isKept && before[path] === inputs[path]),
  );
  await Promise.all([transpileAll(root, changed), declarations]);
  for (const path of Object.keys(before).filter((each) => isKept && !(each in inputs)))
    for (const suffix of ['.js', '.d.ts']) remove(join(root, 'dist', withSuffix(path, suffix)));
  chmodSync(join(root, BIN), 0o755);
  writeWhole(join(root, STAMP), JSON.stringify(inputs));
}

async function transpileAll(root: string, paths: readonly string[]): Promise<void> {
  const { transpile } = await import('./transpile.ts');
  const problems = paths.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    if (path.endsWith('.json')) {
      writeWhole(join(root, 'dist', path), text);
      return [];
    }
    const result = transpile(path, text);
    writeWhole(join(root, 'dist', withSuffix(path, '.js')), result.text);
    return result.problems;
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** In a process of its own, beside the rest. */
function emitDeclarations(root: string): Promise<void> {
  const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error('the declarations cannot be written: see the errors above'));
    });
  });
}

const withSuffix = (path: string, suffix: string): string => path.replace(/\.tsx?$/, suffix);
