import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { SCTP_CLIENT, SCTP_SERVER } from './sctp.fakes.ts';

/** A place on the network: a namespace of its own, as a machine or a pod has. */
export interface Pod {
  readonly name: string;
  readonly ip: string;
  /** Of IPv6; without, it has none but that of its link. */
  readonly ip6?: string;
}

export interface Asking {
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP';
  readonly address: string;
  readonly port: number;
  /** Connections, one after the other. */
  readonly count?: number;
  /** Own address to ask from. */
  readonly source?: string;
  /** Own port of UDP, for those who want to be the same client as before; a new one each time when absent. */
  readonly sourcePort?: number;
  /** Milliseconds to wait for each answer. */
  readonly patience?: number;
}

/** How long one who asks waits for an answer; longer than any packet needs, shorter than the kernel's second attempt. */
const PATIENCE_MS = 900;

/**
 * For those who want to be refused: without a network in between, the refusal of a first packet finds its socket in use by
 * the very call that sends it, and for IPv6 is dropped. That of the second, a second later, arrives.
 */
export const UNTIL_REFUSED_MS = 5000;

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
const { protocol, address, port, count, source, sourcePort = 0, patience } = JSON.parse(process.argv[1]);
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
    socket.bind(sourcePort, source, () => socket.connect(port, address, () => socket.send('x')));
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

/** Why packets of IPv6 cannot be tried here; undefined if they can. */
export function ipv6Missing(): string | undefined {
  return existsSync('/proc/net/if_inet6') ? undefined : 'the kernel has no IPv6';
}

/** Why packets of SCTP cannot be tried here; undefined if they can. They are made by hand: few kernels have sockets for them. */
export function sctpMissing(): string | undefined {
  const { error, status } = spawnSync('perl', ['-MSocket', '-e', '0']);
  return error || status !== 0 ? 'there is no perl to make raw packets' : undefined;
}

const NODE_IPS = ['192.168.10.1', 'fd00:192::1'] as const;
const CLIENT_IPS = ['192.168.10.2', '192.168.10.3', 'fd00:192::2', 'fd00:192::3'] as const;
const OUTSIDE_IPS = ['192.0.2.1', 'fd00:2::1'] as const;
/** Ranges that are behind the node, seen from outside. */
const BEHIND = ['192.168.10.0/24', '10.244.0.0/16', 'fd00:192::/64', 'fd00:10:244::/48'] as const;
/** Without filters of source addresses and limits of how many errors are sent; addresses are there at once. */
const OPEN = [
  'net.ipv4.icmp_ratelimit=0',
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.default.rp_filter=0',
];
const OPEN6 = [
  'net.ipv6.icmp.ratelimit=0',
  'net.ipv6.conf.all.disable_ipv6=0',
  'net.ipv6.conf.default.disable_ipv6=0',
  'net.ipv6.conf.all.accept_dad=0',
  'net.ipv6.conf.default.accept_dad=0',
];
/** What kube-proxy sets for node ports on 127.0.0.1. */
const ROUTE_LOCALNET = 'net.ipv4.conf.all.route_localnet=1';

const isV6 = (address: string): boolean => address.includes(':');
const host = (address: string): string => `${address}/${isV6(address) ? 128 : 32}`;

let networks = 0;

/**
 * A client (192.168.10.2 and .3, fd00:192::2 and ::3), a node (192.168.10.1, fd00:192::1) that routes, and pods behind it, each
 * in a network namespace. What the node has no better way for goes outside, where somebody answers by that name on every address:
 * so that silence means that the node dropped it. Nothing of the machine's own network is touched.
 */
export class TestNetwork {
  readonly #prefix: string;
  readonly #children: ChildProcess[] = [];
  readonly #namespaces: string[] = [];

