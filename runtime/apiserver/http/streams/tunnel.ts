import type { WebSocket } from 'ws';
import { type PodPorts, PortConnection, PortServer } from './ports.ts';
import { SpdySession, type SpdyStream } from './spdy/index.ts';

/** A client that takes nothing is cut off when so much waits for it. */
const WAITING_BYTES_MAX = 16 * 1024 * 1024;
const PROTOCOL_ERROR = 1002;

/**
 * Ports of a pod as kubectl forwards them: SPDY in the messages of a WebSocket. For each connection the client opens two streams with one
 * `requestid`: `error` first, for words on what went wrong, and `data`.
 */
export function tunnelPorts(socket: WebSocket, ports: PodPorts): void {
  const server = new PortServer(ports);
  const errors = new Map<string, SpdyStream>();
  const session = new SpdySession({
    write(bytes) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(bytes);
      if (socket.bufferedAmount > WAITING_BYTES_MAX) socket.terminate();
    },
    opened(stream) {
      const { headers } = stream;
      const request = headers.get('requestid') ?? '';
      if (headers.get('streamtype') === 'error') {
        errors.set(request, stream);
        return;
      }
      const error = errors.get(request);
      errors.delete(request);
      connect(stream, error, Number(headers.get('port')), server);
    },
    failed: () => socket.close(PROTOCOL_ERROR),
  });
  socket.on('message', (data) => session.take(data as Buffer));
  socket.on('close', () => session.close());
}

function connect(
  stream: SpdyStream,
  error: SpdyStream | undefined,
  port: number,
  server: PortServer,
): void {
  const connection = new PortConnection({
    send: (bytes) => stream.send(bytes),
    end: () => {
      stream.end();
      error?.end();
    },
  });
  const refusal = server.accept(port, connection);
  if (refusal !== undefined) {
    error?.send(Buffer.from(refusal));
    error?.end();
    stream.end();
    return;
  }
  stream.listen({
    data: (bytes) => void connection.push(bytes),
    end: () => void connection.push(null),
  });
}
