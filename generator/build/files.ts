import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Files below `folder` of `root`, by path from `root`, sorted. */
export function filesUnder(root: string, folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** Hashes by path. */
export type Hashes = Readonly<Record<string, string>>;

export function hashesOf(root: string, files: readonly string[]): Hashes {
  const hash = (file: string): string =>
    createHash('sha256')
      .update(readFileSync(join(root, file)))
      .digest('base64url');
  return Object.fromEntries(files.map((file) => [file, hash(file)]));
}

/** What a stamp says; nothing when there is none, or none that can be read. */
export function readStamp(path: string): Hashes {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Hashes;
  } catch {
    return {};
  }
}

export function isSame(a: Hashes, b: Hashes): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** Writes a file whole, or not at all; leaves one alone that has the text already. */
export function writeWhole(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

export function remove(path: string): void {
  rmSync(path, { force: true });
}
