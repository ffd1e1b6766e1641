import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { assert } from '../../base/index.ts';
import type { IPFamily } from '../model/index.ts';

/** Answers over TCP and UDP with its own address and the one that it was asked from. */
const SERVER = `
const [ip, port] = process.argv.slice(1);
const answer = (from) => JSON.stringify({ by: ip, from });
require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  socket.end(answer(socket.remoteAddress));
}).listen(+port, ip);
const udp = require('node:dgram').createSocket('udp4');
udp.on('message', (_, { address, port }) => udp.send(answer(address), port, address));
udp.bind(+port, ip, () => console.log('ready'));
`;

/** Asks one after the other, each from a new port, and prints what came: an answer, an error's code, or TIMEOUT. */
const CLIENT = `
const [protocol, host, port, count] = process.argv.slice(1);
const tcp = () => new Promise((resolve) => {
  let text = '';
  const socket = require('node:net').connect({ host, port: +port, timeout: 1000 });
  socket.on('data', (data) => { text += data; });
  socket.on('end', () => resolve(JSON.parse(text)));
  socket.on('error', ({ code }) => resolve(code));
  socket.on('timeout', () => { socket.destroy(); resolve('TIMEOUT'); });
});
const udp = () => new Promise((resolve) => {
  const socket = require('node:dgram').createSocket('udp4');
  const done = (value) => { clearTimeout(timer); socket.close(); resolve(value); };
  const timer = setTimeout(() => done('TIMEOUT'), 1000);
  socket.on('error', ({ code }) => done(code));
  socket.on('message', (data) => done(JSON.parse(data)));
  socket.connect(+port, host, () => socket.send('?'));
});
(async () => {
  const answers = [];
  for (let n = 0; n < +count; n++) answers.push(await (protocol === 'tcp' ? tcp() : udp()));
  console.log(JSON.stringify(answers));
})();
`;

/** From whom and by whom a request was answered, or what became of it. */
export type Answer = { readonly by: string; readonly from: string } | string;

const PROGRAM: Readonly<Record<IPFamily, string>> = { IPv4: 'iptables', IPv6: 'ip6tables' };
const NODE_IP = '192.168.77.1';
const GATEWAY = '10.244.1.1';
export const CLIENT_IP = '192.168.77.2';
export const POD_PORT = 8080;

let networks = 0;

/** A node with pods and a client beside it, each in a network namespace of its own; only root can make one. */
export class Network {
  readonly #name = `sw${process.pid % 10_000}x${networks++}`;
  readonly #spaces: string[] = [];
  readonly #servers: ChildProcess[] = [];

  constructor(podIPs: readonly string[]) {
    const node = this.#space('node');
    const client = this.#space('client');
    this.#ip(`-n ${node} link add eth0 type veth peer name eth0 netns ${client}`);
    this.#address(node, 'eth0', `${NODE_IP}/24`);
    this.#address(client, 'eth0', `${CLIENT_IP}/24`);
    this.#ip(`-n ${client} route add default via ${NODE_IP}`);
    // A node has somewhere to send what no rule takes; without, it would refuse before any rule is asked. Not back to the
    // client: a redirect would go out first, and the refusal after it would be held back by the limit for such messages.
    const world = this.#space('world');
    this.#ip(`-n ${node} link add eth1 type veth peer name eth0 netns ${world}`);
    this.#address(node, 'eth1', '192.168.78.1/24');
    this.#address(world, 'eth0', '192.168.78.2/24');
    this.#ip(`-n ${node} route add default via 192.168.78.2`);
    for (const [at, podIP] of podIPs.entries()) {
      const pod = this.#space(podIP);
      this.#ip(`-n ${node} link add pod${at} type veth peer name eth0 netns ${pod}`);
      this.#address(node, `pod${at}`, `${GATEWAY} peer ${podIP}/32`);
      this.#address(pod, 'eth0', `${podIP} peer ${GATEWAY}/32`);
      this.#ip(`-n ${pod} route add default via ${GATEWAY}`);
    }
    this.#in('node', ['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
  }

  /** Starts a server in every pod. */
  async serve(podIPs: readonly string[]): Promise<void> {
    for (const ip of podIPs) {
      const command = ['netns', 'exec', this.#full(ip), process.execPath, '-e', SERVER];
      const server = spawn('ip', [...command, ip, String(POD_PORT)]);
      this.#servers.push(server);
      await new Promise<void>((resolve, reject) => {
        server.stdout.once('data', () => resolve());
        server.once('exit', () => reject(new Error(`the server of ${ip} ended`)));
      });
    }
  }

  /** Replaces the node's rules by `text`, or adds to them. */
  load(text: string, mode: 'replace' | 'add' = 'replace', family: IPFamily = 'IPv4'): void {
    const program = `${PROGRAM[family]}-restore`;
    this.#in('node', mode === 'add' ? [program, '--noflush'] : [program], text);
  }

  saved(family: IPFamily = 'IPv4'): string {
    return this.#in('node', [`${PROGRAM[family]}-save`]);
  }

  /** Asks from the client, the node or a pod (by its IP). */
  ask(who: string, protocol: 'tcp' | 'udp', host: string, port: number, count = 1): Answer[] {
    const question = [protocol, host, String(port), String(count)];
    const printed = this.#in(who, [process.execPath, '-e', CLIENT, ...question]);
    return JSON.parse(printed) as Answer[];
  }

  close(): void {
    for (const server of this.#servers) server.kill();
    for (const space of this.#spaces) spawnSync('ip', ['netns', 'del', space]);
  }

  #full(who: string): string {
    return `${this.#name}-${who.replaceAll('.', '')}`;
  }

  #space(who: string): string {
    const space = this.#full(who);
    this.#ip(`netns add ${space}`);
    this.#spaces.push(space);
    this.#ip(`-n ${space} link set lo up`);
    return space;
  }

  #address(space: string, device: string, address: string): void {
    this.#ip(`-n ${space} addr add ${address} dev ${device}`);
    this.#ip(`-n ${space} link set ${device} up`);
  }

  #ip(command: string): void {
    execFileSync('ip', command.split(' '), { stdio: 'pipe' });
  }

  #in(who: string, command: readonly string[], input = ''): string {
    assert(this.#spaces.includes(this.#full(who)), `nobody is called ${who}`);
    return execFileSync('ip', ['netns', 'exec', this.#full(who), ...command], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }
}

/** What this machine lacks to make networks and load rules into them; undefined if nothing. */
export function missed(): string | undefined {
  if (spawnSync('iptables-restore', ['--version']).status !== 0)
    return 'iptables is not installed: no rules were loaded into a kernel';
  try {
    const network = new Network([]);
    try {
      network.load('*nat\n-A POSTROUTING -m comment --comment x -j MASQUERADE\nCOMMIT\n');
    } finally {
      network.close();
    }
    return undefined;
  } catch (error) {
    const [line] = String(error).split('\n');
    return `network namespaces with iptables cannot be made here (${line}): no rules were loaded`;
  }
}
