import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterWall } from '../../base/index.ts';
import type { LoadBalancer } from './load-balancer.ts';

/** How long one attempt to reach an endpoint may take; after the last the client is let go. */
export const DIAL_TIMEOUTS_MS: readonly number[] = [250, 500, 1000, 2000];
/** How long a UDP client may be silent until its way to an endpoint is forgotten (`udpIdleTimeout`). */
export const UDP_IDLE_MS = 250;
/** Clients of UDP that one port remembers at a time: a socket is open for each. */
const UDP_CLIENTS_MAX = 1000;

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface ProxySocketOptions {
  readonly service: string;
  readonly balancer: LoadBalancer;
  /** Where it listens; port 0 takes any that is free. */
  readonly listen: HostPort;
  /** Where an endpoint (`ip:port`) can be reached from here. */
  locate(endpoint: string): HostPort;
  /** Something went wrong that its client only sees as silence or a closed connection. */
  onFailure(message: string): void;
  readonly udpIdleMs?: number;
}

/** A port that stands for a service port. */
export interface ProxySocket {
  readonly port: number;
  /** Frees the port. Connections of TCP live on; the clients of UDP lose theirs. */
  close(): Promise<void>;
}

/** Forwards connections to the endpoints of a service, bytes both ways, until either side has said its last. */
export function openTcp(options: ProxySocketOptions): Promise<ProxySocket> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  server.on('connection', (client) => {
    client.on('error', () => client.destroy());
    void dial(options, addressOf(client.remoteAddress ?? '')).then(
      (endpoint) => join(client, endpoint),
      (error: Error) => {
        options.onFailure(`${options.service}: ${error.message}`);
        client.resetAndDestroy();
      },
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.listen, () => {
      server.off('error', reject);
      server.on('error', (error) => options.onFailure(`${options.service}: ${error.message}`));
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        // Resolves when nothing new is taken: not when the last connection has ended.
        close: async () => void server.close(),
      });
    });
  });
}

/** Connects to the endpoint whose turn it is; when that fails, to the next, each time with more patience. */
async function dial(options: ProxySocketOptions, client: string): Promise<Socket> {
  let failure = '';
  for (const [attempt, timeoutMs] of DIAL_TIMEOUTS_MS.entries()) {
    const endpoint = options.balancer.nextEndpoint(options.service, client, attempt > 0);
    try {
      return await connectWithin(options.locate(endpoint), timeoutMs);
    } catch (error) {
      failure = `${endpoint}: ${(error as Error).message}`;
    }
  }
  throw new Error(`failed to connect to an endpoint; the last was ${failure}`);
}

function connectWithin({ host, port }: HostPort, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const cancel = afterWall(timeoutMs, () =>
      socket.destroy(new Error(`no answer in ${timeoutMs} ms`)),
    );
    const fail = (error: Error): void => {
      cancel();
      reject(error);
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      cancel();
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** Upstream closes both ways as soon as one has ended; here what is still under way the other way arrives. */
function join(client: Socket, endpoint: Socket): void {
  endpoint.on('error', () => client.destroy());
  client.on('close', () => endpoint.destroy());
  endpoint.on('close', () => client.destroySoon());
  if (client.destroyed) {
    endpoint.destroy();
    return;
  }
  client.pipe(endpoint);
  endpoint.pipe(client);
}

/** Forwards datagrams. All of one client (address and port) go to one endpoint while they keep coming. */
export function openUdp(options: ProxySocketOptions): Promise<ProxySocket> {
  const { host, port } = options.listen;
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const clients = new UdpClients(socket, options);
  socket.on('message', (datagram, from) => clients.forward(datagram, from));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, host, () => {
      socket.off('error', reject);
      socket.on('error', (error) => options.onFailure(`${options.service}: ${error.message}`));
      resolve({
        port: socket.address().port,
        close: () =>
          new Promise((closed) => {
            clients.close();
            socket.close(() => closed());
          }),
      });
    });
  });
}

interface UdpClient {
  readonly socket: UdpSocket;
  /** Datagrams that came before the socket was ready; undefined from then on. */
  waiting: Buffer[] | undefined;
  stay(): void;
}

class UdpClients {
  readonly #clients = new Map<string, UdpClient>();
  readonly #front: UdpSocket;
  readonly #options: ProxySocketOptions;

  constructor(front: UdpSocket, options: ProxySocketOptions) {
    this.#front = front;
    this.#options = options;
  }

  forward(datagram: Buffer, from: RemoteInfo): void {
    const key = `${from.address}|${from.port}`;
    const client = this.#clients.get(key) ?? this.#welcome(key, from);
    if (!client) return;
    client.stay();
    if (client.waiting) client.waiting.push(datagram);
    else client.socket.send(datagram);
  }

  close(): void {
    for (const key of [...this.#clients.keys()]) this.#forget(key);
  }

  #welcome(key: string, from: RemoteInfo): UdpClient | undefined {
    const { service, balancer, locate, onFailure, udpIdleMs = UDP_IDLE_MS } = this.#options;
    if (this.#clients.size >= UDP_CLIENTS_MAX) {
      onFailure(`${service}: more than ${UDP_CLIENTS_MAX} clients at a time`);
      return undefined;
    }
    let place: HostPort;
    try {
      place = locate(balancer.nextEndpoint(service, addressOf(from.address)));
    } catch (error) {
      onFailure(`${service}: ${(error as Error).message}`);
      return undefined;
    }
    const socket = createSocket(place.host.includes(':') ? 'udp6' : 'udp4');
    let cancel = (): void => {};
    const stay = (): void => {
      cancel();
      cancel = afterWall(udpIdleMs, () => this.#forget(key), true);
    };
    const client: UdpClient = { socket, waiting: [], stay };
    this.#clients.set(key, client);
    socket.on('error', () => this.#forget(key));
    socket.on('close', () => cancel());
    socket.on('message', (datagram) => {
      stay();
      this.#front.send(datagram, from.port, from.address);
    });
    socket.connect(place.port, place.host, () => {
      for (const datagram of client.waiting ?? []) socket.send(datagram);
      client.waiting = undefined;
    });
    return client;
  }

  #forget(key: string): void {
    const client = this.#clients.get(key);
    if (!client) return;
    this.#clients.delete(key);
    client.waiting = undefined;
    client.socket.close();
  }
}

/** An IPv4 client of a socket for both families is the same client as on one for IPv4. */
function addressOf(text: string): string {
  return text.startsWith('::ffff:') ? text.slice('::ffff:'.length) : text;
}
