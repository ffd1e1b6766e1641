import { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { afterWall } from '../../../base/index.ts';
import type { ApiRequest, KubeObject, ResourceRef } from '../../../meta/index.ts';
import { ApiError, badRequest, tooManyRequests, unauthorized } from '../../../meta/index.ts';
import { andThen } from '../../../storage/index.ts';
import { accessOf } from '../../authorization/index.ts';
import type { ExecInput } from '../../nodes.ts';
import type { ApiServer } from '../../server.ts';
import type { Connection } from '../../subresources/index.ts';
import { failure, send, statusAnswer } from '../answer.ts';
import { authenticate } from '../authenticate.ts';
import type { Incoming } from '../body.ts';
import { isPathOf, type ResourcePath, readTarget, resourcePath } from '../paths.ts';
import { attachTo } from './attach.ts';
import { type ChannelForm, Channels } from './channels.ts';
import { runCommand } from './command.ts';
import { LOG_PROTOCOLS, SocketResponse } from './log-socket.ts';
import { finishWrong } from './outcome.ts';
import { forwardPorts, type PodPorts } from './ports.ts';
import { tunnelPorts } from './tunnel.ts';

export interface UpgradeOptions {
  readonly server: ApiServer;
  now(): number;
  /** Brings the cluster's time up to the wall's. */
  sync?(): void;
  /** Told of what is a bug and not an answer. */
  onFailure(error: unknown): void;
  /** Answers a request that is about no connection to a pod: as if it had not asked for an upgrade. */
  answer(incoming: Incoming, outgoing: ServerResponse): void;
}

type Door = 'attach' | 'exec' | 'portforward';

/** From v4 on the end of a command is told as an object, from v5 on clients can end a stream. The first without a name is the oldest. */
const CHANNELS: readonly string[] = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
  '',
];
const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
/** By what a client may ask for each, in the words of `Sec-WebSocket-Protocol`. */
const PROTOCOLS: Readonly<Record<Door, readonly string[]>> = {
  attach: CHANNELS,
  exec: CHANNELS,
  portforward: [TUNNEL, 'v4.channel.k8s.io'],
};

const CONNECTIONS_MAX = 1_000;
/** Of one message; clients send their input in pieces of 32 KiB. */
const MESSAGE_BYTES_MAX = 1024 * 1024;
const PING_EVERY_MS = 30_000;
const GOING_AWAY = 1001;
const PORTS_MAX = 32;
const RETRY_SECONDS = 1;
const BROKEN = failure(500, 'InternalError', 'Internal error occurred: see the log of the server');

/** What somebody who may wants to be connected with. */
interface Wish {
  readonly door: Door;
  readonly connection: Connection;
  readonly parameters: URLSearchParams;
  readonly request: ApiRequest;
}

