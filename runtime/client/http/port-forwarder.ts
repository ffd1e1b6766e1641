import { createServer, type Server, type Socket } from 'node:net';
import type { Forward, ForwardWish, PodConnections, PortForwards } from '../pod-connections.ts';

const FORWARDS_MAX = 100;
const CONNECTIONS_MAX = 256;

interface Listening {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  state: Forward;
}

/** Listens on this machine, and connects whoever comes with a port of a pod. */
export class PortForwarder implements PortForwards {
  readonly #connections: PodConnections;
  readonly #changed: () => void;
  readonly #open = new Map<string, Listening>();
  #ids = 0;

  /** `changed` is told when a forward or its connections come or go. */
  constructor(connections: PodConnections, changed: () => void) {
    this.#connections = connections;
    this.#changed = changed;
  }

  async open(wish: ForwardWish): Promise<Forward> {
    if (this.#open.size >= FORWARDS_MAX)
      throw new Error(`there are ${FORWARDS_MAX} forwards already`);
    const server = createServer({ allowHalfOpen: true });
    server.maxConnections = CONNECTIONS_MAX;
    await listening(server, wish);
    const address = server.address();
    const localPort = typeof address === 'object' && address ? address.port : wish.localPort;
    const id = String(++this.#ids);
    const opened: Listening = {
      server,
      sockets: new Set(),
      state: { ...wish, id, localPort, active: 0, total: 0 },
    };
    server.on('connection', (socket) => this.#connect(socket, opened));
    this.#open.set(id, opened);
    this.#changed();
    return opened.state;
  }

  list(): readonly Forward[] {
    return [...this.#open.values()].map(({ state }) => state);
  }

  async stop(id: string): Promise<boolean> {
    const found = this.#open.get(id);
    if (!found) return false;
    this.#open.delete(id);
    await ended(found);
    this.#changed();
    return true;
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(all.map(ended));
  }

  #connect(socket: Socket, opened: Listening): void {
    const { name, namespace, port } = opened.state;
    const remote = this.#connections.dial({ name, namespace }, port);
    opened.sockets.add(socket);
    this.#count(opened, { active: 1, total: 1 });
    socket.pipe(remote);
    remote.pipe(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      remote.destroy();
      opened.sockets.delete(socket);
      this.#count(opened, { active: -1, total: 0 });
    });
    remote.on('error', ({ message }) => {
      opened.state = { ...opened.state, trouble: message };
      socket.destroy();
    });
    // What was refused has no end that a pipe would pass on.
    remote.on('close', () => socket.end());
  }

  #count(opened: Listening, { active, total }: { active: number; total: number }): void {
    const { state } = opened;
    opened.state = { ...state, active: state.active + active, total: state.total + total };
    this.#changed();
  }
}

function listening(server: Server, { localPort: port, address: host }: ForwardWish): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(new Error(REFUSALS[code ?? '']?.(host, port) ?? message)),
    );
    server.listen({ port, host }, resolve);
  });
}

const REFUSALS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) => `${host}:${port} is taken; 0 is any port that is free`,
  EACCES: (host, port) => `${host}:${port} may not be used; take one above 1023`,
  EADDRNOTAVAIL: (host) => `${host} is no address of this machine`,
  ENOTFOUND: (host) => `${host} is no address of this machine`,
};

function ended({ server, sockets }: Listening): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
