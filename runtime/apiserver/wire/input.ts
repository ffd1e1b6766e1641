import { FIXED64, LENGTH, VARINT } from './output.ts';

/** What is no message, in the words of Kubernetes' decoders. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const START_GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;
const HIGH = 2 ** 32;
/** Messages in messages: far more than any kind has, far less than the stack bears. */
const DEPTH_MAX = 500;

/** Reads a message from bytes that may be anything; every read that leaves them throws a `WireError`. */
export class Input {
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #depth: number;
  #at: number;
  #low = 0;
  #high = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length, depth = 0) {
    if (depth > DEPTH_MAX) throw new WireError('proto: exceeded max depth');
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#depth = depth;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** Number of the next field and how it is written. */
  tag(): { number: number; wire: number } {
    this.#varint();
    const number = this.#high * (HIGH / 8) + (this.#low >>> 3);
    const wire = this.#low & 7;
    if (wire === END_GROUP) throw new WireError('proto: wiretype end group for non-group');
    if (number < 1 || number >= 2 ** 29)
      throw new WireError(`proto: illegal tag ${number} (wire type ${wire})`);
    return { number, wire };
  }

  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  /** Beyond 2^53 to the nearest number that JSON can say here. */
  int64(): number {
    this.#varint();
    return (this.#high | 0) * HIGH + this.#low;
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  double(): number {
    const at = this.#take(8);
    return this.#bytes.readDoubleLE(at);
  }

  bytes(): Buffer {
    const length = this.#length();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(): string {
    const length = this.#length();
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  /** What stands behind its length, as an input of its own. */
  inner(): Input {
    const length = this.#length();
    const at = this.#take(length);
    return new Input(this.#bytes, at, at + length, this.#depth + 1);
  }

  /** Passes over the value of a field that nobody knows. */
  skip(wire: number): void {
    for (let groups = 0, kind = wire; ; kind = this.#rawTag()) {
      if (kind === VARINT) this.#varint();
      else if (kind === FIXED64) this.#take(8);
      else if (kind === FIXED32) this.#take(4);
      else if (kind === LENGTH) this.#take(this.#length());
      else if (kind === START_GROUP) groups++;
      else if (kind === END_GROUP) groups--;
      else throw new WireError(`proto: illegal wireType ${kind}`);
      if (groups <= 0) return;
    }
  }

  #rawTag(): number {
    this.#varint();
    return this.#low & 7;
  }

  #length(): number {
    this.#varint();
    if (this.#high >= 2 ** 31)
      throw new WireError('proto: negative length found during unmarshaling');
    return this.#high * HIGH + this.#low;
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#end - at) throw new WireError('unexpected EOF');
    this.#at = at + length;
    return at;
  }

  #varint(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= this.#end) throw new WireError('unexpected EOF');
      const byte = this.#bytes[this.#at++]!;
      const digits = byte & 0x7f;
      if (shift < 28) low |= digits << shift;
      else if (shift === 28) {
        low |= digits << 28;
        high = digits >>> 4;
      } else high |= digits << (shift - 32);
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw new WireError('proto: integer overflow');
  }
}
