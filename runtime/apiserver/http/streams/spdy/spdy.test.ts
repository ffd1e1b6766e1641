import { constants, createDeflate } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DICTIONARY } from './dictionary.ts';
import { FrameReader } from './frames.ts';
import { SpdySession, type SpdyStream } from './index.ts';

/** The client's side of a session, as far as the tests need it. */
class Client {
  readonly #deflate = createDeflate({ dictionary: DICTIONARY });

  /** The bytes that open a stream. */
  async open(stream: number, headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const pairs = Object.entries(headers).flatMap((pair) => pair.map(counted));
    const block = await new Promise<Buffer>((resolve) => {
      this.#deflate.write(Buffer.concat([word(pairs.length / 2), ...pairs]));
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () => resolve(this.#deflate.read() as Buffer));
    });
    return control(1, Buffer.concat([word(stream), Buffer.alloc(6), block]));
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
const counted = (text: string): Buffer =>
  Buffer.concat([word(Buffer.byteLength(text)), Buffer.from(text)]);
function control(type: number, content: Buffer): Buffer {
  const head = word((0x80030000 | type) >>> 0);
  const length = word(content.length);
  return Buffer.concat([head, length, content]);
}
function data(stream: number, text: string, isLast = false): Buffer {
  const length = word(text.length);
  length[0] = isLast ? 1 : 0;
  return Buffer.concat([word(stream), length, Buffer.from(text)]);
}

/** A session, what it wrote, and the streams that were opened in it. */
function sessionOf() {
  const written: Buffer[] = [];
  const streams: SpdyStream[] = [];
  const state = { failed: false };
  const session = new SpdySession({
    write: (bytes) => written.push(bytes),
    opened: (stream) => streams.push(stream),
    failed: () => {
      state.failed = true;
    },
  });
  return { session, written, streams, state };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function until(condition: () => boolean): Promise<void> {
  const end = process.hrtime.bigint() + 10_000_000_000n;
  while (!condition() && process.hrtime.bigint() < end) await settled();
}

it('presumes the words of SPDY/3', () => {
  let [a, b] = [1, 0];
  for (const byte of DICTIONARY) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  // As the headers of every packed block of SPDY/3 name it: an Adler-32 sum.
  expect([DICTIONARY.length, (b * 65536 + a).toString(16)]).toEqual([1423, 'e3c6a7c2']);
});

describe('a session', () => {
  it('accepts streams, tells what is sent in them, and answers', async () => {
    const { session, written, streams } = sessionOf();
    const client = new Client();
    session.take(await client.open(1, { streamType: 'error', requestID: '0' }));
    session.take(await client.open(3, { streamType: 'data', requestID: '0', port: '80' }));
    session.take(data(3, 'early'));
    await until(() => streams.length === 2);
    expect(streams.map(({ headers }) => Object.fromEntries(headers))).toEqual([
      { streamtype: 'error', requestid: '0' },
      { streamtype: 'data', requestid: '0', port: '80' },
    ]);
    const heard: string[] = [];
    streams[1]!.listen({
      data: (bytes) => heard.push(String(bytes)),
      end: () => heard.push('end'),
    });
    session.take(data(3, 'late', true));
    await until(() => heard.includes('end'));
    expect(heard).toEqual(['early', 'late', 'end']);
    written.length = 0;
    streams[1]!.send(Buffer.from('answer'));
    streams[1]!.end();
    streams[1]!.send(Buffer.from('too late'));
    expect(written).toEqual([data(3, 'answer'), data(3, '', true)]);
  });

  it('understands its bytes however they are cut', async () => {
    const client = new Client();
    const all = Buffer.concat([
      await client.open(1, { a: 'b' }),
      control(6, word(7)),
      data(1, 'x'.repeat(100)),
      control(4, Buffer.alloc(12)),
      data(1, '', true),
    ]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 })), async (cuts) => {
        const { session, streams, written, state } = sessionOf();
        let at = 0;
        for (const cut of [...cuts, all.length]) {
          session.take(all.subarray(at, at + cut));
          at += cut;
        }
        await until(() => streams.length > 0);
        let text = '';
        let isEnded = false;
        streams[0]!.listen({
          data: (bytes) => {
            text += bytes;
          },
          end: () => {
            isEnded = true;
          },
        });
        await until(() => isEnded);
        session.close();
        expect([text, state.failed]).toEqual(['x'.repeat(100), false]);
        expect(written).toContainEqual(control(6, word(7)));
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['another version', Buffer.from('8002000100000000', 'hex')],
    ['a frame that is too long', Buffer.from('0000000100ffffff', 'hex')],
    ['headers that are not packed', control(1, Buffer.alloc(40, 7))],
    ['a ping that is cut short', control(6, Buffer.alloc(2))],
  ])('ends at %s', async (_, bytes) => {
    const { session, state, streams } = sessionOf();
    session.take(bytes);
    await until(() => state.failed);
    expect(state.failed).toBe(true);
    session.take(await new Client().open(1, {}));
    await settled();
    expect(streams).toEqual([]);
  });

  it('ends at headers that are long, however small they are packed', async () => {
    const { session, state } = sessionOf();
    session.take(await new Client().open(1, { a: 'x'.repeat(500_000) }));
    await until(() => state.failed);
    expect(state.failed).toBe(true);
  });

  it('refuses more streams than it has room for', async () => {
    const { session, streams, written } = sessionOf();
    const client = new Client();
    for (let id = 1; id < 2 * 258; id += 2) session.take(await client.open(id, {}));
    await until(() => streams.length === 256 && written.length === 258);
    expect(streams.length).toBe(256);
    expect(written.at(-1)).toEqual(control(3, Buffer.concat([word(515), word(3)])));
    session.close();
  });
});

it('frames that are incomplete are waited for', () => {
  expect([...new FrameReader().read(data(1, 'abc').subarray(0, 9))]).toEqual([]);
});