/** Takes requests that want their connection upgraded. */
export class UpgradeHandler {
  readonly #options: UpgradeOptions;
  /** The protocols that were agreed on with those who are being let in. */
  readonly #agreed = new WeakMap<Incoming, string>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
  });

  constructor(options: UpgradeOptions) {
    this.#options = options;
    this.#sockets.on('headers', (headers, request) => {
      const protocol = this.#agreed.get(request);
      if (protocol) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
    });
  }

  handle(incoming: Incoming, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refuse = (error: unknown): void => {
      if (!(error instanceof ApiError)) this.#options.onFailure(error);
      const answer = error instanceof ApiError ? statusAnswer(error) : BROKEN;
      send(responseOn(incoming, socket), answer, { acceptsGzip: false, isHead: false });
    };
    try {
      if (isLogSocket(incoming)) {
        this.#sendText(incoming, socket, head);
        return;
      }
      const found = this.#find(incoming);
      if (!found) {
        this.#options.answer(incoming, responseOn(incoming, socket));
        return;
      }
      const wish = this.#wish(incoming, found);
      const { server } = this.#options;
      const opened = andThen(server.admitConnection(wish.request, wish.parameters), () =>
        this.#open(incoming, socket, head, wish),
      );
      if (opened instanceof Promise) opened.catch(refuse);
    } catch (error) {
      refuse(error);
    }
  }

  /** Ends every connection. */
  close(): void {
    for (const socket of this.#sockets.clients) socket.close(GOING_AWAY);
  }

  #find({ url = '/' }: Incoming): Found | undefined {
    const { path, parameters } = readTargetOf(url);
    const named = path === undefined ? undefined : resourcePath(path);
    const door = named?.subresource;
    if (!named || !isDoor(door)) return undefined;
    const descriptor = this.#options.server.kindAt(named.group, named.version, named.resource);
    if (!descriptor || !isPathOf(descriptor, named)) return undefined;
    const { group, version, plural: resource, kind, namespaced } = descriptor;
    const ref = { group, version, resource, kind, namespaced } as ResourceRef;
    return { named, door, ref, parameters };
  }

  /** Who asks, and whether he may; throws the refusal where one of them is wrong. */
  #wish(incoming: Incoming, { named, door, ref, parameters }: Found): Wish {
    const { server, sync } = this.#options;
    sync?.();
    const authenticated = authenticate(server, incoming);
    if (!authenticated) throw unauthorized();
    const user = server.impersonate(authenticated, incoming.headers);
    const { namespace, name } = named;
    const verb = incoming.method === 'POST' ? 'create' : 'get';
    const request = { verb, resource: ref, namespace, name, subresource: door, user, cause: CAUSE };
    server.authorize(user, accessOf(request as never));
    // A WebSocket begins with a GET; what it opens is no reading.
    server.authorize(user, { ...accessOf(request as never), verb: 'create' });
    const connection = server.connection(request as never, parameters);
    if (this.#sockets.clients.size >= CONNECTIONS_MAX)
      throw tooManyRequests(
        'too many connections to pods, please try again later',
        [],
        RETRY_SECONDS,
      );
    return { door, connection, parameters, request: request as never };
  }

  /** Sends over a WebSocket what would else be the body of an answer. */
  #sendText(incoming: Incoming, socket: Duplex, head: Buffer): void {
    const protocol = negotiated(incoming, LOG_PROTOCOLS);
    delete incoming.headers['accept-encoding'];
    const open = (): WebSocket => {
      this.#agreed.set(incoming, protocol);
      delete incoming.headers['sec-websocket-protocol'];
      let opened: WebSocket | undefined;
      this.#sockets.handleUpgrade(incoming, socket, head, (each) => {
        opened = each;
      });
      opened!.on('error', () => opened!.terminate());
      watchOver(opened!);
      return opened!;
    };
    this.#options.answer(incoming, new SocketResponse(incoming, socket, protocol, open));
  }

  #open(incoming: Incoming, socket: Duplex, head: Buffer, wish: Wish): void {
    const protocol = agreed(incoming, wish.door);
    this.#agreed.set(incoming, protocol);
    // The library takes no names with a slash in them, as SPDY's has: what was agreed on is none of its business.
    delete incoming.headers['sec-websocket-protocol'];
    this.#sockets.handleUpgrade(incoming, socket, head, (opened) => {
      opened.on('error', () => opened.terminate());
      watchOver(opened);
      try {
        this.#serve(opened, wish, protocol);
      } catch (error) {
        this.#options.onFailure(error);
        opened.terminate();
      }
    });
  }

  #serve(socket: WebSocket, wish: Wish, protocol: string): void {
    const { door, connection, parameters } = wish;
    const ports = this.#portsOf(connection);
    if (protocol === TUNNEL) tunnelPorts(socket, ports);
    else if (door === 'portforward')
      forwardPorts(new Channels(socket, formOf(protocol)), portsIn(parameters), ports);
    else this.#connect(new Channels(socket, formOf(protocol)), wish);
  }

  /** Connects a client with a process: one that is there, or one that runs for it. */
  #connect(channels: Channels, { door, connection }: Wish): void {
    const { nodes } = this.#options.server;
    const { container, command, streams } = connection;
    const pod = connection.pod();
    const id = pod && nodes.running(pod, container);
    if (!pod || !id) {
      const wrong = `unable to upgrade connection: container not found (${JSON.stringify(container)})`;
      finishWrong(channels, wrong);
      return;
    }
    const now = (): number => {
      this.#options.sync?.();
      return this.#options.now();
    };
    const live = (): KubeObject => connection.pod() ?? pod;
    const isAlive = (): boolean =>
      connection.pod() !== undefined && nodes.running(live(), container) === id;
    if (door === 'attach') {
      attachTo(channels, {
        streams,
        now,
        isAlive,
        lines: () => {
          const current = nodes.running(live(), container);
          // It may be over, and another in its place.
          const previous = current !== undefined && current !== id;
          const answer = nodes.log(live(), { container, previous });
          return 'wrong' in answer ? [] : answer.lines;
        },
      });
      return;
    }
    const run = (input?: ExecInput) => nodes.exec(live(), container, command, input);
    runCommand(channels, { run, streams, now, isAlive, onFailure: this.#options.onFailure });
  }

  #portsOf({ pod }: Connection): PodPorts {
    const { nodes } = this.#options.server;
    return {
      answers: (port) => {
        const live = pod();
        return live && nodes.port(live, port);
      },
      refusal: (port) =>
        `error forwarding port ${port} to pod ${pod()?.metadata.uid ?? ''}, uid : failed to execute portforward in network namespace: ` +
        `failed to connect to localhost:${port} inside namespace, IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`,
    };
  }
}

