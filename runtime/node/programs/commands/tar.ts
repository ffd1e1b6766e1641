import { baseName, type Entry, FileProblem, joined } from '../files/index.ts';
import type { Bytes, Program, Task } from '../process.ts';
import { isPacked, packed, unpacked } from './digests.ts';
import { nameOf } from './options.ts';

/** An archive is made of blocks: a header for each file, then its bytes. */
const BLOCK = 512;
const KINDS: Readonly<Record<Entry['kind'], string>> = { file: '0', link: '2', directory: '5' };
const NAME_MAX = 100;

interface Member {
  readonly name: string;
  readonly kind: Entry['kind'];
  readonly bytes: Bytes;
  readonly mode: number;
  readonly changedMs: number;
}

/** `tar cf`, `tf`, `xf`, with `-C`, `-m`, `-v`, `-O`, to and from a file or the standard streams, packed with `z`. */
export const tar: Program = (task) => {
  const wish = wishOf(task.argv.slice(1));
  if (!wish) {
    task.err(`${nameOf(task)}: exactly one of c, t and x is needed\n`);
    return 1;
  }
  try {
    if (wish.action === 'c') return create(task, wish);
    const bytes = wish.file === '-' ? task.input.rest() : task.files.read(at(task, wish.file));
    return extract(task, wish, isPacked(bytes) ? unpacked(bytes, wish.file) : bytes);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    task.err(`${nameOf(task)}: can't open '${error.path}': ${error.why}\n`);
    return 1;
  }
};

interface Wish {
  readonly action: string;
  readonly letters: string;
  readonly file: string;
  readonly directory: string;
  readonly paths: readonly string[];
}

/** Its first word is letters, with a dash or without. */
function wishOf(words: readonly string[]): Wish | undefined {
  let letters = '';
  let file = '-';
  let directory = '.';
  const paths: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const isFlags = word.startsWith('-') && word !== '-';
    if (!isFlags && i > 0) {
      paths.push(word);
      continue;
    }
    const own = word.replace(/^--?/, '');
    if (word.startsWith('--')) {
      letters += LONG[own] ?? '';
      continue;
    }
    letters += own;
    if (own.includes('f')) file = words[++i] ?? '-';
    if (own.includes('C')) directory = words[++i] ?? '.';
  }
  const action = /[ctx]/.exec(letters)?.[0];
  return action === undefined ? undefined : { action, letters, file, directory, paths };
}

const LONG: Readonly<Record<string, string>> = {
  create: 'c',
  extract: 'x',
  list: 't',
  'no-same-owner': 'o',
  'to-stdout': 'O',
};

const at = ({ cwd }: Task, path: string): string => joined(cwd, path);

function create(task: Task, { directory, paths, file, letters }: Wish): number {
  let code = 0;
  let archive = '';
  const base = at(task, directory);
  const add = (path: string): void => {
    const full = joined(base, path);
    const entry = task.files.look(full, false) ?? task.files.look(full);
    if (!entry) {
      task.err(`${nameOf(task)}: ${path}: No such file or directory\n`);
      code = 1;
      return;
    }
    const name = path.replace(/^\/+/, '').replace(/\/+$/, '') || '.';
    if (entry.kind === 'directory') {
      archive += memberBytes({ ...entry, name: `${name}/`, bytes: '' });
      for (const each of task.files.list(full)) add(`${path.replace(/\/+$/, '')}/${each}`);
    } else {
      const bytes = entry.kind === 'link' ? entry.bytes : task.files.read(full);
      archive += memberBytes({ ...entry, name, bytes });
    }
  };
  if (paths.some((path) => path.startsWith('/')))
    task.err(`${nameOf(task)}: removing leading '/' from member names\n`);
  for (const path of paths) add(path);
  archive += '\0'.repeat(2 * BLOCK);
  if (letters.includes('z')) archive = packed(archive);
  if (file === '-') task.out(archive);
  else task.files.write(at(task, file), archive);
  return code;
}

function memberBytes({ name, kind, bytes, mode, changedMs }: Member): Bytes {
  if (name.length <= NAME_MAX) return header(name, kind, bytes, mode, changedMs);
  // As GNU writes a long name: a member of its own before.
  const long = `${name}\0`;
  return (
    padded(block('././@LongLink', 'L', long.length, 0, 0, '') + long) +
    header(name.slice(0, NAME_MAX), kind, bytes, mode, changedMs)
  );
}

