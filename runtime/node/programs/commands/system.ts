import type { Program, Running, Task } from '../process.ts';
import { nameOf, optionsOf, type Table } from './options.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds of `5`, `1.5m` or `infinity`; undefined for what is no time. */
function duration(text: string): number | undefined {
  if (/^inf(inity)?$/.test(text)) return FOREVER;
  const [, number, unit = ''] = /^(\d*\.?\d+)([smhd]?)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit]! * 1000;
}

const sleep: Program = function* (task) {
  let ms = 0;
  for (const word of task.argv.slice(1)) {
    const part = duration(word);
    if (part === undefined) {
      task.err(`sleep: invalid number '${word}'\n`);
      return 1;
    }
    ms += part;
  }
  if (ms > 0) yield { untilMs: task.machine.nowMs() + ms };
  return 0;
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  e: '\x1b',
};

function unescaped(text: string): string {
  return text.replace(
    /\\(?:0?([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))/gs,
    (whole, octal: string, hex: string, letter: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return ESCAPES[letter] ?? whole;
    },
  );
}

const echo: Program = ({ argv, out }) => {
  let words = argv.slice(1);
  let [newline, escapes] = [true, false];
  while (words[0] !== undefined && /^-[neE]+$/.test(words[0])) {
    if (words[0].includes('n')) newline = false;
    if (words[0].includes('e')) escapes = true;
    words = words.slice(1);
  }
  const text = words.join(' ');
  out(`${escapes ? unescaped(text) : text}${newline ? '\n' : ''}`);
  return 0;
};

const printf: Program = ({ argv, out }) => {
  const [format = '', ...args] = argv.slice(1);
  const rest = [...args];
  do {
    const hadArgs = rest.length;
    out(
      unescaped(format).replace(
        /%(-?0?\d*)(?:\.(\d+))?([sdiuxXofcb%])/g,
        (_, width: string, digits: string | undefined, kind: string) => {
          if (kind === '%') return '%';
          const value = rest.shift() ?? '';
          return padded(formatted(value, kind, digits), width);
        },
      ),
    );
    if (rest.length === hadArgs) break;
  } while (rest.length > 0);
  return 0;
};

function formatted(value: string, kind: string, digits: string | undefined): string {
  switch (kind) {
    case 's':
      return digits === undefined ? value : value.slice(0, Number(digits));
    case 'b':
      return unescaped(value);
    case 'c':
      return value.slice(0, 1);
    case 'x':
      return Number(value).toString(16);
    case 'X':
      return Number(value).toString(16).toUpperCase();
    case 'o':
      return Number(value).toString(8);
    case 'f':
      return Number(value).toFixed(Number(digits ?? 6));
    default:
      return String(Math.trunc(Number(value) || 0));
  }
}

function padded(text: string, width: string): string {
  const size = Math.abs(Number(width)) || 0;
  if (width.startsWith('-')) return text.padEnd(size);
  return text.padStart(size, width.startsWith('0') ? '0' : ' ');
}

const env: Program = (task) => {
  let words = task.argv.slice(1);
  const inside = new Map(words[0] === '-i' ? [] : task.env);
  if (words[0] === '-i') words = words.slice(1);
  while (words[0]?.includes('=')) {
    const [name = '', ...value] = words[0].split('=');
    inside.set(name, value.join('='));
    words = words.slice(1);
  }
  if (words.length > 0) return runAs({ ...task, argv: words, env: inside });
  for (const [name, value] of inside) task.out(`${name}=${value}\n`);
  return 0;
};

/** Runs another program in the place of this one. */
function runAs(task: Task): Running | number {
  const program = task.machine.find(task.argv[0] ?? '');
  if (program) return program(task);
  task.err(`env: can't execute '${task.argv[0]}': No such file or directory\n`);
  return 127;
}

const printenv: Program = (task) => {
  const [name] = task.argv.slice(1);
  if (name === undefined) return env(task);
  const value = task.env.get(name);
  if (value === undefined) return 1;
  task.out(`${value}\n`);
  return 0;
};

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** In the cluster's time, which is UTC. */
const date: Program = (task) => {
  task.machine.useClock();
  const ms = task.machine.nowMs();
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    Y: String(at.getUTCFullYear()),
    m: two(at.getUTCMonth() + 1),
    d: two(at.getUTCDate()),
    e: String(at.getUTCDate()).padStart(2),
    H: two(at.getUTCHours()),
    M: two(at.getUTCMinutes()),
    S: two(at.getUTCSeconds()),
    s: String(Math.floor(ms / 1000)),
    N: `${String(ms % 1000).padStart(3, '0')}000000`,
    a: DAYS[at.getUTCDay()]!,
    b: MONTHS[at.getUTCMonth()]!,
    Z: 'UTC',
    z: '+0000',
    n: '\n',
    '%': '%',
  };
  const whole: Readonly<Record<string, string>> = {
    F: '%Y-%m-%d',
    T: '%H:%M:%S',
    R: '%H:%M',
    D: '%m/%d/%y',
  };
  const word = task.argv.slice(1).find((each) => each.startsWith('+'));
  const iso = task.argv.some((each) => each.startsWith('-I') || each.startsWith('--iso'));
  const format = word?.slice(1) ?? (iso ? '%Y-%m-%dT%H:%M:%S+00:00' : '%a %b %e %H:%M:%S %Z %Y');
  const filled = format.replace(/%([FTRD])/g, (_, letter: string) => whole[letter]!);
  task.out(`${filled.replace(/%([A-Za-z%])/g, (all, letter: string) => parts[letter] ?? all)}\n`);
  return 0;
};

