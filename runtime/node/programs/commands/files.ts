import { baseName, directoryName, type Entry, FileProblem, joined } from '../files/index.ts';
import type { Program, Task } from '../process.ts';
import { forEachPath, nameOf, optionsOf, type Table } from './options.ts';

/** `-rw-r--r--`, as `ls` shows a mode. */
export function modeText({ kind, mode }: Pick<Entry, 'kind' | 'mode'>): string {
  const first = kind === 'directory' ? 'd' : kind === 'link' ? 'l' : '-';
  const bits = (shift: number, special: boolean, letter: string): string => {
    const own = (mode >> shift) & 7;
    const runs = special
      ? (own & 1) !== 0
        ? letter
        : letter.toUpperCase()
      : (own & 1) !== 0
        ? 'x'
        : '-';
    return `${(own & 4) !== 0 ? 'r' : '-'}${(own & 2) !== 0 ? 'w' : '-'}${runs}`;
  };
  return (
    first +
    bits(6, (mode & 0o4000) !== 0, 's') +
    bits(3, (mode & 0o2000) !== 0, 's') +
    bits(0, (mode & 0o1000) !== 0, 't')
  );
}

const NAMES: Readonly<Record<number, string>> = { 0: 'root' };
const named = (id: number): string => NAMES[id] ?? String(id);
const at = (task: Task, path: string): string => joined(task.cwd, path);
const isDirectory = (task: Task, path: string): boolean =>
  task.files.look(at(task, path))?.kind === 'directory';

const ls: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  const paths = rest.length > 0 ? rest : ['.'];
  const line = (path: string, name: string): string => {
    const full = at(task, path);
    const entry = task.files.look(full, false) ?? task.files.look(full);
    if (!entry) throw new FileProblem(path, 'No such file or directory');
    if (!flags.has('l') && !flags.has('n')) return name;
    const date = new Date(entry.changedMs).toUTCString();
    const when = `${date.slice(8, 11)} ${date.slice(5, 7).replace(/^0/, ' ')} ${date.slice(17, 22)}`;
    const who = flags.has('n') ? String : named;
    const size = entry.kind === 'directory' ? 4096 : entry.bytes.length;
    const target = entry.kind === 'link' ? ` -> ${entry.bytes}` : '';
    return `${modeText(entry)}    1 ${who(entry.uid).padEnd(8)} ${who(entry.gid).padEnd(8)} ${String(size).padStart(9)} ${when} ${name}${target}`;
  };
  const show = (path: string, title: boolean): void => {
    const full = at(task, path);
    if (flags.has('d') || !isDirectory(task, path)) {
      task.out(`${line(path, path)}\n`);
      return;
    }
    if (title) task.out(`${path}:\n`);
    const hidden = flags.has('a') ? ['.', '..'] : [];
    const names = [
      ...hidden,
      ...task.files
        .list(full)
        .filter((name) => flags.has('a') || flags.has('A') || !name.startsWith('.')),
    ];
    if (flags.has('l')) task.out(`total ${names.length * 4}\n`);
    for (const name of names) task.out(`${line(`${path}/${name}`, name)}\n`);
    if (!flags.has('R')) return;
    for (const name of names.slice(hidden.length))
      if (isDirectory(task, `${path}/${name}`)) {
        task.out('\n');
        show(`${path}/${name}`, true);
      }
  };
  return forEachPath(task, paths, (path) => show(path, paths.length > 1 || flags.has('R')));
};

const mkdir: Program = (task) => {
  const { flags, values, rest } = optionsOf(task.argv.slice(1), 'm');
  const mode = values['m'] === undefined ? {} : { mode: Number.parseInt(values['m'], 8) };
  return forEachPath(
    task,
    rest,
    (path) => task.files.makeDirectory(at(task, path), { parents: flags.has('p'), ...mode }),
    ({ why }, path) => `can't create directory '${path}': ${why}`,
  );
};

const rm: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  const isDeep = flags.has('r') || flags.has('R') || flags.has('recursive');
  const isForced = flags.has('f');
  return forEachPath(
    task,
    rest,
    (path) => {
      const entry = task.files.look(at(task, path), false);
      if (!entry && isForced) return;
      if (entry?.kind === 'directory' && !isDeep) throw new FileProblem(path, 'is a directory');
      task.files.remove(at(task, path), isDeep);
    },
    ({ why }, path) =>
      why === 'is a directory' ? `'${path}' is a directory` : `can't remove '${path}': ${why}`,
  );
};

const rmdir: Program = (task) =>
  forEachPath(
    task,
    optionsOf(task.argv.slice(1)).rest,
    (path) => task.files.remove(at(task, path)),
    ({ why }, path) => `'${path}': ${why}`,
  );

const touch: Program = (task) =>
  forEachPath(task, optionsOf(task.argv.slice(1)).rest, (path) => {
    const full = at(task, path);
    if (task.files.has(full)) task.files.change(full, { changedMs: task.machine.nowMs() });
    else task.files.write(full, '');
  });

