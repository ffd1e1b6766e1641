import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodes, services } from '../../generated/core/v1/resources.ts';
import { endpointslices } from '../../generated/discovery/v1/resources.ts';
import type { Forward } from '../proxy/index.ts';
import { endpoint, NODE, service, slice } from '../proxy/testing/objects.fakes.ts';
import { type Cluster, createCluster, type Forwarding, forwardServices, Pacer } from './index.ts';

const HOST = '127.0.0.1';
const servers: Server[] = [];
const open = new Map<string, Forward>();
const failures: string[] = [];
let cluster: Cluster;
let pacer: Pacer;
let forwarding: Forwarding;

function serve(name: string): Promise<number> {
  const server = createServer((socket) => socket.end(name));
  servers.push(server);
  return new Promise((resolve) =>
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port)),
  );
}

/** What is said on a service's port; undefined when the connection was cut. */
function ask(name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port: open.get(name)!.port });
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', () => resolve(undefined));
  });
}

async function have(key: string, ips: readonly string[], spec: object = {}): Promise<void> {
  const [namespace] = key.split('/');
  const { client } = cluster;
  const wanted = service(key, '', { clusterIP: '', clusterIPs: [], ...spec });
  const { clusterIP: _, clusterIPs: __, ...rest } = wanted.spec!;
  if (!cluster.transport.lister(services).get(key))
    await client.create(services, { ...wanted, spec: rest } as never);
  const places = slice(
    key,
    ips.map((ip) => endpoint(ip, 'n1')),
  );
  const existing = cluster.transport
    .lister(endpointslices)
    .get(`${namespace}/${places.metadata.name}`);
  if (existing)
    await client.update(endpointslices, { ...existing, endpoints: places.endpoints } as never);
  else await client.create(endpointslices, { ...places, addressType: 'IPv4' } as never);
}

beforeAll(async () => {
  cluster = await createCluster({ freeze: true });
  pacer = new Pacer(cluster, 'eager');
  const places = [
    ['192.0.2.1:8080', await serve('one')],
    ['192.0.2.2:8080', await serve('two')],
  ].map(([from, port]) => `${from}=${HOST}:${port}`);
  forwarding = forwardServices(cluster, pacer, {
    overrides: places.join(','),
    onOpen: (forward) => open.set(forward.name, forward),
    onClose: ({ name }) => open.delete(name),
    onFailure: (message) => failures.push(message),
  });
  await cluster.client.create(nodes, NODE as never);
  pacer.start();
});

afterAll(async () => {
  await forwarding.close();
  await pacer.stop();
  for (const server of servers) server.close();
});

describe('forwarding for a cluster', () => {
  it('carries what comes to a port of a service to its endpoints in turn', async () => {
    await have('default/web', ['192.0.2.1', '192.0.2.2']);
    await forwarding.caughtUp();
    const answers = [await ask('default/web'), await ask('default/web'), await ask('default/web')];
    expect(new Set(answers)).toEqual(new Set(['one', 'two']));
    expect(answers[0]).toBe(answers[2]);
  });

  it('keeps the port and follows the endpoints', async () => {
    const { port } = open.get('default/web')!;
    await have('default/web', ['192.0.2.2']);
    await forwarding.caughtUp();
    expect(open.get('default/web')!.port).toBe(port);
    expect([await ask('default/web'), await ask('default/web')]).toEqual(['two', 'two']);
  });

  it('keeps a client with its endpoint when the service asks for it', async () => {
    await have('default/sticky', ['192.0.2.1', '192.0.2.2'], { sessionAffinity: 'ClientIP' });
    await forwarding.caughtUp();
    const first = await ask('default/sticky');
    expect([await ask('default/sticky'), await ask('default/sticky')]).toEqual([first, first]);
  });

  it('cuts off who comes when there is no endpoint, and says why', async () => {
    await have('default/none', []);
    await forwarding.caughtUp();
    expect(await ask('default/none')).toBeUndefined();
    expect(failures).toEqual(['default/none/TCP: missing endpoints']);
  });

  it('closes the port of a service that is gone', async () => {
    const { port } = open.get('default/web')!;
    await cluster.client.delete(services, { namespace: 'default', name: 'web' });
    await forwarding.caughtUp();
    expect(open.has('default/web')).toBe(false);
    const refused = await new Promise((resolve) =>
      connect({ host: HOST, port }).on('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code),
      ),
    );
    expect(refused).toBe('ECONNREFUSED');
  });
});
