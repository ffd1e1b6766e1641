/** A first-in first-out buffer that forgets its oldest entries. Positions count from 0 since the start and never repeat. */
export class Ring<T> {
  readonly capacity: number;
  #slots: (T | undefined)[];
  #next: number;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#slots = [];
    this.#next = 0;
  }

  /** Position of the oldest entry still held. */
  get first(): number {
    return Math.max(0, this.#next - this.#slots.length);
  }

  /** Position that the next entry will get. */
  get end(): number {
    return this.#next;
  }

  push(entry: T): number {
    const position = this.#next++;
    const slot = position % this.capacity;
    if (slot < this.#slots.length) this.#slots[slot] = entry;
    else this.#slots.push(entry);
    return position;
  }

  at(position: number): T | undefined {
    if (position < this.first || position >= this.#next) return undefined;
    return this.#slots[position % this.capacity];
  }

  /** From oldest to newest. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (let position = this.first; position < this.#next; position++) yield this.at(position)!;
  }

  clone(): Ring<T> {
    const copy = new Ring<T>(this.capacity);
    copy.#slots = this.#slots.slice();
    copy.#next = this.#next;
    return copy;
  }
}
