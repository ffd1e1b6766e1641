/**
 * Seeded randomness. A `Random` is four 32-bit words of state (sfc32): cheap to copy for a fork, equal on every machine.
 * Each component draws from a stream of its own, derived by name, so that one more draw here moves nothing there.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  private constructor(a: number, b: number, c: number, counter: number) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#counter = counter;
  }

  static seeded(seed: number | string): Random {
    const text = String(seed);
    const random = new Random(hash(text, 1), hash(text, 2), hash(text, 3), 1);
    for (let i = 0; i < 12; i++) random.uint32();
    return random;
  }

  /** An independent stream for `name`; does not advance this one. */
  stream(name: string): Random {
    return Random.seeded(`${this.#a}.${this.#b}.${this.#c}/${name}`);
  }

  clone(): Random {
    return new Random(this.#a, this.#b, this.#c, this.#counter);
  }

  /** Uniform in 0 … 2^32 - 1. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  float(): number {
    return this.uint32() / 4294967296;
  }

  /** Uniform integer in 0 … bound - 1. */
  below(bound: number): number {
    return Math.floor(this.float() * bound);
  }
}

function hash(text: string, salt: number): number {
  let value = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
    value ^= value >>> 15;
  }
  return value | 0;
}
