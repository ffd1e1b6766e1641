import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { DICTIONARY } from './dictionary.ts';

export type Headers = ReadonlyMap<string, string>;

const OPTIONS = { dictionary: DICTIONARY, flush: constants.Z_SYNC_FLUSH };
/** Of one block, unpacked: a few short names are all that is sent. */
const BLOCK_BYTES_MAX = 16 * 1024;

/** Reads the header blocks of one direction of a session, which are compressed as one. Blocks must be given one after the other. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate(OPTIONS);

  /** Rejects what is no block, or too large. */
  read(block: Buffer): Promise<Headers> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(error);
      const check = (): void => {
        if (this.#inflate.readableLength > BLOCK_BYTES_MAX) fail(new Error('headers are too long'));
      };
      this.#inflate.once('error', fail);
      this.#inflate.on('readable', check);
      this.#inflate.write(block, () => {
        this.#inflate.off('error', fail);
        this.#inflate.off('readable', check);
        const bytes = (this.#inflate.read() as Buffer | null) ?? Buffer.alloc(0);
        try {
          if (bytes.length > BLOCK_BYTES_MAX) throw new Error('headers are too long');
          resolve(parse(bytes));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  close(): void {
    this.#inflate.on('error', () => {});
    this.#inflate.destroy();
  }
}

/** Writes header blocks without any header, which is all that a reply has to say. */
export class HeaderWriter {
  readonly #deflate: Deflate = createDeflate({ dictionary: DICTIONARY });

  empty(): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#deflate.write(Buffer.alloc(4));
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () => {
        resolve((this.#deflate.read() as Buffer | null) ?? Buffer.alloc(0));
      });
    });
  }

  close(): void {
    this.#deflate.on('error', () => {});
    this.#deflate.destroy();
  }
}

/** A number of pairs, each name and value behind its length. Throws a RangeError for what is cut short. */
function parse(bytes: Buffer): Headers {
  const headers = new Map<string, string>();
  let at = 0;
  const text = (): string => {
    const from = at + 4;
    const to = from + bytes.readUInt32BE(at);
    if (to > bytes.length) throw new RangeError('headers are cut short');
    at = to;
    return bytes.toString('utf8', from, to);
  };
  const count = bytes.readUInt32BE(0);
  at = 4;
  for (let i = 0; i < count; i++) headers.set(text().toLowerCase(), text());
  return headers;
}
