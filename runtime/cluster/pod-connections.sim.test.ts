import { request } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { behaviours } from '../../generated/cluster/v1/resources.ts';
import { nodes, pods } from '../../generated/core/v1/resources.ts';
import { rolebindings, roles } from '../../generated/rbac/v1/resources.ts';
import {
  type Cluster,
  createCluster,
  Pacer,
  type Serving,
  serveApi,
  servingCertificates,
} from './index.ts';

const IN = { namespace: 'default' };
const POD = '/api/v1/namespaces/default/pods/web';
const V5 = 'v5.channel.k8s.io';
const V4 = 'v4.channel.k8s.io';
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
  await client.create(behaviours, {
    metadata: { name: 'b', ...IN },
    spec: {
      container: 'main',
      exec: [
        { command: ['hostname'], stdout: 'web\n', stderr: 'hm\n' },
        { command: ['false'], code: 7 },
        { command: ['slow'], stdout: 'done', after: '300ms' },
        { command: ['endless'], after: '1h' },
        { command: ['cat'], input: 'Echoed' },
        { command: ['tar', '**'], input: 'Awaited', stdout: 'read' },
        { command: ['much'], stdout: 'x'.repeat(100_000) },
      ],
      logs: [{ line: 'tick', every: '200ms' }],
      http: [{ port: 80, path: '/hello', body: 'hello' }],
      terminate: { duration: '0s' },
    },
  } as never);
});

afterAll(async () => {
  await serving.close();
  await pacer.stop();
  expect(failures).toEqual([]);
});

beforeEach(async () => {
  if (cluster.transport.lister(pods).get('web', 'default')) return;
  await cluster.client.create(pods, {
    metadata: { name: 'web', ...IN },
    spec: { nodeName: 'n', containers: [{ name: 'main', image: 'web:1' }] },
  } as never);
  await until(
    () => cluster.transport.lister(pods).get('web', 'default')?.status?.phase === 'Running',
  );
});

/** Waits for what real time brings about. */
async function until(condition: () => boolean): Promise<void> {
  const end = process.hrtime.bigint() + 10_000_000_000n;
  while (!condition() && process.hrtime.bigint() < end)
    await new Promise((resolve) => setImmediate(resolve));
  expect(condition()).toBe(true);
}

interface Opening {
  readonly protocol?: string | undefined;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

/** A client's connection to a pod: what came on each channel, and how it was closed. */
class Connection {
  readonly socket: WebSocket;
  readonly received = new Map<number, Buffer>();
  closed: number | undefined;
  refusal: { code: number; text: string } | undefined;

