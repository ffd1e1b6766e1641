import { spawn } from 'node:child_process';

const DEADLY = ['SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program on the terminal, which has to be as the program expects it, and tells its exit code. Rejects where it cannot be
 * run. What ends this process ends the program first, so that it can give the terminal back.
 */
export async function inForeground(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  await stopReading();
  const takeBack = giveAwayInterrupts();
  const child = spawn(command, [...args], { stdio: 'inherit', env: { ...process.env, ...env } });
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal);
    // Shells that somebody types to are deaf to the other.
    child.kill('SIGHUP');
  };
  for (const signal of DEADLY) process.on(signal, pass);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? undefined));
    });
  } finally {
    for (const signal of DEADLY) process.off(signal, pass);
    takeBack();
  }
}

/**
 * What is typed is the program's. A stream that nobody listens to any more still waits for the terminal: it would take keys from the
 * program, and stand still with all of this process where the program has been faster. Whoever listens again starts it again.
 */
async function stopReading(): Promise<void> {
  // Only then does the stream know that its listeners have gone.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  process.stdin.pause();
  await new Promise<void>((resolve) => process.nextTick(resolve));
}

/** Ctrl-c reaches all who share the terminal; while there is a program, it means the program. */
function giveAwayInterrupts(): () => void {
  const own = process.listeners('SIGINT');
  const nothing = (): void => {};
  process.on('SIGINT', nothing);
  for (const listener of own) process.off('SIGINT', listener);
  return () => {
    for (const listener of own) process.on('SIGINT', listener);
    process.off('SIGINT', nothing);
  };
}
