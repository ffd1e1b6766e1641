import type { WebSocket } from 'ws';

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;
export const ERROR = 3;
/** Says in v5 that a stream has ended, which is named by the byte after it. */
const CLOSE = 255;
const CLOSE_NORMAL = 1000;

/** A client that takes nothing is cut off when so much waits for it. */
const WAITING_BYTES_MAX = 16 * 1024 * 1024;
const MESSAGE_BYTES_MAX = 32 * 1024;

export interface ChannelListener {
  data(channel: number, bytes: Buffer): void;
  end(channel: number): void;
}

/** Several streams in one WebSocket: the first byte of each message says of which it is. */
export class Channels {
  readonly #socket: WebSocket;
  readonly #hasEnds: boolean;
  #listener: ChannelListener | undefined;
  #isOver = false;

  /** `hasEnds`: the client can say that a stream has ended, as from v5 on. */
  constructor(socket: WebSocket, { hasEnds }: { readonly hasEnds: boolean }) {
    this.#socket = socket;
    this.#hasEnds = hasEnds;
    socket.on('message', (data) => this.#take(data as Buffer));
    socket.on('close', () => {
      this.#isOver = true;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  listen(listener: ChannelListener): void {
    this.#listener = listener;
  }

  send(channel: number, bytes: Buffer): void {
    for (let at = 0; at < bytes.length && !this.#isOver; at += MESSAGE_BYTES_MAX) {
      const part = bytes.subarray(at, at + MESSAGE_BYTES_MAX);
      this.#socket.send(Buffer.concat([Buffer.of(channel), part]));
      if (this.#socket.bufferedAmount > WAITING_BYTES_MAX) this.#socket.terminate();
    }
  }

  /** Closes the connection, after what was sent. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.close(CLOSE_NORMAL);
  }

  #take(message: Buffer): void {
    const [channel, ended] = message;
    if (channel === undefined || this.#isOver) return;
    if (channel === CLOSE && this.#hasEnds) {
      if (ended !== undefined) this.#listener?.end(ended);
    } else this.#listener?.data(channel, message.subarray(1));
  }
}