  constructor(path: string, { protocol = V5, token = serving.token, headers = {} }: Opening = {}) {
    this.socket = new WebSocket(`${serving.url.replace('https', 'wss')}${path}`, [protocol], {
      ca: serving.authority,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    this.socket.on('message', (message: Buffer) => {
      const [channel = -1] = message;
      const before = this.received.get(channel) ?? Buffer.alloc(0);
      this.received.set(channel, Buffer.concat([before, message.subarray(1)]));
    });
    this.socket.on('close', (code) => {
      this.closed ??= code;
    });
    this.socket.on('error', () => {
      this.closed ??= 0;
    });
    this.socket.on('unexpected-response', (_, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      response.on('end', () => {
        this.refusal = { code: response.statusCode ?? 0, text };
        this.closed ??= 0;
      });
    });
  }

  async opened(): Promise<this> {
    await until(() => this.socket.readyState === WebSocket.OPEN || this.closed !== undefined);
    return this;
  }

  async over(): Promise<this> {
    await until(() => this.closed !== undefined);
    return this;
  }

  send(channel: number, text: string): void {
    this.socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
  }

  text(channel: number): string | undefined {
    return this.received.get(channel)?.toString();
  }

  get status(): Record<string, unknown> {
    return JSON.parse(this.text(3) ?? '{}');
  }
}

function exec(command: string[], opening: Opening & { streams?: string[] } = {}): Connection {
  const { streams = ['stdout', 'stderr'] } = opening;
  const parameters = [
    ...command.map((each) => `command=${encodeURIComponent(each)}`),
    ...streams.map((each) => `${each}=true`),
  ];
  return new Connection(`${POD}/exec?${parameters.join('&')}`, opening);
}

describe('exec', () => {
  it.each([V5, V4])('runs a command, by %s', async (protocol) => {
    const done = await exec(['hostname'], { protocol }).over();
    expect(done.socket.protocol).toBe(protocol);
    expect([done.text(1), done.text(2), done.closed]).toEqual(['web\n', 'hm\n', 1000]);
    expect(done.status).toEqual({ metadata: {}, status: 'Success' });
  });

  it('gives only the streams that were asked for, and one to a terminal', async () => {
    const one = await exec(['hostname'], { streams: ['stdout'] }).over();
    expect([one.text(1), one.text(2)]).toEqual(['web\n', undefined]);
    const tty = await exec(['hostname'], { streams: ['stdout', 'tty'] }).over();
    expect([tty.text(1), tty.text(2)]).toEqual(['web\r\nhm\r\n', undefined]);
  });

  it('tells how a command failed', async () => {
    expect((await exec(['false']).over()).status).toEqual({
      metadata: {},
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: 'command terminated with non-zero exit code: command terminated with exit code 7',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    });
  });

  it('tells that the container has no such program', async () => {
    const { status, closed } = await exec(['ls']).over();
    expect(closed).toBe(1000);
    expect(status).toMatchObject({ status: 'Failure', reason: 'InternalError', code: 500 });
    expect(status['message']).toContain('exec: "ls": executable file not found in $PATH');
  });

  it('takes the time that the command takes', async () => {
    const beginMs = cluster.now();
    const done = await exec(['slow']).over();
    expect(done.text(1)).toBe('done');
    expect(cluster.now() - beginMs).toBeGreaterThanOrEqual(300);
  });

  it('sends back what is typed until it ends, and waits for the end of what is read', async () => {
    const streams = ['stdin', 'stdout'];
    const cat = await exec(['cat'], { streams }).opened();
    cat.send(0, 'one');
    await until(() => cat.text(1) === 'one');
    expect(cat.closed).toBeUndefined();
    cat.socket.send(Buffer.of(255, 0));
    expect((await cat.over()).status).toMatchObject({ status: 'Success' });
    const tar = await exec(['tar', 'xf', '-'], { streams }).opened();
    tar.send(0, 'bytes');
    tar.socket.send(Buffer.of(255, 0));
    expect((await tar.over()).text(1)).toBe('read');
  });

  it('sends much in pieces', async () => {
    expect((await exec(['much']).over()).text(1)).toBe('x'.repeat(100_000));
  });

  it('ends with its container', async () => {
    const running = await exec(['endless']).opened();
    await cluster.client.delete(pods, { name: 'web', ...IN }, { gracePeriodSeconds: 0 });
    expect((await running.over()).status).toMatchObject({
      details: { causes: [{ reason: 'ExitCode', message: '137' }] },
    });
  });
});

describe('attach', () => {
  it('gives what is written from then on, until the process ends', async () => {
    const attached = await new Connection(`${POD}/attach?stdout=true`).opened();
    await until(() => (attached.text(1)?.length ?? 0) > 'tick\n'.length);
    expect(attached.text(1)).toMatch(/^(tick\n)+$/);
    await cluster.client.delete(pods, { name: 'web', ...IN }, { gracePeriodSeconds: 0 });
    expect((await attached.over()).status).toMatchObject({ status: 'Success' });
  });
});

describe('portforward', () => {
  const forward = (ports: string) =>
    new Connection(`${POD}/portforward?ports=${ports}`, { protocol: V4 }).opened();

  it('speaks with the ports of a pod, each by two channels', async () => {
    const connection = await forward('80');
    await until(() => connection.received.has(1));
    expect([...connection.received]).toEqual([
      [0, Buffer.of(80, 0)],
      [1, Buffer.of(80, 0)],
    ]);
    connection.send(
      0,
      'GET /hello?x HTTP/1.1\r\nHost: x\r\n\r\nGET /other HTTP/1.1\r\nHost: x\r\n\r\n',
    );
    await until(() => connection.text(0)!.includes('page not found'));
    expect(connection.text(0)).toMatch(
      /^P\0HTTP\/1.1 200 OK\r\n[\s\S]*\r\nhelloHTTP\/1.1 404 Not Found/,
    );
    connection.socket.close();
  });

  it('says where nobody listens', async () => {
    const connection = await forward('81');
    await until(() => (connection.received.get(1)?.length ?? 0) > 2);
    expect(connection.text(1)).toContain('connect: connection refused');
    connection.socket.close();
  });
});

describe('what is not let in', () => {
  const refusal = async (connection: Connection) => {
    const { refusal: found } = await connection.over();
    return [found?.code, JSON.parse(found?.text ?? '{}').message];
  };

  it('is answered as any request is', async () => {
    expect(
      await refusal(
        new Connection('/api/v1/namespaces/default/pods/none/exec?command=ls&stdout=true'),
      ),
    ).toEqual([404, 'pods "none" not found']);
    expect(await refusal(new Connection(`${POD}/exec?command=ls&stdout=true&container=x`))).toEqual(
      [400, 'container x is not valid for pod web'],
    );
    expect(await refusal(new Connection(`${POD}/exec?stdout=true`))).toEqual([
      400,
      'you must specify at least one command for the container',
    ]);
    expect(await refusal(new Connection(`${POD}/attach`))).toEqual([
      400,
      'you must specify at least 1 of stdin, stdout, stderr',
    ]);
    expect(await refusal(exec(['ls'], { protocol: 'v9.channel.k8s.io' }))).toEqual([
      400,
      expect.stringContaining('unable to negotiate protocol: client supports [v9.channel.k8s.io]'),
    ]);
    expect(await refusal(exec(['ls'], { token: 'wrong' }))).toEqual([401, 'Unauthorized']);
  });

  it('is somebody who may get but not create: a command is no reading', async () => {
    const rule = (verbs: string[]) => ({ apiGroups: [''], resources: ['pods/exec'], verbs });
    const { client, server } = cluster;
    await client.create(roles, { metadata: { name: 'r', ...IN }, rules: [rule(['get'])] } as never);
    await client.create(rolebindings, {
      metadata: { name: 'r', ...IN },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ann' }],
    } as never);
    server.authenticator.addToken('ann', { name: 'ann', groups: [] });
    expect(await refusal(exec(['hostname'], { token: 'ann' }))).toEqual([
      403,
      expect.stringContaining('User "ann" cannot create resource "pods/exec" in API group ""'),
    ]);
    await client.apply(
      roles,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'r', ...IN },
        rules: [rule(['get', 'create'])],
      } as never,
      { fieldManager: 'tests', force: true },
    );
    expect((await exec(['hostname'], { token: 'ann' }).over()).text(1)).toBe('web\n');
  });

  /** A request that asks for an upgrade, and the answer that it gets instead. */
  const plain = (path: string, method: string, headers: Record<string, string>) =>
    new Promise<{ code: number; text: string }>((resolve, reject) => {
      const all = { authorization: `Bearer ${serving.token}`, ...headers };
      const options = { method, ca: serving.authority, headers: all, agent: false };
      const outgoing = request(new URL(path, serving.url), options, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk;
        });
        response.on('end', () => resolve({ code: response.statusCode ?? 0, text }));
      });
      outgoing.on('error', reject);
      outgoing.end();
    });

  it('is a client of SPDY, or one that asks for no upgrade', async () => {
    const spdy = { connection: 'Upgrade', upgrade: 'SPDY/3.1' };
    const answer = await plain(`${POD}/exec?command=ls&stdout=true`, 'POST', spdy);
    expect([answer.code, JSON.parse(answer.text)]).toMatchObject([
      400,
      {
        kind: 'Status',
        reason: 'BadRequest',
        message: expect.stringContaining('SPDY/3.1 is not spoken'),
      },
    ]);
    const none = await plain(`${POD}/exec?command=ls&stdout=true`, 'POST', {});
    expect([none.code, JSON.parse(none.text).message]).toEqual([400, 'Upgrade request required']);
  });

  it('gets what it would get without, where there is nothing to be connected with', async () => {
    const h2c = { connection: 'Upgrade', upgrade: 'h2c' };
    expect(await plain('/healthz', 'GET', h2c)).toEqual({ code: 200, text: 'ok' });
    expect((await plain('/api/v1/namespaces/default/pods/%E0%A4%A/exec', 'GET', h2c)).code).toBe(
      400,
    );
  });
});

describe('a client that means harm', () => {
  it('is cut off when it sends too much at once', async () => {
    const connection = await exec(['cat'], { streams: ['stdin', 'stdout'] }).opened();
    connection.socket.send(Buffer.alloc(2 * 1024 * 1024));
    expect((await connection.over()).closed).toBe(1009);
  });

  it('is not listened to on channels that there are not', async () => {
    const connection = await exec(['cat'], { streams: ['stdin', 'stdout'] }).opened();
    connection.socket.send(Buffer.alloc(0));
    connection.socket.send('text');
    connection.socket.send(Buffer.of(255));
    connection.send(77, 'x');
    connection.send(0, 'still here');
    await until(() => connection.text(1) === 'still here');
    connection.socket.terminate();
  });

  it('may go in the middle', async () => {
    const connection = await exec(['endless']).opened();
    connection.socket.terminate();
    await connection.over();
    expect((await exec(['hostname']).over()).text(1)).toBe('web\n');
  });
});
