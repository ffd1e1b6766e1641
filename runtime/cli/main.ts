import { enableCompileCache } from 'node:module';
import { COMMANDS } from './commands.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import { type Io, processIo } from './io.ts';
import { parse } from './parser.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The process: signals, exit code, and what is said when something goes wrong. Everything else takes an `Io`. */
export async function main(argv: readonly string[]): Promise<void> {
  enableCompileCache?.();
  const interrupt = new AbortController();
  const io = processIo(interrupt.signal);
  const parsed = parse(COMMANDS, argv, io);
  if (typeof parsed === 'number') {
    process.exitCode = parsed;
    return;
  }
  const { endless: when = false } = parsed.command;
  const endless = typeof when === 'string' ? parsed.input.options[when] === true : when;
  let failure: unknown;
  for (const signal of SIGNALS)
    process.on(signal, () => {
      // A command that goes on is asked to end; asked twice, or any other command, ends here.
      if (!endless || interrupt.signal.aborted) process.exit(EXIT.interrupted);
      interrupt.abort(signal);
    });
  process.on('uncaughtException', (error) => {
    // The screen has to be left before anything can be said.
    if (!endless || interrupt.signal.aborted) process.exit(complain(error, io));
    failure = error;
    interrupt.abort('failure');
  });
  // Whoever read the output has seen enough.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    process.exit(code === 'EPIPE' ? EXIT.ok : EXIT.failed);
  });
  const exitCode = await runCommand(parsed, io);
  process.exitCode = failure === undefined ? exitCode : complain(failure, io);
  // What a command that was ended in the middle of something leaves behind must not keep the process.
  if (endless) process.exit();
}

/** Runs a parsed command; a `CommandError` and an unexpected exception both end in a short message. */
export async function runCommand(
  { command, input }: Exclude<ReturnType<typeof parse>, number>,
  io: Io,
): Promise<number> {
  try {
    const { run } = await command.load();
    return await run(io, input);
  } catch (error) {
    return complain(error, io);
  }
}

function complain(error: unknown, io: Io): number {
  if (error instanceof CommandError) {
    io.err(`slipway: ${error.message}\n`);
    if (error.help) io.err(`  help: ${error.help}\n`);
    return error.exitCode;
  }
  io.err(`slipway: unexpected error: ${messageOf(error)}\n`);
  if (process.env.SLIPWAY_DEBUG) io.err(`${stackOf(error)}\n`);
  else io.err('  help: this is a bug of slipway; SLIPWAY_DEBUG=1 shows where\n');
  return EXIT.failed;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\n  Caused by: ${messageOf(error.cause)}`;
  return `${error.message.split('\n')[0]}${cause}`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`;
  return `${error.stack}${cause}`;
}