function header(
  name: string,
  kind: Entry['kind'],
  bytes: Bytes,
  mode: number,
  changedMs: number,
): Bytes {
  const isFile = kind === 'file';
  const target = kind === 'link' ? bytes : '';
  const size = isFile ? bytes.length : 0;
  const head = block(name, KINDS[kind], size, mode, changedMs, target);
  return isFile ? padded(head + bytes) : head;
}

function block(
  name: string,
  type: string,
  size: number,
  mode: number,
  changedMs: number,
  target: string,
): Bytes {
  const octal = (value: number, width: number): string =>
    `${value.toString(8).padStart(width - 1, '0')}\0`;
  const before =
    name.padEnd(NAME_MAX, '\0') +
    octal(mode & 0o7777, 8) +
    octal(0, 8) +
    octal(0, 8) +
    octal(size, 12) +
    octal(Math.floor(changedMs / 1000), 12);
  const after = (type + target.slice(0, NAME_MAX).padEnd(NAME_MAX, '\0') + 'ustar\x0000').padEnd(
    BLOCK - CHECKSUM_AT - 8,
    '\0',
  );
  const sum = [...before, ' '.repeat(8), ...after].join('');
  let total = 0;
  for (let i = 0; i < sum.length; i++) total += sum.charCodeAt(i);
  return `${before}${total.toString(8).padStart(6, '0')}\0 ${after}`;
}

const CHECKSUM_AT = 148;

const padded = (bytes: Bytes): Bytes =>
  bytes + '\0'.repeat((BLOCK - (bytes.length % BLOCK)) % BLOCK);

/** The members of an archive, in order. Undefined at its end for bytes that are none. */
function* membersOf(archive: Bytes): Generator<Member | undefined, void, void> {
  let long: string | undefined;
  for (let i = 0; i + BLOCK <= archive.length; ) {
    const head = archive.slice(i, i + BLOCK);
    if (/^\0+$/.test(head)) return;
    const text = (from: number, size: number): string =>
      head.slice(from, from + size).split('\0')[0]!;
    const number = (from: number, size: number): number =>
      Number.parseInt(text(from, size).trim() || '0', 8);
    const size = number(124, 12);
    if (Number.isNaN(size)) {
      yield undefined;
      return;
    }
    const bytes = archive.slice(i + BLOCK, i + BLOCK + size);
    const type = head[156];
    const prefix = text(345, 155);
    i += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'L' || type === 'x' || type === 'g') {
      if (type === 'L') long = bytes.split('\0')[0]!;
      else long = /\d+ path=(.*)\n/.exec(bytes)?.[1] ?? long;
      continue;
    }
    const name = long ?? (prefix === '' ? text(0, NAME_MAX) : `${prefix}/${text(0, NAME_MAX)}`);
    long = undefined;
    const kind = type === '5' || name.endsWith('/') ? 'directory' : type === '2' ? 'link' : 'file';
    const mode = number(100, 8);
    const changedMs = number(136, 12) * 1000;
    yield { name, kind, mode, changedMs, bytes: kind === 'link' ? text(157, NAME_MAX) : bytes };
  }
}

function extract(task: Task, wish: Wish, archive: Bytes): number {
  const { action, letters, directory, paths } = wish;
  const base = at(task, directory);
  const wanted = (name: string): boolean =>
    paths.length === 0 || paths.some((path) => name === path || name.startsWith(`${path}/`));
  for (const member of membersOf(archive)) {
    if (!member) {
      task.err(`${nameOf(task)}: invalid tar header checksum\n`);
      return 1;
    }
    const { name, bytes } = member;
    if (!wanted(name.replace(/\/+$/, ''))) continue;
    if (action === 't' || letters.includes('v')) task.out(`${name}\n`);
    if (action === 't') continue;
    if (letters.includes('O')) task.out(bytes);
    else place(task, joined(base, name), member, !letters.includes('m'));
  }
  return 0;
}

function place({ files }: Task, path: string, member: Member, keepsTime: boolean): void {
  const { kind, bytes, mode, changedMs } = member;
  if (kind === 'directory') {
    files.makeDirectory(path, { parents: true, mode: mode & 0o777 });
    return;
  }
  const parent = joined(path, '..');
  if (!files.look(parent)) files.makeDirectory(parent, { parents: true });
  if (kind === 'link') {
    if (files.look(path, false)) files.remove(path);
    files.link(path, bytes);
    return;
  }
  if (files.look(path, false)?.kind === 'directory')
    throw new FileProblem(baseName(path), 'Is a directory');
  files.write(path, bytes, false, mode & 0o777);
  if (keepsTime) files.change(path, { changedMs });
}
