import { DomainTally, type Topology } from './domain-tally.ts';

/** How many pods of one group are on each node, and in each domain of the topologies that were asked for. */
export class PodCounter {
  readonly #tallies = new Map<string, DomainTally>();
  /** The same, for the walk with every pod. */
  #every: readonly DomainTally[] = [];
  #perSlot: Int32Array;

  constructor(slots: number) {
    this.#perSlot = new Int32Array(Math.max(64, slots));
  }

  at(slot: number): number {
    return slot < this.#perSlot.length ? this.#perSlot[slot]! : 0;
  }

  add(slot: number, delta: number): void {
    if (slot >= this.#perSlot.length) {
      const larger = new Int32Array(Math.max(slot + 1, this.#perSlot.length * 2));
      larger.set(this.#perSlot);
      this.#perSlot = larger;
    }
    this.#perSlot[slot]! += delta;
    for (const tally of this.#every) tally.add(slot, delta);
  }

  /** Visits every node that has any. */
  each(visit: (slot: number, count: number) => void): void {
    for (let slot = 0; slot < this.#perSlot.length; slot++)
      if (this.#perSlot[slot]! > 0) visit(slot, this.#perSlot[slot]!);
  }

  forgetTallies(): void {
    this.#tallies.clear();
    this.#every = [];
  }

  /** The sum over a topology's domains; `key` names the topology. */
  tally(key: string, topology: Topology): DomainTally {
    const known = this.#tallies.get(key);
    if (known) return known;
    const made = new DomainTally(this, topology);
    this.#tallies.set(key, made);
    this.#every = [...this.#every, made];
    return made;
  }
}