function copyAll(task: Task, from: string, to: string, isDeep: boolean): void {
  const entry = task.files.look(from);
  if (!entry) throw new FileProblem(from, 'No such file or directory');
  if (entry.kind !== 'directory') {
    task.files.write(to, task.files.read(from), false, entry.mode & 0o777);
    return;
  }
  if (!isDeep) throw new FileProblem(from, `omitting directory '${from}'`);
  task.files.makeDirectory(to, { parents: true, mode: entry.mode & 0o777 });
  for (const name of task.files.list(from))
    copyAll(task, `${from}/${name}`, `${to}/${name}`, isDeep);
}

const transfer =
  (move: boolean): Program =>
  (task) => {
    const { flags, rest } = optionsOf(task.argv.slice(1));
    const sources = rest.slice(0, -1);
    const target = rest.at(-1) ?? '';
    const isDeep = move || ['r', 'R', 'a'].some((flag) => flags.has(flag));
    return forEachPath(
      task,
      sources,
      (path) => {
        const into = isDirectory(task, target);
        const to = at(task, into ? `${target}/${baseName(path)}` : target);
        if (move) task.files.move(at(task, path), to);
        else copyAll(task, at(task, path), to, isDeep);
        if (flags.has('v'))
          task.out(`'${path}' -> '${into ? `${target}/${baseName(path)}` : target}'\n`);
      },
      ({ why }, path) =>
        move
          ? `can't rename '${path}': ${why}`
          : why.startsWith('omitting')
            ? why
            : `can't stat '${path}': ${why}`,
    );
  };

const ln: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  const [target = '', path = baseName(target)] = rest;
  const to = isDirectory(task, path) ? `${path}/${baseName(target)}` : path;
  return forEachPath(task, [to], () => {
    if (flags.has('f') && task.files.look(at(task, to), false)) task.files.remove(at(task, to));
    if (flags.has('s')) task.files.link(at(task, to), target);
    else task.files.write(at(task, to), task.files.read(at(task, target)));
  });
};

function newMode(text: string, before: number): number {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  let mode = before;
  for (const clause of text.split(',')) {
    const [, who = '', sign = '+', bits = ''] = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause) ?? [];
    const one =
      (bits.includes('r') ? 4 : 0) | (bits.includes('w') ? 2 : 0) | (/[xX]/.test(bits) ? 1 : 0);
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes('a') && !who.includes(letter)) continue;
      if (sign === '+') mode |= one << shift;
      else if (sign === '-') mode &= ~(one << shift);
      else mode = (mode & ~(7 << shift)) | (one << shift);
    }
    if (bits.includes('t')) mode = sign === '-' ? mode & ~0o1000 : mode | 0o1000;
  }
  return mode;
}

function* tree(task: Task, path: string): Generator<string> {
  yield path;
  if (task.files.look(at(task, path), false)?.kind !== 'directory') return;
  for (const name of task.files.list(at(task, path)))
    yield* tree(task, path === '/' ? `/${name}` : `${path.replace(/\/$/, '')}/${name}`);
}

const changing =
  (by: (word: string, before: Entry) => Partial<Entry>): Program =>
  (task) => {
    const words = task.argv.slice(1).filter((word) => !/^-[RfvcH]+$/.test(word));
    const isDeep = task.argv.some((word) => /^-\w*R/.test(word));
    const [how = '', ...paths] = words;
    return forEachPath(task, paths, (path) => {
      for (const each of isDeep ? [...tree(task, path)] : [path]) {
        const before = task.files.look(at(task, each));
        if (!before) throw new FileProblem(path, 'No such file or directory');
        task.files.change(at(task, each), by(how, before));
      }
    });
  };

const idOf = (text: string): number => (text === 'root' ? 0 : Number.parseInt(text, 10) || 0);
const chmod = changing((how, { mode }) => ({ mode: newMode(how, mode) }));
const chown = changing((how) => {
  const [user = '', group] = how.split(/[:.]/);
  return {
    ...(user === '' ? {} : { uid: idOf(user) }),
    ...(group === undefined ? {} : { gid: idOf(group) }),
  };
});
const chgrp = changing((how) => ({ gid: idOf(how) }));

const stat: Program = (task) => {
  const { flags, values, rest } = optionsOf(task.argv.slice(1), 'c');
  const format = values['c'] ?? values['format'];
  return forEachPath(
    task,
    rest,
    (path) => {
      const full = at(task, path);
      const entry = task.files.look(full, flags.has('L'));
      if (!entry) throw new FileProblem(path, 'No such file or directory');
      const octal = (entry.mode & 0o7777).toString(8);
      const type =
        entry.kind === 'file'
          ? 'regular file'
          : entry.kind === 'link'
            ? 'symbolic link'
            : 'directory';
      const parts: Readonly<Record<string, string>> = {
        a: octal,
        A: modeText(entry),
        F: type,
        g: String(entry.gid),
        G: named(entry.gid),
        n: path,
        s: String(entry.bytes.length),
        T: task.files.mountOf(full).volume.type,
        u: String(entry.uid),
        U: named(entry.uid),
        Y: String(Math.floor(entry.changedMs / 1000)),
      };
      if (format !== undefined)
        return task.out(
          `${format.replace(/%(\w)/g, (_, letter: string) => parts[letter] ?? '?')}\n`,
        );
      task.out(
        `  File: ${path}\n  Size: ${entry.bytes.length}\t${type}\nAccess: (${octal.padStart(4, '0')}/${modeText(entry)})  Uid: (${entry.uid}/${named(entry.uid)})   Gid: (${entry.gid}/${named(entry.gid)})\n`,
      );
    },
    ({ why }, path) => `can't stat '${path}': ${why}`,
  );
};

