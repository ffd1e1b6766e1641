import { createConnection, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { behaviours } from '../../generated/cluster/v1/resources.ts';
import { nodes, pods } from '../../generated/core/v1/resources.ts';
import {
  type ForwardWish,
  type PodAccess,
  type PodProcess,
  type ProcessEnd,
  podAccess,
} from '../client/index.ts';
import {
  type Cluster,
  createCluster,
  Pacer,
  type Serving,
  serveApi,
  servingCertificates,
} from './index.ts';

const POD = { name: 'web', namespace: 'default' };
const MAIN = { ...POD, container: 'main' };
let cluster: Cluster;
let pacer: Pacer;
let serving: Serving;
let access: PodAccess;
let changes = 0;
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
  access = await podAccess(serving, () => changes++);
  const { client } = cluster;
  await client.create(nodes, { metadata: { name: 'n' } });
  await client.create(behaviours, {
    metadata: { name: 'b', namespace: 'default' },
    spec: {
      exec: [
        { command: ['hostname'], stdout: 'wéb\n', stderr: 'hm\n' },
        { command: ['false'], code: 7 },
        { command: ['endless'], after: '1h' },
        { command: ['cat'], input: 'Echoed' },
      ],
      logs: [{ line: 'tick', every: '200ms' }],
      http: [{ port: 80, path: '/hello', body: 'hello' }],
    },
  } as never);
  await client.create(pods, {
    metadata: POD,
    spec: { nodeName: 'n', containers: [{ name: 'main', image: 'web:1' }] },
  } as never);
  await vi.waitFor(
    () =>
      expect(cluster.transport.lister(pods).get('web', 'default')?.status?.phase).toBe('Running'),
    10_000,
  );
});

afterAll(async () => {
  await access.forwards.close();
  await serving.close();
  await pacer.stop();
  expect(failures).toEqual([]);
});

/** What a process said, and how it ended. */
function heard() {
  const said = { stdout: '', stderr: '' };
  const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
  return {
    said,
    end: promise,
    listener: {
      output: (text: string, stream: 'stdout' | 'stderr') => {
        said[stream] += text;
      },
      ended: resolve,
    },
  };
}

describe('a process in a pod', () => {
  const exec = (...command: string[]) => {
    const { listener, ...rest } = heard();
    return { ...rest, process: access.connections.exec(MAIN, command, listener) };
  };

  it('says what it has to say, and ends with a code', async () => {
    const { said, end } = exec('hostname');
    expect(await end).toEqual({ code: 0 });
    expect(said).toEqual({ stdout: 'wéb\n', stderr: 'hm\n' });
    expect(await exec('false').end).toEqual({ code: 7 });
  });

  it('reads what is written, from before it is there until that ends', async () => {
    const { process, said, end } = exec('cat');
    process.write('one\n');
    await vi.waitFor(() => expect(said.stdout).toBe('one\n'), 5000);
    process.write('two\n');
    process.endInput();
    expect(await end).toEqual({ code: 0 });
    expect(said.stdout).toBe('one\ntwo\n');
  });

  it('is told why not, in the words of whoever refuses', async () => {
    expect(await exec('ls').end).toEqual({
      error: expect.stringContaining('exec: "ls": executable file not found in $PATH'),
    });
    const { listener, end } = heard();
    access.connections.exec({ ...MAIN, container: 'x' }, ['ls'], listener);
    expect(await end).toEqual({ error: 'container x is not valid for pod web' });
  });

  it('is left without a word', async () => {
    const ended: ProcessEnd[] = [];
    const leave = (process: PodProcess): void => process.close();
    const listener = { output: () => {}, ended: (end: ProcessEnd) => ended.push(end) };
    leave(access.connections.exec(MAIN, ['endless'], listener));
    leave(access.connections.exec(MAIN, ['endless'], listener));
    expect(await exec('false').end).toEqual({ code: 7 });
    expect(ended).toEqual([]);
  });

  it('is the one of the container itself', async () => {
    const { said, listener } = heard();
    const attached = access.connections.attach(MAIN, listener);
    await vi.waitFor(() => expect(said.stdout).toMatch(/^(tick\n){2,}$/), 5000);
    attached.close();
  });
});

describe('a port of this machine', () => {
  const wish = (port: number, more: Partial<ForwardWish> = {}): ForwardWish => ({
    ...MAIN,
    port,
    localPort: 0,
    address: '127.0.0.1',
    ...more,
  });

  const get = (localPort: number): { socket: Socket; text: Promise<string> } => {
    const socket = createConnection({ port: localPort, host: '127.0.0.1', allowHalfOpen: true });
    const { promise, resolve } = Promise.withResolvers<string>();
    let text = '';
    socket.on('data', (part) => {
      text += part.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    // It is done with its question before the answer comes.
    socket.end('GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    return { socket, text: promise };
  };

  it('leads to a port of a pod, and counts who comes', async () => {
    const before = changes;
    const { id, localPort } = await access.forwards.open(wish(80));
    const answers = await Promise.all([get(localPort).text, get(localPort).text]);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 200 OK[\s\S]*\r\nhello$/);
    await vi.waitFor(
      () => expect(access.forwards.list()).toMatchObject([{ id, active: 0, total: 2, port: 80 }]),
      5000,
    );
    expect(changes).toBeGreaterThan(before);
    expect(await access.forwards.stop(id)).toBe(true);
    expect(await get(localPort).text).toBe('');
    expect(access.forwards.list()).toEqual([]);
    expect(await access.forwards.stop(id)).toBe(false);
  });

  it('says why a connection broke, and stays', async () => {
    const { id, localPort } = await access.forwards.open(wish(81));
    expect(await get(localPort).text).toBe('');
    await vi.waitFor(
      () =>
        expect(access.forwards.list()).toMatchObject([
          { id, active: 0, trouble: expect.stringContaining('connection refused') },
        ]),
      5000,
    );
    await access.forwards.stop(id);
  });

  it('says why it cannot be had', async () => {
    const { id, localPort } = await access.forwards.open(wish(80));
    await expect(access.forwards.open(wish(80, { localPort }))).rejects.toThrow(
      `127.0.0.1:${localPort} is taken`,
    );
    await expect(access.forwards.open(wish(80, { address: '192.0.2.1' }))).rejects.toThrow(
      '192.0.2.1 is no address of this machine',
    );
    await access.forwards.stop(id);
  });

  it('is given back with the connections that it has', async () => {
    const { localPort } = await access.forwards.open(wish(80));
    const open = createConnection({ port: localPort, host: '127.0.0.1' });
    const closed = new Promise((resolve) => open.once('close', resolve));
    await vi.waitFor(() => expect(access.forwards.list()[0]?.active).toBe(1), 5000);
    await access.forwards.close();
    await closed;
  });
});
