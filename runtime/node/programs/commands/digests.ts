import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { FileProblem, joined } from '../files/index.ts';
import type { Bytes, Program, Task } from '../process.ts';
import { forEachPath, nameOf, optionsOf, type Table } from './options.ts';

function inputOf(task: Task, path: string): Bytes {
  return path === '-' ? task.input.rest() : task.files.read(joined(task.cwd, path));
}

const digest =
  (algorithm: string): Program =>
  (task) => {
    const { rest } = optionsOf(task.argv.slice(1));
    return forEachPath(task, rest.length > 0 ? rest : ['-'], (path) => {
      const bytes = Buffer.from(inputOf(task, path), 'latin1');
      task.out(`${createHash(algorithm).update(bytes).digest('hex')}  ${path}\n`);
    });
  };

/** Whether bytes are what `packed` makes. */
export const isPacked = (bytes: Bytes): boolean => bytes.startsWith('\x1f\x8b');

export const packed = (bytes: Bytes): Bytes =>
  gzipSync(Buffer.from(bytes, 'latin1')).toString('latin1');

export function unpacked(bytes: Bytes, path: string): Bytes {
  try {
    return gunzipSync(Buffer.from(bytes, 'latin1')).toString('latin1');
  } catch {
    throw new FileProblem(path, 'invalid magic');
  }
}

const SUFFIX = '.gz';

/** `gzip`, `gunzip` and `zcat`: the standard streams, or files that are put in the place of others. */
const gzip: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  const name = nameOf(task);
  const unpacks = name !== 'gzip' || flags.has('d');
  const shows = name === 'zcat' || flags.has('c');
  return forEachPath(task, rest.length > 0 ? rest : ['-'], (path) => {
    const bytes = inputOf(task, path);
    if (unpacks && path !== '-' && !path.endsWith(SUFFIX))
      throw new FileProblem(path, 'unknown suffix - ignored');
    const result = unpacks ? unpacked(bytes, path) : packed(bytes);
    if (path === '-' || shows) {
      task.out(result);
      return;
    }
    const to = unpacks ? path.slice(0, -SUFFIX.length) : path + SUFFIX;
    task.files.write(joined(task.cwd, to), result);
    task.files.remove(joined(task.cwd, path));
  });
};

/** What is made of bytes by sums and packing. */
export const DIGEST_COMMANDS: Table = {
  md5sum: digest('md5'),
  sha1sum: digest('sha1'),
  sha256sum: digest('sha256'),
  sha512sum: digest('sha512'),
  gzip,
  gunzip: gzip,
  zcat: gzip,
};