const id: Program = ({ argv, machine: { facts }, out }) => {
  const { flags } = optionsOf(argv.slice(1));
  const groups = [...new Set([facts.gid, ...facts.groups])];
  if (flags.has('u')) out(`${flags.has('n') ? nameOfUser(facts.uid) : facts.uid}\n`);
  else if (flags.has('g')) out(`${facts.gid}\n`);
  else if (flags.has('G')) out(`${groups.join(' ')}\n`);
  else {
    const named = (value: number): string => (value === 0 ? '0(root)' : String(value));
    out(`uid=${named(facts.uid)} gid=${named(facts.gid)} groups=${groups.map(named).join(',')}\n`);
  }
  return 0;
};

const nameOfUser = (uid: number): string => (uid === 0 ? 'root' : String(uid));

const hostname: Program = ({ argv, machine: { facts }, out }) => {
  const { flags } = optionsOf(argv.slice(1));
  out(
    `${flags.has('i') || flags.has('I') ? facts.podIp : flags.has('s') ? facts.hostname.split('.')[0] : facts.hostname}\n`,
  );
  return 0;
};

const uname: Program = ({ argv, machine: { facts }, out }) => {
  const { flags } = optionsOf(argv.slice(1));
  const all: readonly (readonly [string, string])[] = [
    ['s', 'Linux'],
    ['n', facts.hostname],
    ['r', '6.12.0'],
    ['v', '#1 SMP'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const shown = flags.has('a') ? all : all.filter(([flag]) => flags.has(flag));
  out(`${(shown.length > 0 ? shown : all.slice(0, 1)).map(([, value]) => value).join(' ')}\n`);
  return 0;
};

const sysctl: Program = ({ argv, machine: { facts }, out, err }) => {
  const names = argv.slice(1).filter((word) => !word.startsWith('-'));
  let code = 0;
  for (const word of names) {
    const name = word.replaceAll('/', '.');
    const value = facts.sysctls[name] ?? SYSCTLS[name];
    if (value === undefined) {
      err(`sysctl: error: '${name}' is an unknown key\n`);
      code = 1;
    } else out(argv.includes('-n') ? `${value}\n` : `${name} = ${value}\n`);
  }
  return code;
};

const SYSCTLS: Readonly<Record<string, string>> = {
  'kernel.shm_rmid_forced': '0',
  'net.ipv4.ip_local_port_range': '32768\t60999',
  'net.ipv4.ip_unprivileged_port_start': '0',
  'net.ipv4.tcp_syncookies': '1',
  'kernel.hostname': '',
};

/** Runs a program for as long as is said at most. */
const timeout: Program = function* (task) {
  const words = task.argv.slice(1);
  const at = words.findIndex((word) => duration(word) !== undefined);
  const ms = duration(words[at] ?? '') ?? 0;
  const running = runAs({ ...task, argv: words.slice(at + 1) });
  if (typeof running === 'number') return running;
  const job = task.machine.start(running);
  const endMs = task.machine.nowMs() + ms;
  const isDone = (): boolean => job.code !== undefined || task.machine.nowMs() >= endMs;
  if (!isDone()) yield { isDone, untilMs: endMs };
  if (job.code !== undefined) return job.code;
  task.machine.stop(job);
  return nameOf(task) === 'timeout' ? 143 : 1;
};

const forever: Program = function* () {
  yield { untilMs: FOREVER };
  return 0;
};

const yes: Program = function* ({ argv, out }) {
  const word = argv[1] ?? 'y';
  for (let at = 0; at < 1000; at++) out(`${word}\n`);
  yield { untilMs: FOREVER };
  return 0;
};

const which: Program = ({ argv, machine, out }) => {
  const found = argv.slice(1).filter((name) => machine.find(name));
  for (const name of found) out(`/bin/${name}\n`);
  return found.length === argv.length - 1 ? 0 : 1;
};

export const SYSTEM_COMMANDS: Table = {
  true: () => 0,
  false: () => 1,
  sleep,
  usleep: (task) => sleep({ ...task, argv: ['sleep', String(Number(task.argv[1]) / 1e6)] }),
  echo,
  printf,
  env,
  printenv,
  pwd: ({ cwd, out }) => {
    out(`${cwd}\n`);
    return 0;
  },
  date,
  id,
  whoami: ({ machine, out }) => {
    out(`${nameOfUser(machine.facts.uid)}\n`);
    return 0;
  },
  hostname,
  uname,
  arch: ({ out }) => {
    out('x86_64\n');
    return 0;
  },
  nproc: ({ out }) => {
    out('4\n');
    return 0;
  },
  sysctl,
  timeout,
  nohup: (task) => runAs({ ...task, argv: task.argv.slice(1) }),
  nice: (task) => runAs({ ...task, argv: task.argv.slice(1) }),
  tini: (task) => runAs({ ...task, argv: task.argv.slice(task.argv[1] === '--' ? 2 : 1) }),
  sync: () => 0,
  clear: () => 0,
  which,
  yes,
  pause: forever,
};
