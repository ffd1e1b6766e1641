const SEEDS = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667] as const;

/**
 * A running 128-bit hash of numbers and texts, for telling whether two runs were the same. It is fast and no cryptography: whoever
 * wants to make two inputs collide can. What is added is added in order; texts are told apart by their lengths.
 */
export class Fingerprint {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(from?: Fingerprint) {
    this.#a = from ? from.#a : SEEDS[0];
    this.#b = from ? from.#b : SEEDS[1];
    this.#c = from ? from.#c : SEEDS[2];
    this.#d = from ? from.#d : SEEDS[3];
  }

  /** `value` is a whole number of at most 53 bits. */
  number(value: number): this {
    this.#mix(value | 0, Math.trunc(value / 0x100000000) | 0);
    return this;
  }

  text(text: string): this {
    let low = 0x1b873593 ^ text.length;
    let high = 0x5bd1e995;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      low = Math.imul(low ^ code, 0x9e3779b1);
      high = Math.imul(high ^ code, 0x5f356495);
    }
    this.#mix(low ^ (low >>> 15), high ^ (high >>> 13));
    return this;
  }

  clone(): Fingerprint {
    return new Fingerprint(this);
  }

  /** 32 hexadecimal digits. */
  digest(): string {
    const end = this.clone();
    for (let round = 0; round < 8; round++) end.#mix(round, 0);
    return [end.#a, end.#b, end.#c, end.#d]
      .map((word) => (word >>> 0).toString(16).padStart(8, '0'))
      .join('');
  }

  #mix(low: number, high: number): void {
    const a = Math.imul(this.#a ^ low, 0x85ebca6b);
    const b = Math.imul(this.#b ^ high, 0xc2b2ae35);
    const c = Math.imul(this.#c ^ (low + high), 0x27d4eb2f);
    const d = this.#d + 0x165667b1;
    this.#a = b ^ (a >>> 15) ^ d;
    this.#b = (c + (b >>> 13)) | 0;
    this.#c = d ^ (c >>> 16) ^ (a << 7);
    this.#d = Math.imul(a ^ (d >>> 14), 0x2c1b3c6d);
  }
}
