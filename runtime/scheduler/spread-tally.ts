import type { PodCounter } from './spread-index.ts';

/** Whether pods on a node count for a constraint, and under which value. */
export interface Membership {
  /** The node's value of the topology key; undefined when it has no such label. */
  readonly value: string | undefined;
  readonly eligible: boolean;
}

const LABELLED = 1;
const ELIGIBLE = 2;

/**
 * The matching pods of one counter, summed by the values of one topology key over the nodes that count. Kept by what
 * changes; knows its least count without looking at all values.
 */
export class SpreadTally {
  readonly counter: PodCounter;
  readonly topologyKey: string;
  /** Pods by domain. */
  readonly counts: number[] = [];
  /** How many domains have at least one eligible node. */
  domains = 0;
  readonly #membership: (slot: number) => Membership | undefined;
  readonly #domainByValue = new Map<string, number>();
  /** Eligible nodes by domain. */
  readonly #nodes: number[] = [];
  /** How many live domains have this count. */
  readonly #histogram: number[] = [];
  #least = 0;
  #domainOf: Int32Array;
  #flags: Uint8Array;

  constructor(
    counter: PodCounter,
    topologyKey: string,
    slots: number,
    membership: (slot: number) => Membership | undefined,
  ) {
    this.counter = counter;
    this.topologyKey = topologyKey;
    this.#membership = membership;
    this.#domainOf = new Int32Array(Math.max(64, slots)).fill(-1);
    this.#flags = new Uint8Array(this.#domainOf.length);
    for (let slot = 0; slot < slots; slot++) this.nodeChanged(slot);
  }

  /** Whether the node has the topology label. */
  hasLabel(slot: number): boolean {
    return (this.#flags[slot]! & LABELLED) !== 0;
  }

  /** The node's domain; -1 when the slot is empty. */
  domainOf(slot: number): number {
    return this.#domainOf[slot]!;
  }

  /** The least count of all domains; 0 when there are none. */
  get least(): number {
    if (this.domains === 0) return 0;
    while (!this.#histogram[this.#least]) this.#least++;
    return this.#least;
  }

  /** The number of matching pods on an eligible node changed. */
  add(slot: number, delta: number): void {
    if ((this.#flags[slot]! & ELIGIBLE) !== 0) this.#shift(this.#domainOf[slot]!, delta);
  }

  /** Looks at the node in a slot again; its pods must be counted in `counter` already. */
  nodeChanged(slot: number): void {
    if (slot >= this.#domainOf.length) this.#grow(slot);
    if ((this.#flags[slot]! & ELIGIBLE) !== 0) this.#leave(slot);
    const membership = this.#membership(slot);
    if (!membership) {
      this.#domainOf[slot] = -1;
      this.#flags[slot] = 0;
      return;
    }
    const { value, eligible } = membership;
    this.#domainOf[slot] = this.#domain(value ?? '');
    this.#flags[slot] = (value === undefined ? 0 : LABELLED) | (eligible ? ELIGIBLE : 0);
    if (eligible) this.#enter(slot);
  }

  #enter(slot: number): void {
    const domain = this.#domainOf[slot]!;
    if (this.#nodes[domain]!++ === 0) {
      this.domains++;
      this.#note(this.counts[domain]!, 1);
    }
    this.#shift(domain, this.counter.at(slot));
  }

  #leave(slot: number): void {
    const domain = this.#domainOf[slot]!;
    this.#shift(domain, -this.counter.at(slot));
    if (--this.#nodes[domain]! > 0) return;
    this.domains--;
    this.#note(this.counts[domain]!, -1);
  }

  #shift(domain: number, delta: number): void {
    if (delta === 0) return;
    const before = this.counts[domain]!;
    this.counts[domain] = before + delta;
    this.#note(before, -1);
    this.#note(before + delta, 1);
  }

  #note(count: number, delta: 1 | -1): void {
    this.#histogram[count] = (this.#histogram[count] ?? 0) + delta;
    if (delta > 0 && count < this.#least) this.#least = count;
  }

  #domain(value: string): number {
    const known = this.#domainByValue.get(value);
    if (known !== undefined) return known;
    const domain = this.counts.length;
    this.#domainByValue.set(value, domain);
    this.counts.push(0);
    this.#nodes.push(0);
    return domain;
  }

  #grow(slot: number): void {
    const domainOf = new Int32Array(Math.max(slot + 1, this.#domainOf.length * 2)).fill(-1);
    domainOf.set(this.#domainOf);
    this.#domainOf = domainOf;
    const flags = new Uint8Array(domainOf.length);
    flags.set(this.#flags);
    this.#flags = flags;
  }
}
