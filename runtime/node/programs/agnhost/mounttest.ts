import { modeText } from '../commands/index.ts';
import { type Entry, FileProblem } from '../files/index.ts';
import type { Program, Task } from '../process.ts';

const NEW_CONTENT = 'mount-tester new file\n';
const EVERY_MS = 2_000;

/** Says of files what they are, how they may be used and what is in them; writes new ones first. */
export const mounttest: Program = function* (task) {
  const flags = flagsOf(task.argv.slice(2));
  let failed = false;
  const say = (
    path: string | undefined,
    action: (path: string) => void,
    verb: (path: string, why: string) => string,
  ): void => {
    if (!path) return;
    try {
      action(path);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      task.out(`${verb(path, goWords(error.why))}\n`);
      failed = true;
    }
  };
  const statWrong = (call: string) => (path: string, why: string) =>
    `error from ${call}("${path}"): ${call.toLowerCase()} ${path}: ${why}`;
  say(
    flags['fs_type'],
    (path) =>
      task.out(
        `mount type of "${path}": ${known(task, path) && task.files.mountOf(path).volume.type}\n`,
      ),
    statWrong('statfs'),
  );
  for (const mode of ['0644', '0666', '0660', '0777'])
    say(
      flags[`new_file_${mode}`],
      (path) => {
        task.files.write(path, NEW_CONTENT, false, Number.parseInt(mode, 8));
        content(task, path);
      },
      (path, why) => `error writing new file "${path}": open ${path}: ${why}`,
    );
  say(
    flags['file_mode'],
    (path) => task.out(`mode of file "${path}": ${goMode(known(task, path))}\n`),
    statWrong('Stat'),
  );
  say(
    flags['file_perm'],
    (path) =>
      task.out(
        `perms of file "${path}": -${modeText({ ...known(task, path), mode: known(task, path).mode & 0o777 }).slice(1)}\n`,
      ),
    statWrong('Stat'),
  );
  say(
    flags['file_owner'],
    (path) => {
      const { uid, gid } = known(task, path);
      task.out(`owner UID of "${path}": ${uid}\nowner GID of "${path}": ${gid}\n`);
    },
    statWrong('stat'),
  );
  say(
    flags['file_content'],
    (path) => content(task, path),
    (path, why) => `error reading file content for "${path}": open ${path}: ${why}`,
  );
  const looped = flags['file_content_in_loop'];
  if (looped) failed = (yield* inLoop(task, looped, flags)) || failed;
  return failed ? 1 : 0;
};

function* inLoop(
  task: Task,
  path: string,
  flags: Readonly<Record<string, string>>,
): Generator<{ untilMs: number }, boolean, void> {
  const endMs = task.machine.nowMs() + Number(flags['retry_time'] ?? 180) * 1000;
  const breaks = flags['break_on_expected_content'] !== 'false';
  let failed = false;
  for (; task.machine.nowMs() < endMs; yield { untilMs: task.machine.nowMs() + EVERY_MS }) {
    task.machine.step();
    try {
      const bytes = content(task, path);
      failed = false;
      if (!breaks) continue;
      if (bytes === NEW_CONTENT) break;
      task.out(`Unexpected content. Expected: ${NEW_CONTENT}. Retrying\n`);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      failed = true;
      task.out(`Error reading file ${path}: open ${path}: ${goWords(error.why)}, retrying\n`);
    }
  }
  return failed;
}

function content(task: Task, path: string): string {
  const bytes = task.files.read(path);
  task.out(`content of file "${path}": ${bytes}\n`);
  return bytes;
}

function known(task: Task, path: string): Entry {
  const entry = task.files.look(path);
  if (!entry) throw new FileProblem(path, 'No such file or directory');
  return entry;
}

/** As Go prints a mode: what is special about it comes first. */
function goMode({ kind, mode }: Entry): string {
  const special = `${kind === 'directory' ? 'd' : ''}${(mode & 0o4000) !== 0 ? 'u' : ''}${(mode & 0o2000) !== 0 ? 'g' : ''}${(mode & 0o1000) !== 0 ? 't' : ''}`;
  return `${special || '-'}${modeText({ kind: 'file', mode: mode & 0o777 }).slice(1)}`;
}

const goWords = (why: string): string => why.toLowerCase();

/** `--name=value`, `--name value`, and `--name` for true. */
export function flagsOf(words: readonly string[]): Record<string, string> {
  const flags: Record<string, string> = {};
  for (const [at, word] of words.entries()) {
    const [, name, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) continue;
    const next = words[at + 1];
    flags[name] = value ?? (next !== undefined && !next.startsWith('-') ? next : 'true');
  }
  return flags;
}
