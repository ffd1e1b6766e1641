import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../dist/runtime/cli/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'slipway-proxy-'));

const MANIFEST = `
import { Node, Service } from 'slipway/core/v1';
import { EndpointSlice } from 'slipway/discovery/v1';
export const node = new Node({ metadata: { name: 'n1' } });
export const web = new Service({ metadata: { name: 'web' }, spec: { ports: [{ port: 80 }] } });
export const places = new EndpointSlice({
  metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['192.0.2.1'] }],
  ports: [{ name: '', port: 8080 }],
});
`;

let server: Server;
let proxy: ChildProcess;
let output = '';
let errors = '';

beforeAll(async () => {
  writeFileSync(join(folder, 'web.ts'), MANIFEST);
  server = createServer((socket) => socket.end('from the endpoint'));
  const there = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
  const override = `192.0.2.1:8080=127.0.0.1:${there}`;
  const args = ['proxy', folder, '--endpoint-override', override, '-o', 'json'];
  proxy = spawn(process.execPath, [BIN, ...args]);
  proxy.stderr!.on('data', (text: Buffer) => {
    errors += text;
  });
  await new Promise<void>((resolve, reject) => {
    proxy.stdout!.on('data', (text: Buffer) => {
      output += text;
      if (output.includes('default/web')) resolve();
    });
    proxy.on('exit', () => reject(new Error(`it ended: ${errors}`)));
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => proxy.on('exit', resolve));
  proxy.kill('SIGTERM');
  expect(await ended).toBe(0);
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('slipway proxy', () => {
  it('says where a service can be reached, and carries its traffic', async () => {
    const line = output.split('\n').find((each) => each.includes('default/web'))!;
    const { event, name, protocol, servicePort, port, host } = JSON.parse(line);
    expect({ event, name, protocol, servicePort, host }).toEqual({
      event: 'open',
      name: 'default/web',
      protocol: 'TCP',
      servicePort: 80,
      host: '127.0.0.1',
    });
    const said = await new Promise((resolve, reject) => {
      const socket = connect({ host, port });
      socket.on('data', (text) => resolve(String(text)));
      socket.on('error', reject);
    });
    expect(said).toBe('from the endpoint');
  });
});
