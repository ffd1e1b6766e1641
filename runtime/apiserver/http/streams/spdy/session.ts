import { data, type Frame, FrameReader, pong, reply, reset } from './frames.ts';
import { HeaderReader, type Headers, HeaderWriter } from './headers.ts';

/** A stream that the other side has opened, as whoever takes it sees it. */
export interface SpdyStream {
  readonly headers: Headers;
  send(bytes: Buffer): void;
  /** Nothing more comes from this side. */
  end(): void;
  /** Told of what the other side sends, from then on that it has taken the stream. */
  listen(listener: { data(bytes: Buffer): void; end(): void }): void;
}

export interface SessionOptions {
  /** Puts bytes on the way to the other side. */
  write(bytes: Buffer): void;
  opened(stream: SpdyStream): void;
  /** The session cannot go on, as the other side breaks its rules. */
  failed(): void;
}

const STREAMS_MAX = 256;
const DATA_BYTES_MAX = 32 * 1024;

interface Open {
  listener: { data(bytes: Buffer): void; end(): void } | undefined;
  /** What came before anybody listened. */
  readonly early: Buffer[];
  isEnded: boolean;
  isDone: boolean;
}

/** The accepting side of SPDY/3.1: streams are opened by the other side only. Windows are not kept, as clients of Kubernetes keep none. */
export class SpdySession {
  readonly #options: SessionOptions;
  readonly #frames = new FrameReader();
  readonly #reader = new HeaderReader();
  readonly #writer = new HeaderWriter();
  readonly #streams = new Map<number, Open>();
  /** Frames are handled one after the other, as headers take a moment to unpack. */
  #queue: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  take(bytes: Buffer): void {
    if (this.#isOver) return;
    try {
      for (const frame of this.#frames.read(bytes)) this.#enqueue(frame);
    } catch {
      this.#fail();
    }
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const stream of this.#streams.values()) finish(stream);
    this.#streams.clear();
    this.#reader.close();
    this.#writer.close();
  }

  #enqueue(frame: Frame): void {
    this.#queue = this.#queue
      .then(() => (this.#isOver ? undefined : this.#handle(frame)))
      .catch(() => this.#fail());
  }

  #fail(): void {
    if (this.#isOver) return;
    this.close();
    this.#options.failed();
  }

  async #handle(frame: Frame): Promise<void> {
    switch (frame.is) {
      case 'open':
        return this.#open(frame);
      case 'data': {
        const stream = this.#streams.get(frame.stream);
        if (!stream || stream.isEnded) return;
        if (frame.bytes.length > 0) feed(stream, frame.bytes);
        if (frame.isLast) finish(stream);
        return;
      }
      case 'reset': {
        const stream = this.#streams.get(frame.stream);
        this.#streams.delete(frame.stream);
        if (stream) finish(stream);
        return;
      }
      case 'ping':
        return this.#options.write(pong(frame.id));
      default:
        return;
    }
  }

  async #open({ stream: id, isLast, block }: Frame & { is: 'open' }): Promise<void> {
    const headers = await this.#reader.read(block);
    if (this.#isOver) return;
    if (this.#streams.size >= STREAMS_MAX || this.#streams.has(id))
      return this.#options.write(reset(id));
    const open: Open = { listener: undefined, early: [], isEnded: false, isDone: false };
    this.#streams.set(id, open);
    this.#options.write(reply(id, await this.#writer.empty()));
    if (isLast) finish(open);
    this.#options.opened({
      headers,
      send: (bytes) => this.#send(id, open, bytes),
      end: () => this.#end(id, open),
      listen(listener) {
        open.listener = listener;
        for (const bytes of open.early.splice(0)) listener.data(bytes);
        if (open.isEnded) listener.end();
      },
    });
  }

  #send(id: number, open: Open, bytes: Buffer): void {
    if (this.#isOver || open.isDone) return;
    for (let at = 0; at < bytes.length; at += DATA_BYTES_MAX)
      this.#options.write(data(id, bytes.subarray(at, at + DATA_BYTES_MAX), false));
  }

  #end(id: number, open: Open): void {
    if (this.#isOver || open.isDone) return;
    open.isDone = true;
    this.#options.write(data(id, Buffer.alloc(0), true));
    if (open.isEnded) this.#streams.delete(id);
  }
}

function feed(stream: Open, bytes: Buffer): void {
  if (stream.listener) stream.listener.data(bytes);
  else stream.early.push(bytes);
}

function finish(stream: Open): void {
  if (stream.isEnded) return;
  stream.isEnded = true;
  stream.listener?.end();
}
