import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import type { PortAnswer } from '../../nodes.ts';
import { answerTo } from '../../port-answer.ts';
import type { Channels } from './channels.ts';

/** The ports of a pod, as its kubelet reaches them. */
export interface PodPorts {
  /** What a port answers now; undefined where nobody listens. */
  answers(port: number): readonly PortAnswer[] | undefined;
  /** Why a port cannot be reached, in the kubelet's words. */
  refusal(port: number): string;
}

/** Speaks HTTP/1.1 on connections to one port of a pod, and answers by what the pod says at that time. */
export class PortServer {
  readonly #ports: PodPorts;
  readonly #servers = new Map<number, Server>();

  constructor(ports: PodPorts) {
    this.#ports = ports;
  }

  /** Lets a connection in; returns why not where nobody listens. */
  accept(port: number, connection: Duplex): string | undefined {
    if (!this.#ports.answers(port)) return this.#ports.refusal(port);
    const known = this.#servers.get(port);
    const server =
      known ?? createServer((request, response) => this.#answer(port, request, response));
    this.#servers.set(port, server);
    server.emit('connection', connection);
    return undefined;
  }

  #answer(port: number, request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const [path = '/'] = (request.url ?? '/').split('?');
    const answers = this.#ports.answers(port);
    // Nobody listens any more.
    if (!answers) return void response.destroy();
    const found = answerTo(answers, path);
    const body = Buffer.from(found.body);
    response.writeHead(found.status, {
      'content-type': found.contentType,
      'content-length': body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

/** One end of a connection to a port: what is written to it goes to `send`, and what is pushed to it was sent by the client. */
export class PortConnection extends Duplex {
  readonly #send: (bytes: Buffer) => void;
  readonly #end: () => void;
  #hasEnded = false;

  constructor({ send, end }: { send(bytes: Buffer): void; end(): void }) {
    super();
    this.#send = send;
    this.#end = end;
    this.on('error', () => {});
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#send(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.#endOnce();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#endOnce();
    done(error);
  }

  #endOnce(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#end();
  }
}

/** Ports over channels, as `v4.channel.k8s.io` has them: each two channels, for data and for what went wrong, that begin with its number. */
export function forwardPorts(channels: Channels, wanted: readonly number[], ports: PodPorts): void {
  const server = new PortServer(ports);
  let open = wanted.length;
  // No channel can say that it has ended: the connection has, when all have.
  const end = (): void => {
    open--;
    if (open === 0) channels.finish();
  };
  const connections = wanted.map((port, at) => {
    const [data, errors] = [2 * at, 2 * at + 1];
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    for (const channel of [data, errors]) channels.send(channel, number);
    const connection = new PortConnection({
      send: (bytes) => channels.send(data, bytes),
      end,
    });
    const refusal = server.accept(port, connection);
    if (refusal) channels.send(errors, Buffer.from(refusal));
    return refusal ? undefined : connection;
  });
  channels.listen({
    data(channel, bytes) {
      if (channel % 2 === 0) connections[channel / 2]?.push(bytes);
    },
    end(channel) {
      if (channel % 2 === 0) connections[channel / 2]?.push(null);
    },
  });
}