/** Whether a subresource is one that clients are connected with. */
export function isDoor(subresource: string | undefined): subresource is Door {
  return subresource !== undefined && Object.hasOwn(PROTOCOLS, subresource);
}

interface Found {
  readonly named: ResourcePath;
  readonly door: Door;
  readonly ref: ResourceRef;
  readonly parameters: URLSearchParams;
}

const CAUSE = { component: 'http', record: 0 };

/** What is no text names nothing. */
function readTargetOf(url: string): { path?: string; parameters: URLSearchParams } {
  try {
    return readTarget(url);
  } catch {
    return { parameters: new URLSearchParams() };
  }
}

/** The first protocol of the client's that is spoken here. Throws a 400 where there is none. */
function agreed(incoming: Incoming, door: Door): string {
  const { upgrade = '' } = incoming.headers;
  const spoken = PROTOCOLS[door];
  if (upgrade.toLowerCase() !== 'websocket')
    throw badRequest(
      `unable to upgrade: ${upgrade} is not spoken here, only websocket with ${spoken.join(', ')}`,
    );
  return negotiated(incoming, spoken);
}

function negotiated({ headers }: Incoming, spoken: readonly string[]): string {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  const found = offered.find((each) => spoken.includes(each));
  if (found !== undefined) return found;
  throw badRequest(
    `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${spoken.join(' ')}]`,
  );
}

function formOf(protocol: string): ChannelForm {
  return {
    hasEnds: protocol.startsWith('v5.'),
    isBase64: protocol.includes('base64.'),
    tellsObjects: /^v[45]\./.test(protocol),
  };
}

const LOG = /\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/log$/;

/** A client that reads a log message by message. */
function isLogSocket({ method, url = '/', headers }: Incoming): boolean {
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') return false;
  return LOG.test(url.split('?')[0]!);
}

function portsIn(parameters: URLSearchParams): readonly number[] {
  const ports = parameters
    .getAll('ports')
    .flatMap((each) => each.split(','))
    .map(Number);
  return ports.filter((each) => each > 0 && each < 65536).slice(0, PORTS_MAX);
}

/** A client that has gone without a word is noticed by its silence. */
function watchOver(socket: WebSocket): void {
  let isHeard = true;
  let cancel = (): void => {};
  const ask = (): void => {
    if (!isHeard) {
      socket.terminate();
      return;
    }
    isHeard = false;
    socket.ping();
    cancel = afterWall(PING_EVERY_MS, ask, true);
  };
  socket.on('pong', () => {
    isHeard = true;
  });
  socket.on('close', () => cancel());
  cancel = afterWall(PING_EVERY_MS, ask, true);
}

/** A way to answer on a connection that was to be upgraded; it is closed with the answer. */
function responseOn(incoming: Incoming, socket: Duplex): ServerResponse {
  const response = new ServerResponse(incoming);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as never);
  response.on('finish', () => socket.end());
  return response;
}
