import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A place on the network: a namespace of its own, as a machine or a pod has. */
export interface Pod {
  readonly name: string;
  readonly ip: string;
}

export interface Asking {
  readonly protocol?: 'TCP' | 'UDP';
  readonly address: string;
  readonly port: number;
  /** Connections, one after the other. */
  readonly count?: number;
  /** Own address to ask from. */
  readonly source?: string;
}

/** How long one who asks waits for an answer; longer than any packet needs, shorter than the kernel's second attempt. */
const PATIENCE_MS = 900;

const SERVER = `
const [name, ...ports] = process.argv.slice(1);
const text = (address) => name + ' ' + address.replace(/^::ffff:/, '');
for (const port of ports) {
  require('net').createServer((socket) => {
    socket.on('error', () => {});
    socket.end(text(socket.remoteAddress ?? ''));
  }).listen(+port, '::');
  const udp = require('dgram').createSocket('udp6');
  udp.on('message', (_, from) => udp.send(text(from.address), from.port, from.address));
  udp.bind(+port, '::');
}
setTimeout(() => console.log('ready'), 50);
`;

const CLIENT = `
const { protocol, address, port, count, source, patience } = JSON.parse(process.argv[1]);
const ask = () => new Promise((resolve) => {
  let timer;
  const done = (answer, close) => { clearTimeout(timer); close(); resolve(answer); };
  if (protocol === 'TCP') {
    const socket = require('net').connect({ host: address, port, ...(source ? { localAddress: source } : {}) });
    const close = () => socket.destroy();
    let text = '';
    socket.on('data', (data) => { text += data; });
    socket.on('end', () => done(text, close));
    socket.on('error', (error) => done(error.code, close));
    timer = setTimeout(() => done('silence', close), patience);
  } else {
    const socket = require('dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const close = () => socket.close();
    socket.on('message', (data) => done(String(data), close));
    socket.on('error', (error) => done(error.code, close));
    socket.bind(0, source, () => socket.connect(port, address, () => socket.send('x')));
    timer = setTimeout(() => done('silence', close), patience);
  }
});
(async () => {
  const answers = [];
  for (let at = 0; at < count; at++) answers.push(await ask());
  console.log(JSON.stringify(answers));
})();
`;

