import { spawn } from 'node:child_process';

/** Lets the user change a file, and waits until they are done. Rejects when that is not possible. */
export type Editor = (file: string) => Promise<void>;

/** The editor that kubectl would take: `KUBE_EDITOR`, `VISUAL`, `EDITOR`, else vi. May have arguments. */
export function editorOf(env: Readonly<Record<string, string | undefined>>): string {
  return env.KUBE_EDITOR || env.VISUAL || env.EDITOR || 'vi';
}

/** Runs a command with the file as its last argument on the terminal, which has to be as the command expects it. */
export async function runEditor(command: string, file: string): Promise<void> {
  const takeBack = giveAwayInterrupts();
  try {
    await ended(command, file);
  } finally {
    takeBack();
  }
}

function ended(command: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${command} "$1"`, 'sh', file], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the editor ${command} failed with ${code ?? 'a signal'}`));
    });
  });
}

/** Ctrl-c reaches all who share the terminal; while there is an editor, it means the editor. */
export function giveAwayInterrupts(): () => void {
  const own = process.listeners('SIGINT');
  const nothing = (): void => {};
  process.on('SIGINT', nothing);
  for (const listener of own) process.off('SIGINT', listener);
  return () => {
    for (const listener of own) process.on('SIGINT', listener);
    process.off('SIGINT', nothing);
  };
}
