import { KUBERNETES_VERSIONS } from '../../generator/model/index.ts';
import { parseDuration } from '../base/index.ts';
import type { Io } from './io.ts';

export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  /** Taken when absent; without one the argument must be given. */
  readonly default?: string;
}

export interface OptionSpec {
  /** As the user sees them: `-o, --output <format>`, `--no-tui`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** Gives the value of the text; throws an Error that says what was expected. */
  readonly parse?: (text: string) => unknown;
}

/** What the parser hands to a command: arguments in the order of the table, options by their long name in camel case. */
export interface Input {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

export interface CommandModule {
  /** Returns the exit code. */
  run(io: Io, input: Input): Promise<number>;
}

export interface CommandSpec {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  readonly details?: string;
  readonly args: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** Goes on until a signal, which it handles itself. */
  readonly endless?: boolean;
  load(): Promise<CommandModule>;
}

const DIR: ArgumentSpec = {
  name: 'dir',
  description: 'folder of manifests',
  default: 'manifests',
};

const SEED: OptionSpec = {
  flags: '--seed <n>',
  description: 'seed of every random choice, instead of the one that the manifests name',
  parse: wholeNumber,
};

const KUBECONFIG: OptionSpec = {
  flags: '--kubeconfig <file>',
  description: 'where to write how to connect',
};

function output(...choices: readonly string[]): OptionSpec {
  return { flags: '-o, --output <format>', description: 'form of the output', choices };
}

/** Every command, once: the parser, the help and the shell completion are made from this table. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'watch',
    summary: 'follow a folder of manifests and show the cluster converge; what slipway alone does',
    details:
      'Type-checks and applies the manifests at every save, and serves the API to kubectl. Without a terminal, or with --no-tui, it prints a line per change.',
    args: [DIR],
    options: [
      SEED,
      { flags: '--no-tui', description: 'print a line per change instead of opening the screen' },
      { flags: '--ascii', description: 'draw with ASCII characters only' },
      {
        flags: '--port <n>',
        description: 'port on loopback of the API for kubectl; 0 takes any that is free',
        parse: portNumber,
      },
      KUBECONFIG,
    ],
    endless: true,
    load: () => import('./commands/watch.ts'),
  },
  {
    name: 'serve',
    summary: 'serve the API to kubectl and other programs, in real time, without a screen',
    details:
      'Prints `ready` when kubectl can connect. Applies and follows the folder, if there is one.',
    args: [DIR],
    options: [
      {
        flags: '--port <n>',
        description: 'port on loopback; 0 takes any that is free',
        default: '6443',
        parse: portNumber,
      },
      KUBECONFIG,
      {
        flags: '--clock-speed <factor>',
        description: 'how many seconds pass in the cluster in one of ours',
        default: '1',
        parse: positive,
      },
      {
        flags: '--kubernetes-version <version>',
        description: 'whose kinds and versions are served',
        choices: KUBERNETES_VERSIONS,
      },
      SEED,
    ],
    endless: true,
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'run',
    summary: 'apply once, converge in virtual time, print the outcome',
    details: 'Ends with 0 when everything is at its goal, else with 4.',
    args: [DIR],
    options: [
      {
        flags: '--for <duration>',
        description: 'let exactly this much virtual time pass: 90s, 10m, 24h',
        parse: duration,
      },
      SEED,
      output('table', 'json'),
    ],
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'check',
    summary: 'type-check and validate; nothing converges',
    args: [DIR],
    options: [output('text', 'json')],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'render',
    summary: 'print the manifests as YAML for kubectl or GitOps',
    args: [DIR],
    options: [
      { flags: '--all', description: "slipway's own kinds too, which no real cluster knows" },
      output('yaml', 'json'),
    ],
    load: () => import('./commands/render.ts'),
  },
  {
    name: 'why',
    summary: 'why a pod is on its node, or on none',
    details: 'Looks at the folder converged in virtual time.',
    args: [{ name: 'pod', description: '[namespace/]name of a pod, or how it begins' }, DIR],
    options: [SEED, output('text', 'json')],
    load: () => import('./commands/why.ts'),
  },
  {
    name: 'explain',
    summary: 'what a kind or a field of it means',
    args: [{ name: 'type', description: 'pods, deploy.spec.strategy, …' }],
    options: [
      { flags: '--recursive', description: 'all fields below, without their texts' },
      { flags: '--api-version <version>', description: 'group and version, such as apps/v1' },
      { flags: '-o, --output <format>', description: 'plaintext or plaintext-openapiv2' },
    ],
    load: () => import('./commands/explain.ts'),
  },
];

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new Error('it must be a whole number, 0 or more');
}

function portNumber(text: string): number {
  const value = wholeNumber(text);
  if (value <= 65_535) return value;
  throw new Error('it must be a port, 0 to 65535');
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error('it must be a number above 0');
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new Error('it must be a duration such as 90s, 10m or 1h30m');
}