  private constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Pods answer on `ports`, and outside is answered on `outsidePorts`; other ports of both refuse. */
  static async create(
    pods: readonly Pod[],
    ports: readonly number[],
    outsidePorts: readonly number[] = [],
  ): Promise<TestNetwork> {
    const network = new TestNetwork(`slipway-${process.pid}-${networks++}`);
    try {
      network.#build(pods);
      for (const { name } of pods) await network.#serve(name, ports);
      if (outsidePorts.length > 0) await network.#serve('outside', outsidePorts);
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
    const { address, port, count, source = '', patience } = all;
    const program =
      all.protocol === 'SCTP'
        ? ['perl', '-e', SCTP_CLIENT, address, `${port}`, `${count}`, source, `${patience / 1000}`]
        : [process.execPath, '-e', CLIENT, JSON.stringify(all)];
    const args = ['netns', 'exec', this.#name(from), ...program];
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
    const v6 = ipv6Missing() === undefined;
    const usable = <T extends string>(addresses: readonly T[]): T[] =>
      addresses.filter((address) => v6 || !isV6(address));
    for (const name of ['node', 'client', 'outside', ...pods.map(({ name }) => name)]) {
      this.#run(['ip', 'netns', 'add', this.#name(name)]);
      this.#namespaces.push(this.#name(name));
      if (v6) this.#in(name, ['sysctl', '-qw', ...OPEN6]);
      this.#in(name, ['ip', 'link', 'set', 'lo', 'up']);
    }
    const forward = ['net.ipv4.ip_forward=1', ...(v6 ? ['net.ipv6.conf.all.forwarding=1'] : [])];
    for (const name of ['node', 'outside'])
      this.#in(name, ['sysctl', '-qw', ...forward, ...OPEN, ROUTE_LOCALNET]);
    this.#link('client', 'wan', 'client');
    for (const ip of usable(NODE_IPS)) this.#address('node', 'client', ip, isV6(ip) ? 64 : 24);
    for (const ip of usable(CLIENT_IPS)) this.#address('client', 'wan', ip, isV6(ip) ? 64 : 24);
    for (const ip of usable(NODE_IPS)) this.#route('client', 'default', 'via', ip);
    for (const { name, ip, ip6 } of pods) {
      const ips = usable(ip6 === undefined ? [ip] : [ip, ip6]);
      this.#attach(name, ips);
      for (const own of ips) this.#route(name, 'default', 'via', this.#gateway(own));
    }
    this.#attach('outside', usable(OUTSIDE_IPS));
    for (const range of usable(BEHIND))
      this.#route('outside', range, 'via', this.#gateway(range), 'dev', 'eth0');
    for (const ip of usable(OUTSIDE_IPS)) {
      const all = isV6(ip) ? '::/0' : '0.0.0.0/0';
      this.#in('outside', ['ip', 'route', 'add', 'local', all, 'dev', 'lo', 'table', 'main']);
      this.#route('node', 'default', 'via', ip, 'dev', 'p-outside');
    }
  }

  #gateway(address: string): string {
    return NODE_IPS[isV6(address) ? 1 : 0];
  }

  /** Makes a namespace a neighbour of the node, with addresses of its own, as a pod is. */
  #attach(name: string, ips: readonly string[]): void {
    const outer = `p-${name}`;
    this.#link(name, 'eth0', outer);
    for (const ip of ips) {
      const gateway = this.#gateway(ip);
      const bits = isV6(ip) ? 128 : 32;
      this.#address('node', outer, gateway, bits);
      this.#route('node', host(ip), 'dev', outer);
      this.#address(name, 'eth0', ip, bits);
      this.#route(name, host(gateway), 'dev', 'eth0');
    }
  }

  #address(name: string, device: string, address: string, bits: number): void {
    this.#in(name, ['ip', 'address', 'add', `${address}/${bits}`, 'dev', device]);
  }

  #route(name: string, to: string, ...how: readonly string[]): void {
    const [first = ''] = how.slice(how[0] === 'via' ? 1 : 0);
    const v6 = isV6(to === 'default' ? first : to);
    this.#in(name, ['ip', v6 ? '-6' : '-4', 'route', 'add', to, ...how]);
  }

  /** A cable from `inside` of a namespace to `outside` on the node. */
  #link(name: string, inside: string, outside: string): void {
    const peer = ['peer', 'name', inside, 'netns', this.#name(name)];
    this.#in('node', ['ip', 'link', 'add', 'name', outside, 'type', 'veth', ...peer]);
    this.#in('node', ['ip', 'link', 'set', outside, 'up']);
    this.#in(name, ['ip', 'link', 'set', inside, 'up']);
  }

  async #serve(name: string, ports: readonly number[]): Promise<void> {
    const numbers = ports.map(String);
    await this.#start(name, [process.execPath, '-e', SERVER, name, ...numbers]);
    if (sctpMissing() !== undefined) return;
    for (const family of ipv6Missing() ? ['4'] : ['4', '6'])
      await this.#start(name, ['perl', '-e', SCTP_SERVER, family, name, ...numbers]);
  }

  /** Starts a program that goes on, and waits for its first word. */
  async #start(name: string, program: readonly string[]): Promise<void> {
    const args = ['netns', 'exec', this.#name(name), ...program];
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
