/** How a value stands in a message: as a number of variable length, in eight bytes, or behind its length. */
export type Wire = typeof VARINT | typeof FIXED64 | typeof LENGTH;

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;

const FIRST_BYTES = 1 << 10;
const HIGH = 2 ** 32;

/**
 * Bytes that grow from their end to their beginning: what is written last comes first. So the length of a message is known
 * when it is to be written, and nothing is copied.
 */
export class Output {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #start = this.#bytes.length;

  get length(): number {
    return this.#bytes.length - this.#start;
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.#reserve(length);
    this.#bytes.write(value, this.#start, length);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#start);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#bytes.writeDoubleLE(value, this.#start);
  }

  /** A whole number from 0 up to 2^53. */
  varint(value: number): void {
    let size = 1;
    for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) size++;
    this.#reserve(size);
    let rest = value;
    for (let at = 0; at < size; at++) {
      const more = at < size - 1 ? 0x80 : 0;
      this.#bytes[this.#start + at] = (rest % 0x80) | more;
      rest = Math.floor(rest / 0x80);
    }
  }

  /** A whole number of either sign: one below zero takes ten bytes, as the two's complement of 64 bits. */
  int64(value: number): void {
    if (value >= 0) {
      this.varint(value);
      return;
    }
    let low = value >>> 0;
    let high = Math.floor(value / HIGH) >>> 0;
    const digits: number[] = [];
    for (let at = 0; at < 9; at++) {
      digits.push((low & 0x7f) | 0x80);
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.bytes(Uint8Array.from([...digits, low]));
  }

  /** The head of a field. */
  tag(number: number, wire: Wire): void {
    this.varint(number * 8 + wire);
  }

  /** A field whose value `write` writes, with its length where it has one. */
  field(number: number, wire: Wire, write: () => void): void {
    const before = this.length;
    write();
    if (wire === LENGTH) this.varint(this.length - before);
    this.tag(number, wire);
  }

  /** Copies what was written. */
  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#start));
  }

  #reserve(size: number): void {
    if (this.#start < size) {
      const { length } = this;
      const larger = Buffer.allocUnsafe((length + size) * 2);
      this.#bytes.copy(larger, larger.length - length, this.#start);
      this.#bytes = larger;
      this.#start = larger.length - length;
    }
    this.#start -= size;
  }
}
