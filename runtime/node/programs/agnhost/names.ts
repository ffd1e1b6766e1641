import { FileProblem } from '../files/index.ts';
import type { Program, Task } from '../process.ts';

function fileOf(task: Task, path: string): string {
  try {
    return task.files.read(path);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return '';
  }
}

/** The words behind a keyword of the resolver's file. */
function resolverWords(task: Task, keyword: string): string[] {
  const lines = fileOf(task, '/etc/resolv.conf').split('\n');
  const found = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first === keyword);
  return found.flatMap(([, ...words]) => words);
}

const listing =
  (keyword: string): Program =>
  (task) => {
    task.out(`${resolverWords(task, keyword).join(',')}\n`);
    return 0;
  };

/** Sub-commands that print what a container is told of names. */
export const NAME_COMMANDS: Readonly<Record<string, Program>> = {
  'etc-hosts': (task) => {
    task.out(`${fileOf(task, '/etc/hosts')}\n`);
    return 0;
  },
  'dns-suffix': listing('search'),
  'dns-server-list': listing('nameserver'),
};
