import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { afterWall } from '../base/index.ts';

const BIN = fileURLToPath(new URL('../../dist/runtime/cli/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'slipway-proxy-'));
const HOST = '127.0.0.1';
const STICKY_SECONDS = 2;
const UDP_IDLE_MS = 400;

const manifest = (healthCheckNodePort: number): string => `
import { Node, Service } from 'slipway/core/v1';
import { EndpointSlice } from 'slipway/discovery/v1';
import { KubeProxyConfiguration } from 'slipway/kubeproxy/v1alpha1';
const places = (name: string, protocol: 'TCP' | 'UDP') =>
  new EndpointSlice({
    metadata: { name: name + '-1', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['192.0.2.1'], nodeName: 'n1' }, { addresses: ['192.0.2.2'] }],
    ports: [{ name: '', port: 8080, protocol }],
  });
export default [
  new KubeProxyConfiguration({ metadata: { name: 'default' }, udpIdleTimeout: '${UDP_IDLE_MS}ms' }),
  new Node({ metadata: { name: 'n1' } }),
  new Service({
    metadata: { name: 'web' },
    spec: {
      type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: ${healthCheckNodePort},
      ports: [{ port: 80 }],
    },
  }),
  new Service({
    metadata: { name: 'sticky' },
    spec: {
      ports: [{ port: 80 }],
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: ${STICKY_SECONDS} } },
    },
  }),
  new Service({ metadata: { name: 'dns' }, spec: { ports: [{ port: 53, protocol: 'UDP' }] } }),
  places('web', 'TCP'), places('sticky', 'TCP'), places('dns', 'UDP'),
];
`;

interface Event {
  readonly event: string;
  readonly name?: string;
  readonly service?: string;
  readonly protocol?: string;
  readonly servicePort?: number;
  readonly host: string;
  readonly port: number;
}

const servers: (Server | Socket)[] = [];
let proxy: ChildProcess;
let output = '';
let errors = '';

/** Something that answers with its name, over TCP and UDP on one port. */
async function serve(name: string): Promise<number> {
  const tcp = createServer((socket) => socket.end(name));
  servers.push(tcp);
  await new Promise<void>((resolve) => tcp.listen(0, HOST, resolve));
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', (text, from) => udp.send(`${name} ${text}`, from.port, from.address));
  servers.push(udp);
  await new Promise<void>((resolve) => udp.bind(port, HOST, resolve));
  return port;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, HOST, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const events = (): Event[] =>
  output
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Event);
const forward = (name: string): Event => events().find((each) => each.name === name)!;
const pause = (ms: number): Promise<void> => new Promise((resolve) => afterWall(ms, resolve));

function ask({ host, port }: Event): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.on('data', (text) => resolve(String(text)));
    socket.on('error', reject);
  });
}

let healthPort = 0;

beforeAll(async () => {
  healthPort = await freePort();
  writeFileSync(join(folder, 'web.ts'), manifest(healthPort));
  const overrides = [
    `192.0.2.1:8080=${HOST}:${await serve('one')}`,
    `192.0.2.2:8080=${HOST}:${await serve('two')}`,
  ];
  const args = ['proxy', folder, '--endpoint-override', overrides.join(',')];
  proxy = spawn(process.execPath, [BIN, ...args, '--healthz-port', '0', '-o', 'json']);
  proxy.stderr!.on('data', (text: Buffer) => {
    errors += text;
  });
  await new Promise<void>((resolve, reject) => {
    proxy.stdout!.on('data', (text: Buffer) => {
      output += text;
      const names = new Set(events().map(({ name, service }) => name ?? service));
      if (['default/web', 'default/sticky', 'default/dns'].every((each) => names.has(each)))
        if (events().filter(({ event }) => event === 'health').length === 2) resolve();
    });
    proxy.on('exit', () => reject(new Error(`it ended: ${errors}`)));
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => proxy.on('exit', resolve));
  proxy.kill('SIGTERM');
  expect(await ended).toBe(0);
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('slipway proxy', () => {
  it('says where a service can be reached, and carries its traffic to each endpoint in turn', async () => {
    expect(forward('default/web')).toMatchObject({
      event: 'open',
      protocol: 'TCP',
      servicePort: 80,
      host: HOST,
    });
    const answers: string[] = [];
    for (let n = 0; n < 4; n++) answers.push(await ask(forward('default/web')));
    expect(new Set(answers)).toEqual(new Set(['one', 'two']));
    expect(answers.slice(2)).toEqual(answers.slice(0, 2));
  });

  it('keeps a client with its endpoint until it was away for too long', async () => {
    const sticky = forward('default/sticky');
    const first = await ask(sticky);
    for (let n = 0; n < 3; n++) expect(await ask(sticky)).toBe(first);
    await pause((STICKY_SECONDS + 1) * 1000);
    expect(await ask(sticky)).not.toBe(first);
  });

  it('carries datagrams, those of one client to one endpoint until it was silent for too long', async () => {
    const { host, port } = forward('default/dns');
    const client = createSocket('udp4');
    const say = (word: string): Promise<string> =>
      new Promise((resolve) => {
        client.once('message', (text) => resolve(String(text)));
        client.send(word, port, host);
      });
    const [endpoint, word] = (await say('a')).split(' ');
    expect(word).toBe('a');
    for (const each of ['b', 'c']) expect(await say(each)).toBe(`${endpoint} ${each}`);
    await pause(3 * UDP_IDLE_MS);
    expect(await say('d')).toBe(`${endpoint === 'one' ? 'two' : 'one'} d`);
    client.close();
  });

  it('answers for its health, and for that of services', async () => {
    const own = events().find(({ event, service }) => event === 'health' && !service)!;
    const at = (path: string): Promise<Response> => fetch(`http://${own.host}:${own.port}${path}`);
    expect(await (await at('/healthz')).json()).toMatchObject({ nodeEligible: true });
    expect((await at('/livez')).status).toBe(200);
    expect(events()).toContainEqual({
      event: 'health',
      service: 'default/web',
      host: HOST,
      port: healthPort,
    });
    const answer = await fetch(`http://${HOST}:${healthPort}/`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        service: { namespace: 'default', name: 'web' },
        localEndpoints: 1,
        serviceProxyHealthy: true,
      },
    ]);
  });
});
