import { spawn } from 'node:child_process';
import type { ProgramCall } from '../model/state.ts';
import { inForeground } from './foreground.ts';

const OUTPUT_MAX = 300;

/** Runs a program without the terminal; what there is to say when it is over. Rejects when it fails. */
export function inBackground({ name, command, args, env }: ProgramCall): Promise<string> {
  const child = spawn(command, [...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      if (output.length < OUTPUT_MAX) output += part.toString();
    });
  return ended(child, name).then(
    () => `${name} is done${lastLine(output)}`,
    (error: Error) => {
      throw new Error(error.message + lastLine(output));
    },
  );
}

function lastLine(output: string): string {
  const line = output.slice(0, OUTPUT_MAX).trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : `: ${line}`;
}

/** Runs a program on the terminal, and leaves what it printed there until enter is pressed. Rejects when it fails. */
export async function onTerminal({ name, command, args, env }: ProgramCall): Promise<string> {
  let code: number | undefined;
  try {
    code = await inForeground(command, args, env);
  } catch (error) {
    throw new Error(`${name} cannot be run: ${(error as Error).message}`);
  }
  if (code === undefined) throw new Error(`${name} failed with a signal`);
  const words = `\n[${name} ended with ${code}: enter goes back] `;
  await inForeground('sh', ['-c', 'printf %s "$1"; read -r _', 'sh', words]);
  if (code !== 0) throw new Error(`${name} failed with ${code}`);
  return `${name} is done`;
}

function ended(child: ReturnType<typeof spawn>, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${name} cannot be run: ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${name} failed with ${code ?? 'a signal'}`));
    });
  });
}
