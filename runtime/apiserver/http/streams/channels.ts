import type { WebSocket } from 'ws';

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;
export const ERROR = 3;
/** Says in v5 that a stream has ended, which is named by the byte after it. */
const CLOSE = 255;
const CLOSE_NORMAL = 1000;
/** The digit. */
const ZERO = 0x30;

/** A client that takes nothing is cut off when so much waits for it. */
const WAITING_BYTES_MAX = 16 * 1024 * 1024;
const MESSAGE_BYTES_MAX = 32 * 1024;

export interface ChannelListener {
  data(channel: number, bytes: Buffer): void;
  end(channel: number): void;
}

/** How a protocol does it. */
export interface ChannelForm {
  /** The client can say that a stream has ended, as from v5 on. */
  readonly hasEnds: boolean;
  /** Messages are text: a digit, then the bytes in base64. */
  readonly isBase64: boolean;
  /** The end of a command is told as a Status, as from v4 on, and not in words that are there only where it failed. */
  readonly tellsObjects: boolean;
}

/** Several streams in one WebSocket: the first byte of each message says of which it is. */
export class Channels {
  readonly #socket: WebSocket;
  readonly #form: ChannelForm;
  #listener: ChannelListener | undefined;
  #isOver = false;

  constructor(socket: WebSocket, form: ChannelForm) {
    this.#socket = socket;
    this.#form = form;
    socket.on('message', (data) => this.#take(data as Buffer));
    socket.on('close', () => {
      this.#isOver = true;
    });
  }

  get tellsObjects(): boolean {
    return this.#form.tellsObjects;
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
      this.#socket.send(
        this.#form.isBase64
          ? `${channel}${part.toString('base64')}`
          : Buffer.concat([Buffer.of(channel), part]),
      );
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
    const [first, ended] = message;
    if (first === undefined || this.#isOver) return;
    if (this.#form.isBase64) {
      const bytes = Buffer.from(message.subarray(1).toString('latin1'), 'base64');
      this.#listener?.data(first - ZERO, bytes);
      return;
    }
    const channel = first;
    if (channel === CLOSE && this.#form.hasEnds) {
      if (ended !== undefined) this.#listener?.end(ended);
    } else this.#listener?.data(channel, message.subarray(1));
  }
}
