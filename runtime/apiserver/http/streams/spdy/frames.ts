/** What one side of a SPDY/3.1 session sends, as far as it is understood here. */
export type Frame =
  | {
      readonly is: 'open';
      readonly stream: number;
      readonly isLast: boolean;
      readonly block: Buffer;
    }
  | {
      readonly is: 'data';
      readonly stream: number;
      readonly isLast: boolean;
      readonly bytes: Buffer;
    }
  | { readonly is: 'reset'; readonly stream: number }
  | { readonly is: 'ping'; readonly id: number }
  | { readonly is: 'bye' }
  /** Settings, windows and priorities: nothing that must be answered. */
  | { readonly is: 'other' };

const HEAD_BYTES = 8;
const VERSION = 3;
const FIN = 1;
const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
/** Of one frame's content. */
const FRAME_BYTES_MAX = 1024 * 1024;

/** Cuts a stream of bytes into frames, however it comes in pieces. Throws for what is no SPDY/3. */
export class FrameReader {
  #waiting: Buffer = Buffer.alloc(0);

  *read(bytes: Buffer): Generator<Frame> {
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    while (this.#waiting.length >= HEAD_BYTES) {
      const length = this.#waiting.readUIntBE(5, 3);
      if (length > FRAME_BYTES_MAX) throw new Error(`a frame of ${length} bytes is too long`);
      if (this.#waiting.length < HEAD_BYTES + length) return;
      const frame = this.#waiting.subarray(0, HEAD_BYTES + length);
      this.#waiting = this.#waiting.subarray(HEAD_BYTES + length);
      yield parse(frame);
    }
  }
}

function parse(frame: Buffer): Frame {
  const word = frame.readUInt32BE(0);
  const isLast = (frame[4]! & FIN) !== 0;
  const content = frame.subarray(HEAD_BYTES);
  if (word < 0x80000000) return { is: 'data', stream: word, isLast, bytes: content };
  if (((word >>> 16) & 0x7fff) !== VERSION) throw new Error('this is no SPDY/3');
  const id = (): number => content.readUInt32BE(0) & 0x7fffffff;
  switch (word & 0xffff) {
    case SYN_STREAM:
      return { is: 'open', stream: id(), isLast, block: content.subarray(10) };
    case RST_STREAM:
      return { is: 'reset', stream: id() };
    case PING:
      return { is: 'ping', id: content.readUInt32BE(0) };
    case GOAWAY:
      return { is: 'bye' };
    default:
      return { is: 'other' };
  }
}

/** A frame that accepts a stream, with a block of headers. */
export function reply(stream: number, block: Buffer): Buffer {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(stream);
  return control(SYN_REPLY, Buffer.concat([id, block]));
}

/** A ping is answered with itself. */
export function pong(id: number): Buffer {
  const content = Buffer.alloc(4);
  content.writeUInt32BE(id);
  return control(PING, content);
}

/** A frame that ends a stream that is not wanted, or went wrong. */
export function reset(stream: number): Buffer {
  const content = Buffer.alloc(8);
  content.writeUInt32BE(stream, 0);
  content.writeUInt32BE(REFUSED, 4);
  return control(RST_STREAM, content);
}

const REFUSED = 3;

export function data(stream: number, bytes: Buffer, isLast: boolean): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(stream, 0);
  head[4] = isLast ? FIN : 0;
  head.writeUIntBE(bytes.length, 5, 3);
  return Buffer.concat([head, bytes]);
}

function control(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE((0x80000000 | (VERSION << 16) | type) >>> 0, 0);
  head.writeUIntBE(content.length, 5, 3);
  return Buffer.concat([head, content]);
}
