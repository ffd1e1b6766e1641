import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { nodes, pods } from '../../generated/core/v1/resources.ts';
import {
  type Cluster,
  createCluster,
  Pacer,
  type Serving,
  serveApi,
  servingCertificates,
} from './index.ts';

const IN = { namespace: 'default' };
const POD = '/api/v1/namespaces/default/pods/shell';
const V5 = 'v5.channel.k8s.io';
let cluster: Cluster;
let pacer: Pacer;
let serving: Serving;
const failures: unknown[] = [];

beforeAll(async () => {
  cluster = await createCluster({ freeze: true });
  pacer = new Pacer(cluster, 'real');
  pacer.start();
  serving = await serveApi(cluster, pacer, {
    port: 0,
    version: '1.36',
    certificates: await servingCertificates(),
    onFailure: (error) => failures.push(error),
  });
  const { client } = cluster;
  await client.create(nodes, { metadata: { name: 'n' } });
  const command = ['sh', '-c', 'echo begun; sleep 100000'];
  await client.create(pods, {
    metadata: { name: 'shell', ...IN },
    spec: { nodeName: 'n', containers: [{ name: 'main', image: 'busybox', command }] },
  } as never);
  await until(
    () => cluster.transport.lister(pods).get('shell', 'default')?.status?.phase === 'Running',
  );
});

afterAll(async () => {
  await serving.close();
  await pacer.stop();
  expect(failures).toEqual([]);
});

/** Waits for what real time brings about. */
async function until(condition: () => boolean): Promise<void> {
  const end = process.hrtime.bigint() + 10_000_000_000n;
  while (!condition() && process.hrtime.bigint() < end)
    await new Promise((resolve) => setImmediate(resolve));
  expect(condition()).toBe(true);
}

function connect(path: string, protocol: string): { socket: WebSocket; messages: Buffer[] } {
  const socket = new WebSocket(
    `${serving.url.replace('https', 'wss')}${path}`,
    protocol ? [protocol] : [],
    { ca: serving.authority, headers: { authorization: `Bearer ${serving.token}` } },
  );
  const messages: Buffer[] = [];
  socket.on('message', (message: Buffer) => messages.push(message));
  return { socket, messages };
}

const closed = ({ socket }: { socket: WebSocket }) =>
  until(() => socket.readyState === WebSocket.CLOSED);

function ask(command: readonly string[], streams: readonly string[], protocol = V5) {
  const query = [
    ...command.map((each) => `command=${encodeURIComponent(each)}`),
    ...streams.map((each) => `${each}=1`),
  ];
  return connect(`${POD}/exec?${query.join('&')}`, protocol);
}

function channel(messages: readonly Buffer[], wanted: number): Buffer {
  const own = messages.filter(([first]) => first === wanted);
  return Buffer.concat(own.map((message) => message.subarray(1)));
}

/** Runs a command to its end, with all of its input at once. */
async function run(command: readonly string[], input?: Buffer): Promise<Buffer> {
  const asked = ask(command, [...(input ? ['stdin'] : []), 'stdout', 'stderr']);
  if (input) {
    await until(() => asked.socket.readyState === WebSocket.OPEN);
    asked.socket.send(Buffer.concat([Buffer.of(0), input]));
    asked.socket.send(Buffer.of(255, 0));
  }
  await closed(asked);
  return channel(asked.messages, 1);
}

describe('a command in a container whose programs are known', () => {
  it('takes an archive in and gives it back byte by byte', async () => {
    const bytes = Buffer.from([0, 255, 128, 10, 200]);
    await run(['sh', '-c', 'mkdir /tmp/d && cat > /tmp/d/raw'], bytes);
    expect(await run(['cat', '/tmp/d/raw'])).toEqual(bytes);
    const archive = await run(['tar', 'cf', '-', '-C', '/tmp', 'd']);
    expect(archive.length % 512).toBe(0);
    await run(['mkdir', '/tmp/there']);
    await run(['tar', '-xmf', '-', '-C', '/tmp/there'], archive);
    expect(await run(['cat', '/tmp/there/d/raw'])).toEqual(bytes);
    const names = await run(['tar', 'tf', '-'], archive);
    expect(names.toString()).toBe('d/\nd/raw\n');
  });

  it('writes what it makes of its input while that comes', async () => {
    const asked = ask(['sh', '-c', 'while read l; do echo "<$l>"; done'], ['stdin', 'stdout']);
    await until(() => asked.socket.readyState === WebSocket.OPEN);
    const said = () => channel(asked.messages, 1).toString();
    asked.socket.send(Buffer.concat([Buffer.of(0), Buffer.from('one\ntw')]));
    await until(() => said() === '<one>\n');
    asked.socket.send(Buffer.concat([Buffer.of(0), Buffer.from('o\n')]));
    await until(() => said() === '<one>\n<two>\n');
    expect(asked.socket.readyState).toBe(WebSocket.OPEN);
    asked.socket.send(Buffer.of(255, 0));
    await closed(asked);
  });

  it('does not wait for input that it does not read', async () => {
    const asked = ask(['echo', 'x'], ['stdin', 'stdout']);
    await closed(asked);
    expect(channel(asked.messages, 1).toString()).toBe('x\n');
  });

  it('finds the token of its pod', async () => {
    const path = '/var/run/secrets/kubernetes.io/serviceaccount/token';
    const [, claims = ''] = (await run(['cat', path])).toString().split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      sub: 'system:serviceaccount:default:default',
      'kubernetes.io': { pod: { name: 'shell' } },
    });
  });

  it.each(['channel.k8s.io', ''])('tells its end in words to who speaks "%s"', async (protocol) => {
    const good = ask(['echo', 'x'], ['stdout'], protocol);
    await closed(good);
    expect(channel(good.messages, 1).toString()).toBe('x\n');
    expect(channel(good.messages, 3).toString()).toBe('');
    const bad = ask(['false'], ['stdout'], protocol);
    await closed(bad);
    expect(channel(bad.messages, 3).toString()).toMatch(/terminated with exit code 1$/);
  });

  it('speaks base64 with who wants that', async () => {
    const asked = ask(['echo', 'x'], ['stdout'], 'base64.channel.k8s.io');
    await closed(asked);
    expect(asked.messages.map(String)).toEqual([`1${Buffer.from('x\n').toString('base64')}`]);
  });
});

describe('a log over WebSocket', () => {
  it.each(['binary.k8s.io', ''])('comes as it is by "%s"', async (protocol) => {
    const asked = connect(`${POD}/log`, protocol);
    await closed(asked);
    expect(Buffer.concat(asked.messages).toString()).toBe('begun\n');
  });

  it('comes in base64 where that is asked for, and goes on while it is followed', async () => {
    const asked = connect(`${POD}/log?follow=true`, 'base64.binary.k8s.io');
    await until(() => asked.messages.length > 0);
    expect(String(asked.messages[0])).toBe(Buffer.from('begun\n').toString('base64'));
    expect(asked.socket.readyState).toBe(WebSocket.OPEN);
    asked.socket.close();
    await closed(asked);
  });

  it('is refused as any other request is', async () => {
    const asked = connect(`${POD}/log?container=other`, 'binary.k8s.io');
    let code = 0;
    asked.socket.on('unexpected-response', (_, { statusCode = 0 }) => {
      code = statusCode;
    });
    asked.socket.on('error', () => {});
    await until(() => code !== 0);
    expect(code).toBe(400);
    asked.socket.terminate();
  });
});