const find: Program = (task) => {
  const words = task.argv.slice(1);
  const from = words.findIndex((word) => word.startsWith('-') || word === '!');
  const paths = (from < 0 ? words : words.slice(0, from)).slice();
  const tests = from < 0 ? [] : words.slice(from);
  const value = (name: string): string | undefined =>
    tests.includes(name) ? tests[tests.indexOf(name) + 1] : undefined;
  const [type, depth] = [value('-type'), value('-maxdepth')];
  const names = tests.flatMap((word, i) => (word === '-name' ? [tests[i + 1] ?? ''] : []));
  const patterns = names.map(
    (name) =>
      new RegExp(
        `^${name
          .replace(/[.+^${}()|\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      ),
  );
  return forEachPath(task, paths.length > 0 ? paths : ['.'], (path) => {
    if (!task.files.has(at(task, path))) throw new FileProblem(path, 'No such file or directory');
    for (const each of tree(task, path)) {
      const kind = task.files.look(at(task, each), false)?.kind;
      if (type !== undefined && kind !== { f: 'file', d: 'directory', l: 'link' }[type]) continue;
      // Several are alternatives, as with -o.
      if (patterns.length > 0 && !patterns.some((one) => one.test(baseName(each)))) continue;
      const level = each === path ? 0 : each.slice(path.length).split('/').filter(Boolean).length;
      if (depth !== undefined && level > Number(depth)) continue;
      task.out(`${each}\n`);
    }
  });
};

const readlink: Program = (task) => {
  const { flags, rest } = optionsOf(task.argv.slice(1));
  return forEachPath(task, rest, (path) => {
    const entry = task.files.look(at(task, path), false);
    if (flags.has('f'))
      return task.out(
        `${entry?.kind === 'link' ? joined(directoryName(at(task, path)), entry.bytes) : at(task, path)}\n`,
      );
    if (entry?.kind !== 'link') throw new FileProblem(path, 'Invalid argument');
    task.out(`${entry.bytes}\n`);
  });
};

const df: Program = (task) => {
  const { rest } = optionsOf(task.argv.slice(1));
  task.out('Filesystem           1K-blocks      Used Available Use% Mounted on\n');
  const mounts =
    rest.length > 0
      ? rest.map((path) => task.files.mountOf(at(task, path)))
      : task.files.mounts.filter(({ volume }) => volume.type !== 'cgroup2');
  for (const { path, volume } of mounts) {
    const source =
      volume.type === 'tmpfs' ? 'tmpfs' : volume.type === 'overlay' ? 'overlay' : '/dev/vda1';
    const size = String(volume.sizeKib);
    task.out(
      `${source.padEnd(20)} ${size.padStart(9)} ${'0'.padStart(9)} ${size.padStart(9)}   0% ${path || '/'}\n`,
    );
  }
  return 0;
};

const mount: Program = (task) => {
  const { t: type } = optionsOf(task.argv.slice(1), 't').values;
  for (const { path, volume, readOnly } of task.files.mounts)
    if (type === undefined || type === volume.type)
      task.out(
        `${volume.type === 'ext4' ? '/dev/vda1' : volume.type} on ${path || '/'} type ${volume.type} (${readOnly ? 'ro' : 'rw'},relatime)\n`,
      );
  return 0;
};

const du: Program = (task) =>
  forEachPath(task, optionsOf(task.argv.slice(1)).rest, (path) => {
    const bytes = [...tree(task, path)].reduce(
      (sum, each) => sum + (task.files.look(at(task, each))?.bytes.length ?? 0),
      0,
    );
    task.out(`${Math.max(4, Math.ceil(bytes / 4096) * 4)}\t${path}\n`);
  });

const simple =
  (of: (path: string) => string): Program =>
  (task) => {
    const [path = '', suffix = ''] = task.argv.slice(1);
    const text = of(path);
    task.out(
      `${suffix && nameOf(task) === 'basename' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text}\n`,
    );
    return 0;
  };

export const FILE_COMMANDS: Table = {
  ls,
  mkdir,
  rm,
  rmdir,
  touch,
  cp: transfer(false),
  mv: transfer(true),
  ln,
  chmod,
  chown,
  chgrp,
  stat,
  find,
  readlink,
  realpath: (task) =>
    forEachPath(task, task.argv.slice(1), (path) => task.out(`${at(task, path)}\n`)),
  df,
  du,
  mount,
  basename: simple(baseName),
  dirname: simple(directoryName),
};