/** Why real packets cannot be tried here; undefined if they can. Programs are looked for by running them with `--version`. */
export function networkMissing(programs: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make network namespaces';
  for (const program of ['ip', ...programs]) {
    const asked = spawnSync(program, [program === 'ip' ? '-V' : '--version']);
    if (asked.error || asked.status !== 0) return `there is no ${program}`;
  }
  const probe = `slipway-probe-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', probe]);
  const linked = spawnSync('ip', [
    '-n',
    probe,
    'link',
    'add',
    'name',
    'v0',
    'type',
    'veth',
    'peer',
    'name',
    'v1',
  ]);
  spawnSync('ip', ['netns', 'delete', probe]);
  if (made.status !== 0) return 'network namespaces cannot be made';
  return linked.status === 0 ? undefined : 'links between network namespaces cannot be made';
}

const NODE_IP = '192.168.10.1';
const OUTSIDE_IP = '192.0.2.1';
/** Without filters of source addresses and limits of how many errors are sent. */
const OPEN = [
  'net.ipv4.icmp_ratelimit=0',
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.default.rp_filter=0',
];

/**
 * A client (192.168.10.2, .3), a node (192.168.10.1) that routes, and pods behind it, each in a network namespace. What the
 * node has no better way for goes outside, from where comes EHOSTUNREACH: so that silence means that the node dropped it.
 * Nothing of the machine's own network is touched.
 */
export class TestNetwork {
  readonly #prefix: string;
  readonly #children: ChildProcess[] = [];
  readonly #namespaces: string[] = [];

  private constructor(prefix: string) {
    this.#prefix = prefix;
  }

  static async create(pods: readonly Pod[], ports: readonly number[]): Promise<TestNetwork> {
    const network = new TestNetwork(`slipway-${process.pid}`);
    try {
      network.#build(pods);
      for (const { name } of pods) await network.#serve(name, ports);
      return network;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  /** Runs a program on the node, `input` at its standard input. Throws with what it said if it fails. */
  onNode(command: readonly string[], input = ''): string {
    return this.#in('node', command, input);
  }

  /** What came back, once for each connection: the server's text, an error's code, or `silence`. */
  ask(from: string, asking: Asking): Promise<string[]> {
    const all = { protocol: 'TCP', count: 1, patience: PATIENCE_MS, ...asking };
    const args = [
      'netns',
      'exec',
      this.#name(from),
      process.execPath,
      '-e',
      CLIENT,
      JSON.stringify(all),
    ];
    return new Promise((resolve, reject) =>
      execFile('ip', args, (error, out, err) =>
        error ? reject(new Error(err || error.message)) : resolve(JSON.parse(out) as string[]),
      ),
    );
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    for (const name of this.#namespaces) spawnSync('ip', ['netns', 'delete', name]);
  }

  #build(pods: readonly Pod[]): void {
    for (const name of ['node', 'client', 'outside', ...pods.map(({ name }) => name)]) {
      this.#run(['ip', 'netns', 'add', this.#name(name)]);
      this.#namespaces.push(this.#name(name));
      this.#in(name, ['ip', 'link', 'set', 'lo', 'up']);
    }
    for (const name of ['node', 'outside'])
      this.#in(name, ['sysctl', '-qw', 'net.ipv4.ip_forward=1', ...OPEN]);
    this.#link('client', 'wan', 'client');
    this.#in('node', ['ip', 'address', 'add', `${NODE_IP}/24`, 'dev', 'client']);
    for (const ip of ['192.168.10.2', '192.168.10.3'])
      this.#in('client', ['ip', 'address', 'add', `${ip}/24`, 'dev', 'wan']);
    this.#in('client', ['ip', 'route', 'add', 'default', 'via', NODE_IP]);
    for (const { name, ip } of pods) {
      this.#attach(name, ip);
      this.#in(name, ['ip', 'route', 'add', 'default', 'via', NODE_IP]);
    }
    this.#attach('outside', OUTSIDE_IP);
    for (const range of ['192.168.10.0/24', '10.244.0.0/16'])
      this.#in('outside', ['ip', 'route', 'add', range, 'via', NODE_IP]);
    this.#in('outside', ['ip', 'route', 'add', 'unreachable', 'default']);
    this.#in('node', ['ip', 'route', 'add', 'default', 'via', OUTSIDE_IP, 'dev', 'p-outside']);
  }

  /** Makes a namespace a neighbour of the node with one address, as a pod is. */
  #attach(name: string, ip: string): void {
    const outer = `p-${name}`;
    this.#link(name, 'eth0', outer);
    this.#in('node', ['ip', 'address', 'add', `${NODE_IP}/32`, 'dev', outer]);
    this.#in('node', ['ip', 'route', 'add', `${ip}/32`, 'dev', outer]);
    this.#in(name, ['ip', 'address', 'add', `${ip}/32`, 'dev', 'eth0']);
    this.#in(name, ['ip', 'route', 'add', NODE_IP, 'dev', 'eth0', 'scope', 'link']);
  }

  /** A cable from `inside` of a namespace to `outside` on the node. */
  #link(name: string, inside: string, outside: string): void {
    const peer = ['peer', 'name', inside, 'netns', this.#name(name)];
    this.#in('node', ['ip', 'link', 'add', 'name', outside, 'type', 'veth', ...peer]);
    this.#in('node', ['ip', 'link', 'set', outside, 'up']);
    this.#in(name, ['ip', 'link', 'set', inside, 'up']);
  }

  async #serve(name: string, ports: readonly number[]): Promise<void> {
    const args = [
      'netns',
      'exec',
      this.#name(name),
      process.execPath,
      '-e',
      SERVER,
      name,
      ...ports.map(String),
    ];
    const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    await once(child.stdout!, 'data');
  }

  #in(name: string, command: readonly string[], input = ''): string {
    return this.#run(['ip', 'netns', 'exec', this.#name(name), ...command], input);
  }

  #run([program, ...args]: readonly string[], input = ''): string {
    const { status, stdout, stderr, error } = spawnSync(program!, args, {
      input,
      encoding: 'utf8',
    });
    if (error || status !== 0)
      throw new Error(`${[program, ...args].join(' ')}: ${error?.message ?? stderr}`);
    return stdout;
  }

  #name(name: string): string {
    return `${this.#prefix}-${name}`;
  }
}
