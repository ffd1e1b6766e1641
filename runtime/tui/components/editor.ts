import { inForeground } from './foreground.ts';

/** Lets the user change a file, and waits until they are done. Rejects when that is not possible. */
export type Editor = (file: string) => Promise<void>;

/** The editor that kubectl would take: `KUBE_EDITOR`, `VISUAL`, `EDITOR`, else vi. May have arguments. */
export function editorOf(env: Readonly<Record<string, string | undefined>>): string {
  return env.KUBE_EDITOR || env.VISUAL || env.EDITOR || 'vi';
}

/** Runs a command with the file as its last argument on the terminal, which has to be as the command expects it. */
export async function runEditor(command: string, file: string): Promise<void> {
  // The shell gives way to the editor, so that what ends one ends the other.
  const code = await inForeground('sh', ['-c', `exec ${command} "$1"`, 'sh', file]);
  if (code !== 0) throw new Error(`the editor ${command} failed with ${code ?? 'a signal'}`);
}
