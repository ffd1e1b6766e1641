import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { ArgumentSpec, CommandSpec, Input, OptionSpec } from './commands.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';

/** What `slipway` alone does. */
const DEFAULT = 'watch';
const ABOUT_ITSELF = new Set(['-h', '--help', '-V', '--version']);

export interface Invocation {
  readonly command: CommandSpec;
  readonly input: Input;
}

/** Reads a command line by the table. A number is an exit code: help was printed, or the line is wrong and that was said. */
export function parse(
  commands: readonly CommandSpec[],
  argv: readonly string[],
  io: Pick<Io, 'out' | 'err'>,
): Invocation | number {
  let found: Invocation | undefined;
  const program = new Command('slipway')
    .description('Kubernetes manifests as TypeScript, and a whole control plane to converge them.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ helpWidth: 100 })
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(slipway --help shows what there is)')
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'slipway: ')),
    })
    .exitOverride();
  for (const spec of commands)
    program.addCommand(
      build(spec, (input) => {
        found = { command: spec, input };
      }).copyInheritedSettings(program),
    );
  try {
    program.parse(withDefault(argv), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
  return found ?? EXIT.usage;
}

function withDefault(argv: readonly string[]): string[] {
  const [first] = argv;
  const isOption = first?.startsWith('-') && !ABOUT_ITSELF.has(first);
  return first === undefined || isOption ? [DEFAULT, ...argv] : [...argv];
}

function build(spec: CommandSpec, chosen: (input: Input) => void): Command {
  const command = new Command(spec.name).summary(spec.summary).description(descriptionOf(spec));
  for (const argument of spec.args) addArgument(command, argument);
  for (const option of spec.options) command.addOption(optionOf(option));
  if (spec.notes) command.addHelpText('after', spec.notes);
  command.allowExcessArguments(false);
  command.action(() =>
    chosen({ args: command.processedArgs as string[], options: command.opts() }),
  );
  return command;
}

function descriptionOf({ summary, details }: CommandSpec): string {
  const sentence = `${summary[0]!.toUpperCase()}${summary.slice(1)}.`;
  return details ? `${sentence} ${details}` : sentence;
}

function addArgument(command: Command, argument: ArgumentSpec): void {
  const { name, description } = argument;
  if (argument.default === undefined) command.argument(`<${name}>`, description);
  else command.argument(`[${name}]`, description, argument.default);
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description);
  const [first] = spec.choices ?? [];
  if (spec.choices && first) option.choices(spec.choices).default(spec.default ?? first);
  if (spec.repeatable)
    option.argParser((text: string, before?: readonly string[]) => [...(before ?? []), text]);
  if (spec.parse) option.argParser(argumentParser(spec.parse));
  if (spec.parse && spec.default !== undefined)
    option.default(spec.parse(spec.default), spec.default);
  return option;
}

function argumentParser(parseText: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      return parseText(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

/** The package's own version; the file lies two folders above sources and three above what is built from them. */
function version(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {}
  }
  return 'unknown';
}

const EXIT_CODES = `
Exit codes:
  0 ok   1 failed   2 usage   3 manifests do not compile or validate   4 not converged in time
  130 interrupted
`;
