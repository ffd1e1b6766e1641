import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterWall } from '../../base/index.ts';
import type { Outgoing } from './answer.ts';
import type { Incoming } from './body.ts';
import type { Certificates } from './certificates.ts';
import type { HttpHandler } from './handler.ts';
import type { UpgradeHandler } from './streams/index.ts';

export interface ListenOptions {
  readonly handler: HttpHandler;
  /** Takes connections that are to be upgraded. */
  readonly upgrades: UpgradeHandler;
  readonly certificates: Certificates;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

export interface Listening {
  readonly port: number;
  /** Ends watches, lets what is being answered end, and frees the port. */
  close(): Promise<void>;
}

/** Who has not said what it wants by then is cut off. */
const HANDSHAKE_WITHIN_MS = 10_000;
const HEADERS_WITHIN_MS = 32_000;
/** Later than a body is waited for by whoever reads it: only what nobody reads. */
const REQUEST_WITHIN_MS = 90_000;
/** A connection on which nothing is asked is let go. */
const IDLE_MS = 90_000;
const HEADER_BYTES_MAX = 1024 * 1024;
const HEADER_PAIRS_MAX = 2000;
const STREAMS_MAX = 250;
const FAREWELL_MS = 500;

/** Listens for HTTP/1.1 and HTTP/2 over TLS on one port. Rejects with the system's error when the port cannot be had. */
export function listen({
  handler,
  upgrades,
  certificates,
  host,
  port,
}: ListenOptions): Promise<Listening> {
  const { authority: ca, certificate: cert, key } = certificates;
  const server = createSecureServer({
    allowHTTP1: true,
    cert,
    key,
    // Whoever has a certificate of the authority's is who it says; whoever has none may say so in another way.
    ca,
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: HANDSHAKE_WITHIN_MS,
    maxHeaderListPairs: HEADER_PAIRS_MAX,
    settings: { maxHeaderListSize: HEADER_BYTES_MAX, maxConcurrentStreams: STREAMS_MAX },
    ...{ maxHeaderSize: HEADER_BYTES_MAX },
  });
  // The server for HTTP/1 that is behind it.
  Object.assign(server, {
    headersTimeout: HEADERS_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    keepAliveTimeout: IDLE_MS,
    maxHeadersCount: HEADER_PAIRS_MAX,
  });
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  server.on('session', endWhenIdle);
  server.on('sessionError', () => {});
  server.on('clientError', turnAway);
  server.on('tlsClientError', (_, socket) => socket.destroy());
  server.on('request', (request, response) => {
    void handler.handle(request as unknown as Incoming, response as unknown as Outgoing);
  });
  server.on('upgrade', (request: Incoming, socket: Duplex, head: Buffer) =>
    upgrades.handle(request, socket, head),
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      const address = server.address() as AddressInfo;
      resolve({ port: address.port, close: () => close(server, sockets, [handler, upgrades]) });
    });
  });
}

function endWhenIdle(session: ServerHttp2Session): void {
  let streams = 0;
  let cancel = wait();

  function wait(): () => void {
    return afterWall(IDLE_MS, () => session.close(), true);
  }

  session.on('stream', (stream) => {
    streams++;
    cancel();
    stream.once('close', () => {
      streams--;
      if (streams === 0 && !session.closed) cancel = wait();
    });
  });
  session.once('close', () => cancel());
}

const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Sockets that have their last answer; what still comes from them is a mistake again and again. */
const turnedAway = new WeakSet<Duplex>();

/** What is no HTTP/1 gets an answer all the same, unless it is silence. */
function turnAway({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
  if (turnedAway.has(socket)) return;
  if (!socket.writable || code === 'ECONNRESET' || code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.destroy();
    return;
  }
  turnedAway.add(socket);
  const status = ANSWERS[code] ?? '400 Bad Request';
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close`;
  socket.end(`${head}\r\n\r\n${status}`);
  // What is still under way is let flow by, as otherwise the answer might be lost with it.
  socket.resume();
  afterWall(FAREWELL_MS, () => socket.destroy(), true);
}

function close(
  server: Http2SecureServer,
  sockets: ReadonlySet<Socket>,
  handlers: readonly { close(): void }[],
): Promise<void> {
  for (const handler of handlers) handler.close();
  return new Promise((resolve) => {
    const cut = afterWall(FAREWELL_MS, () => {
      for (const socket of sockets) socket.destroy();
    });
    server.close(() => {
      cut();
      resolve();
    });
  });
}
