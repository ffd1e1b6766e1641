import { createSocket } from 'node:dgram';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { afterWall, Random, wallClock } from '../../base/index.ts';
import { LoadBalancer } from './load-balancer.ts';
import { openTcp, openUdp, type ProxySocket } from './proxy-socket.ts';

const WEB = 'shop/web:http';
const HOST = '127.0.0.1';
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server of one word, which it says before it closes; what it was told comes first. */
function tcpServer(name: string): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    let heard = '';
    socket.on('data', (data) => {
      heard += data;
    });
    socket.on('end', () => socket.end(`${heard}${name}`));
    socket.on('error', () => {});
  });
  ends.push(() => server.close());
  return new Promise((resolve) =>
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port)),
  );
}

/** Connects, says `word`, closes its half, and gives all that came back; undefined when the connection was cut. */
function ask(port: number, word = ''): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST, allowHalfOpen: true });
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('end', () => {
      socket.end();
      resolve(text);
    });
    socket.on('error', () => resolve(undefined));
    socket.end(word);
  });
}

function udpServer(name: string): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (data, from) => socket.send(`${data}${name}`, from.port, from.address));
  ends.push(() => socket.close());
  return new Promise((resolve) => socket.bind(0, HOST, () => resolve(socket.address().port)));
}

function udpClient(port: number) {
  const socket = createSocket('udp4');
  ends.push(() => socket.close());
  return (word: string): Promise<string> =>
    new Promise((resolve) => {
      socket.once('message', (data) => resolve(String(data)));
      socket.send(word, port, HOST);
    });
}

const pause = (ms: number): Promise<undefined> =>
  new Promise((resolve) => afterWall(ms, () => resolve(undefined)));

interface Opened {
  readonly proxy: ProxySocket;
  readonly lb: LoadBalancer;
  readonly failures: string[];
}

/** Endpoints are named `pod-a:80` and so on; where they really are is the table. */
async function proxying(
  open: typeof openTcp,
  places: Readonly<Record<string, number>>,
  udpIdleMs = 5000,
): Promise<Opened> {
  const lb = new LoadBalancer({ clock: wallClock, random: Random.seeded(1) });
  lb.setEndpoints(WEB, Object.keys(places));
  const failures: string[] = [];
  const proxy = await open({
    service: WEB,
    balancer: lb,
    listen: { host: HOST, port: 0 },
    locate: (endpoint) => ({ host: HOST, port: places[endpoint]! }),
    onFailure: (message) => failures.push(message),
    udpIdleMs,
  });
  ends.push(() => proxy.close());
  return { proxy, lb, failures };
}

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port)),
  );
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a TCP port of the userspace proxy', () => {
  it('sends connections round, and bytes both ways after a half was closed', async () => {
    const places = { 'pod-a:80': await tcpServer('a'), 'pod-b:80': await tcpServer('b') };
    const { proxy } = await proxying(openTcp, places);
    const answers: (string | undefined)[] = [];
    for (let turn = 0; turn < 6; turn++) answers.push(await ask(proxy.port, 'hello '));
    expect(answers.toSorted()).toEqual([...Array(3).fill('hello a'), ...Array(3).fill('hello b')]);
    expect(answers[0]).not.toBe(answers[1]);
  });

  it('carries much in both directions', async () => {
    const { proxy } = await proxying(openTcp, { 'pod-a:80': await tcpServer('!') });
    const word = 'x'.repeat(3_000_000);
    expect(await ask(proxy.port, word)).toBe(`${word}!`);
  });

  it('goes to the next endpoint when one does not answer', async () => {
    const places = { 'pod-a:80': await deadPort(), 'pod-b:80': await tcpServer('b') };
    const { proxy, failures } = await proxying(openTcp, places);
    for (let turn = 0; turn < 4; turn++) expect(await ask(proxy.port)).toBe('b');
    expect(failures).toEqual([]);
  });

  it('makes a client stick to the endpoint that answered', async () => {
    const places = {
      'pod-a:80': await deadPort(),
      'pod-b:80': await tcpServer('b'),
      'pod-c:80': await tcpServer('c'),
    };
    const { proxy, lb } = await proxying(openTcp, places);
    lb.setService(WEB, { type: 'ClientIP', timeoutSeconds: 60 });
    const first = await ask(proxy.port);
    for (let turn = 0; turn < 4; turn++) expect(await ask(proxy.port)).toBe(first);
  });

  it('cuts the client off when all four attempts fail or there is nobody to try', async () => {
    const { proxy, lb, failures } = await proxying(openTcp, { 'pod-a:80': await deadPort() });
    expect(await ask(proxy.port)).toBeUndefined();
    expect(failures[0]).toMatch(/^shop\/web:http: failed to connect to an endpoint; .*pod-a:80/);
    lb.setEndpoints(WEB, []);
    expect(await ask(proxy.port)).toBeUndefined();
    expect(failures[1]).toBe('shop/web:http: missing endpoints');
  });

  it('takes no new connection once closed, and leaves the old one alone', async () => {
    const { proxy } = await proxying(openTcp, { 'pod-a:80': await tcpServer('a') });
    const socket = connect({ port: proxy.port, host: HOST, allowHalfOpen: true });
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('still ');
    await new Promise((resolve) => socket.write('here ', resolve));
    await proxy.close();
    expect(await ask(proxy.port)).toBeUndefined();
    const answer = new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
    socket.end();
    expect(await answer).toBe('still here a');
  });
});

describe('a UDP port of the userspace proxy', () => {
  it('sends clients round, and all datagrams of one to the same endpoint', async () => {
    const places = { 'pod-a:80': await udpServer('a'), 'pod-b:80': await udpServer('b') };
    const { proxy } = await proxying(openUdp, places);
    const one = udpClient(proxy.port);
    const other = udpClient(proxy.port);
    const first = await one('1 ');
    const second = await other('2 ');
    expect([first.slice(2), second.slice(2)].toSorted()).toEqual(['a', 'b']);
    expect(await one('3 ')).toBe(`3 ${first.slice(2)}`);
    expect(await other('4 ')).toBe(`4 ${second.slice(2)}`);
  });

  it('lets a silent client begin anew with the next endpoint', async () => {
    const places = { 'pod-a:80': await udpServer('a'), 'pod-b:80': await udpServer('b') };
    const idleMs = 100;
    const { proxy } = await proxying(openUdp, places, idleMs);
    const client = udpClient(proxy.port);
    const seen = new Set<string>();
    while (seen.size < 2) {
      // An answer that comes after the client was forgotten is lost, as it may be on a slow machine.
      seen.add((await Promise.race([client(''), pause(10 * idleMs)])) ?? 'lost');
      seen.delete('lost');
      await pause(2 * idleMs);
    }
    expect([...seen].toSorted()).toEqual(['a', 'b']);
  });

  it('drops what comes while nobody is there, and says so', async () => {
    const { proxy, lb, failures } = await proxying(openUdp, { 'pod-a:80': await udpServer('a') });
    lb.setEndpoints(WEB, []);
    const client = udpClient(proxy.port);
    void client('lost');
    while (failures.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(failures).toEqual(['shop/web:http: missing endpoints']);
    lb.setEndpoints(WEB, ['pod-a:80']);
    expect(await client('found ')).toBe('found a');
  });
});
