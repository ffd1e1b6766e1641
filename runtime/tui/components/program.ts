import { spawn } from 'node:child_process';
import type { ProgramCall } from '../model/state.ts';
import { giveAwayInterrupts } from './editor.ts';

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

/** What lets a reader see what a program printed before the screen comes back. */
const AND_WAIT = '"$@"; code=$?; printf "\\n[%s: enter goes back]" "$code"; read -r _; exit $code';

/** Runs a program on the terminal, which has to be as the program expects it. Rejects when it fails. */
export async function onTerminal({ name, command, args, env }: ProgramCall): Promise<string> {
  const takeBack = giveAwayInterrupts();
  try {
    const child = spawn('sh', ['-c', AND_WAIT, 'sh', command, ...args], {
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    await ended(child, name);
    return `${name} is done`;
  } finally {
    takeBack();
  }
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
