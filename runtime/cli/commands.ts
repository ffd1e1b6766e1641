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
  /** May be given several times; the value is the list of what was given. */
  readonly repeatable?: boolean;
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
  /** What the help says after the options. */
  readonly notes?: string;
  /** Goes on until a signal, which it handles itself. A name: only with that option. */
  readonly endless?: boolean | string;
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

const VERSION: OptionSpec = {
  flags: '--kubernetes-version <version>',
  description: 'whose kinds and versions are served',
  choices: KUBERNETES_VERSIONS,
};

const STATIC_PODS: OptionSpec = {
  flags: '--pod-manifest-path <folder>',
  description:
    'folder of YAML and JSON whose pods the nodes run by themselves, unless they are told of another',
};

const KUBECONFIG: OptionSpec = {
  flags: '--kubeconfig <file>',
  description: 'where to write how to connect',
};

const FAULT: OptionSpec = {
  flags: '--fault <fault>',
  description: 'something that goes wrong: zone=b@5m+10m; may be given several times',
  repeatable: true,
};

function output(...choices: readonly string[]): OptionSpec {
  return { flags: '-o, --output <format>', description: 'form of the output', choices };
}

/** How faults are written; a test holds it to the table of `runtime/cluster/faults`. */
const FAULTS = `
Faults: NAME=TARGET[,OPTION=VALUE…][@TIME][+DURATION]
  TIME counts from the start, which it is when left out; without DURATION a fault lasts for good.
  Names of nodes, images, pods and components may have * for any characters. SHARE is 25% or 0.25.

  node=NAME                  the machine stands still; in the end it boots
  zone=NAME                  all machines of the zone stand still
  partition=NODE|zone:ZONE   the network between the nodes and the API server is cut
  watch=COMPONENT[,lag=5s][,loss=10%][,resource=pods]
                             what the component sees comes late, or its watch breaks
  api=SHARE[,error=NAME][,component=NAME][,verb=update][,resource=pods]
                             requests of the components fail: Unavailable, Conflict, InternalError,
                             TooManyRequests, Timeout, Lost
  crash=COMPONENT[,after=WRITES]
                             the component dies, with its nth write, and starts anew
  pressure=NODE|zone:ZONE[,memory=97%][,disk=95%][,pids=98%]
                             something beside the pods uses up the machines
  pull=IMAGE[,on=NODE|zone:ZONE]
                             images cannot be pulled
  probe=readiness|liveness|startup[,pod=NAME][,namespace=NAME][,container=NAME][,on=NODE|zone:ZONE]
                             probes fail
  clock=DURATION             the clock of all machines jumps ahead

  slipway run --fault zone=b@5m+10m --fault api=5%,error=Conflict,component=deployment
`;

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
      {
        flags: '--color <mode>',
        description: 'colours of the screen; auto goes by NO_COLOR, COLORTERM and TERM',
        choices: ['auto', 'none', '16', 'true'],
      },
      { flags: '--ascii', description: 'draw with ASCII characters only' },
      { flags: '--readonly', description: 'the screen changes nothing but copies of the cluster' },
      {
        flags: '--port <n>',
        description: 'port on loopback of the API for kubectl; 0 takes any that is free',
        parse: portNumber,
      },
      KUBECONFIG,
      FAULT,
      STATIC_PODS,
    ],
    notes: FAULTS,
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
        flags: '--disable-admission-plugins <names>',
        description: 'plugins that the API server leaves out, as kube-apiserver names them',
        parse: commaSeparated,
      },
      {
        flags: '--authorization-mode <modes>',
        description: 'RBAC, AlwaysAllow, or both: with AlwaysAllow everybody may do everything',
        default: 'RBAC',
        parse: authorizationMode,
      },
      {
        flags: '--token-auth-file <file>',
        description: 'CSV of more bearer tokens: token,user,uid,"group1,group2"',
      },
      VERSION,
      SEED,
      FAULT,
      STATIC_PODS,
    ],
    notes: FAULTS,
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
      FAULT,
      STATIC_PODS,
      output('table', 'json'),
    ],
    notes: FAULTS,
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'check',
    summary: 'type-check, validate, and tell what would not come out as the manifests want',
    details:
      'Types, schemas and admission; then, if everything is accepted, a rehearsal: the folder converges in virtual time in a cluster that is thrown away. What it comes to is told as warnings, which do not change the exit code.',
    args: [DIR],
    options: [
      { flags: '--no-rehearsal', description: 'types, schemas and admission only' },
      output('text', 'json', 'lines'),
    ],
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
    name: 'rules',
    summary: "a node's rules for services, ready to be loaded into a kernel",
    details:
      'Looks at the folder converged in virtual time, or with --kubeconfig or --context at a running cluster. The text is for a kernel without rules; with --follow, what comes after it is for one that has taken all before.',
    args: [DIR],
    options: [
      {
        flags: '--kubeconfig <file>',
        description: 'how to reach a running cluster, to look at instead of the folder',
      },
      {
        flags: '--context <name>',
        description: 'context of the kubeconfig, instead of its current one',
      },
      {
        flags: '--follow',
        description: 'go on, and print what every change of the running cluster changes',
      },
      {
        flags: '--node <name>',
        description: 'whose rules; may be left out where there is one node',
      },
      {
        flags: '--mode <mode>',
        description: "how traffic is carried, such as iptables, instead of the configuration's",
      },
      {
        flags: '--ip-family <family>',
        description: "IPv4 or IPv6, instead of the node's own; a mode that loads both prints both",
        parse: ipFamily,
      },
      VERSION,
      SEED,
      output('text', 'json'),
    ],
    endless: 'follow',
    load: () => import('./commands/rules.ts'),
  },
  {
    name: 'proxy',
    summary: 'carry real traffic for the services, from ports on loopback to their endpoints',
    details:
      'A process of its own instead of rules, as the first kube-proxy was: TCP and UDP, endpoints in turn, session affinity, and the next endpoint when one does not answer. Follows the folder. Pods are simulated, so say where something listens in their place.',
    args: [DIR],
    options: [
      {
        flags: '--mode <mode>',
        description: 'how traffic is carried',
        choices: ['userspace'],
        default: 'userspace',
      },
      {
        flags: '--node <name>',
        description: 'the node from which traffic is seen, instead of the first',
      },
      {
        flags: '--endpoint-override <from=to>',
        description:
          'where endpoints really are: 10.244.0.0/16=127.0.0.1, 10.244.1.5:80=127.0.0.1:9000; several with commas',
        default: '',
      },
      {
        flags: '--healthz-port <n>',
        description:
          "port on loopback of the proxy's own health (/healthz, /livez); 0 takes any that is free",
        parse: portNumber,
      },
      SEED,
      output('text', 'json'),
    ],
    endless: true,
    load: () => import('./commands/proxy.ts'),
  },
  {
    name: 'explain',
    summary: 'what a kind or a field of it means',
    details: 'Kinds that are not built in are looked for among the definitions of the folder.',
    args: [{ name: 'type', description: 'pods, deploy.spec.strategy, …' }, DIR],
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

function ipFamily(text: string): string {
  if (/^IPv[46]$/i.test(text)) return `IPv${text.at(-1)}`;
  throw new Error('it must be IPv4 or IPv6');
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error('it must be a number above 0');
}

/** What the listed modes come to: each allows what it allows, and none forbids. */
function authorizationMode(text: string): 'RBAC' | 'AlwaysAllow' {
  const modes = commaSeparated(text);
  const strange = modes.find((mode) => mode !== 'RBAC' && mode !== 'AlwaysAllow');
  if (modes.length === 0 || strange) throw new Error('it must be RBAC, AlwaysAllow or both');
  return modes.includes('AlwaysAllow') ? 'AlwaysAllow' : 'RBAC';
}

function commaSeparated(text: string): readonly string[] {
  return text.split(',').filter((name) => name !== '');
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new Error('it must be a duration such as 90s, 10m or 1h30m');
}
