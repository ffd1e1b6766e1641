import { Duplex } from 'node:stream';
import WebSocket from 'ws';
import type { ResourceRef } from '../../meta/index.ts';
import type { Target } from '../client.ts';
import type {
  ContainerTarget,
  PodConnections,
  PodProcess,
  ProcessEnd,
  ProcessListener,
} from '../pod-connections.ts';
import { authorizationOf, type HttpAccess, statusOf } from './connection.ts';
import { pathOf } from './paths.ts';

const PODS: ResourceRef = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  resource: 'pods',
  namespaced: true,
};
/** Streams in one connection: the first byte of each message says of which it is. */
const PROCESS_PROTOCOL = 'v5.channel.k8s.io';
const PORTS_PROTOCOL = 'v4.channel.k8s.io';
const [STDIN, STDOUT, STDERR, ERROR, CLOSE] = [0, 1, 2, 3, 255] as const;
const [DATA, TROUBLE] = [0, 1] as const;
/** Each channel of a port begins with its number. */
const PORT_BYTES = 2;
const NORMAL = 1000;
const ANSWER_BYTES_MAX = 64 * 1024;

/** Connections to what runs in pods over WebSocket, as every API server since 1.30 has them. */
export class PodStreams implements PodConnections {
  readonly #access: HttpAccess;

  constructor(access: HttpAccess) {
    this.#access = access;
  }

  exec(target: ContainerTarget, command: readonly string[], listener: ProcessListener): PodProcess {
    const query = new URLSearchParams(command.map((word): [string, string] => ['command', word]));
    return this.#process('exec', target, query, listener);
  }

  attach(target: ContainerTarget, listener: ProcessListener): PodProcess {
    return this.#process('attach', target, new URLSearchParams(), listener);
  }

  dial(target: Target, port: number): Duplex {
    const query = new URLSearchParams({ ports: String(port) });
    return new PortStream(this.#open('portforward', target, query, PORTS_PROTOCOL));
  }

  #process(
    door: 'exec' | 'attach',
    { container, ...target }: ContainerTarget,
    query: URLSearchParams,
    listener: ProcessListener,
  ): PodProcess {
    query.set('container', container);
    for (const stream of ['stdin', 'stdout', 'stderr']) query.set(stream, 'true');
    return processOver(this.#open(door, target, query, PROCESS_PROTOCOL), listener);
  }

  #open(door: string, target: Target, query: URLSearchParams, protocol: string): WebSocket {
    const { url, authority, certificate, key, insecure, serverName } = this.#access;
    const base = url.replace(/^http/, 'ws').replace(/\/$/, '');
    const path = `${pathOf(PODS, { ...target, subresource: door })}?${query}`;
    const authorization = authorizationOf(this.#access);
    return new WebSocket(base + path, [protocol], {
      perMessageDeflate: false,
      rejectUnauthorized: insecure !== true,
      headers: authorization === undefined ? {} : { authorization },
      ...(authority === undefined ? {} : { ca: authority }),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
  }
}

function processOver(socket: WebSocket, listener: ProcessListener): PodProcess {
  let isOver = false;
  const waiting: Buffer[] = [];
  const end = (how: ProcessEnd): void => {
    if (isOver) return;
    isOver = true;
    listener.ended(how);
  };
  const send = (channel: number, bytes: Buffer): void => {
    const message = Buffer.concat([Buffer.of(channel), bytes]);
    if (socket.readyState === WebSocket.CONNECTING) waiting.push(message);
    else if (socket.readyState === WebSocket.OPEN) socket.send(message);
  };
  const decoders = new Map(
    [STDOUT, STDERR].map((channel) => [channel as number, new TextDecoder()]),
  );
  socket.on('open', () => {
    for (const message of waiting.splice(0)) socket.send(message);
  });
  socket.on('message', (message: Buffer) => {
    const [channel = CLOSE] = message;
    if (isOver) return;
    const bytes = message.subarray(1);
    const text = decoders.get(channel)?.decode(bytes, { stream: true });
    if (text) listener.output(text, channel === STDERR ? 'stderr' : 'stdout');
    else if (channel === ERROR) end(endOf(bytes.toString()));
  });
  whenBroken(socket, (error) => end({ error }));
  return {
    write: (text) => send(STDIN, Buffer.from(text)),
    endInput: () => send(CLOSE, Buffer.of(STDIN)),
    close() {
      isOver = true;
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
      else socket.close(NORMAL);
    },
  };
}

interface Outcome {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { reason?: string; message?: string }[] };
}

/** What the server says when a process is over: success, an exit code, or that it never ran. */
function endOf(text: string): ProcessEnd {
  let outcome: Outcome;
  try {
    outcome = JSON.parse(text) as Outcome;
  } catch {
    return { error: text };
  }
  if (outcome.status === 'Success') return { code: 0 };
  const { causes = [] } = outcome.details ?? {};
  const code = causes.find(({ reason }) => reason === 'ExitCode')?.message;
  return outcome.reason === 'NonZeroExitCode' && code !== undefined
    ? { code: Number(code) }
    : { error: outcome.message ?? text };
}

/** Tells why there is no connection any more: the server's own words where it refused. */
function whenBroken(socket: WebSocket, tell: (why: string) => void): void {
  socket.on('unexpected-response', (_, response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      if (text.length < ANSWER_BYTES_MAX) text += part;
    });
    response.on('end', () => tell(refusal(response.statusCode ?? 0, text)));
  });
  socket.on('error', (error) => tell(error.message));
  socket.on('close', () => tell('the connection has ended'));
}

function refusal(code: number, text: string): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return statusOf(code, json).message ?? `the server answered ${code}`;
}

/** A port of a pod: bytes both ways. */
class PortStream extends Duplex {
  readonly #socket: WebSocket;
  /** By channel, how much of the port's number is still to come. */
  readonly #heads = new Map<number, number>([
    [DATA, PORT_BYTES],
    [TROUBLE, PORT_BYTES],
  ]);
  #trouble = '';

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('message', (message: Buffer) => this.#take(message));
    whenBroken(socket, (why) => {
      if (socket.readyState === WebSocket.CLOSED && this.#heads.get(DATA) === 0) this.push(null);
      else this.destroy(new Error(why));
    });
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    const send = (): void => this.#socket.send(Buffer.concat([Buffer.of(DATA), chunk]), done);
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.once('open', send);
    else send();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.terminate();
    else this.#socket.close(NORMAL);
    done(error);
  }

  #take(message: Buffer): void {
    const [channel = CLOSE] = message;
    const head = this.#heads.get(channel);
    if (head === undefined) return;
    const bytes = message.subarray(1 + head);
    this.#heads.set(channel, Math.max(0, head - (message.length - 1)));
    if (bytes.length === 0) return;
    if (channel === TROUBLE) {
      this.#trouble += bytes.toString();
      this.destroy(new Error(this.#trouble));
    } else if (!this.push(bytes)) this.#socket.pause();
  }
}
