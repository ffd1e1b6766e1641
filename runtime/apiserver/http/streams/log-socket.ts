import { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Incoming } from '../body.ts';

/** By which a log may be read message by message; the empty one where a client names none. */
export const LOG_PROTOCOLS: readonly string[] = ['', 'binary.k8s.io', 'base64.binary.k8s.io'];
const CLOSE_NORMAL = 1000;
const OK = 200;

/**
 * A way to answer a request for text over WebSocket: once the answer is known to be text the connection is upgraded by `open`, and what is
 * written goes out as messages. Any other answer goes out as it is.
 */
export class SocketResponse extends ServerResponse {
  readonly #stream: Duplex;
  readonly #isBase64: boolean;
  readonly #open: () => WebSocket;
  #opened: WebSocket | undefined;

  constructor(incoming: Incoming, stream: Duplex, protocol: string, open: () => WebSocket) {
    super(incoming);
    this.#stream = stream;
    this.#isBase64 = protocol.startsWith('base64.');
    this.#open = open;
    this.shouldKeepAlive = false;
    this.assignSocket(stream as never);
    this.on('finish', () => stream.end());
  }

  override writeHead(code: number, ...rest: unknown[]): this {
    if (code !== OK) return super.writeHead(code, ...(rest as [never]));
    this.detachSocket(this.#stream as never);
    this.#opened = this.#open();
    this.#opened.on('close', () => this.emit('close'));
    return this;
  }

  override flushHeaders(): void {
    if (!this.#opened) super.flushHeaders();
  }

  override write(chunk: string | Buffer, ...rest: unknown[]): boolean {
    if (!this.#opened) return super.write(chunk, ...(rest as [never]));
    const bytes = Buffer.from(chunk as string);
    if (bytes.length > 0) this.#opened.send(this.#isBase64 ? bytes.toString('base64') : bytes);
    return true;
  }

  override end(chunk?: unknown): this {
    if (!this.#opened) return super.end(chunk as never);
    if (chunk !== undefined) this.write(chunk as Buffer);
    this.#opened.close(CLOSE_NORMAL);
    return this;
  }
}
