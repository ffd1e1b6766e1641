import type { PodCounter } from './pod-counter.ts';

/** Whether pods on a node count for a constraint, and under which value. */
export interface Membership {
  /** The node's value of the topology key; undefined when it has no such label. */
  readonly value: string | undefined;
  readonly eligible: boolean;
}

const LABELLED = 1;
const ELIGIBLE = 2;

/** Counts by domain that follow the nodes of a topology. */
export interface DomainCounts {
  /** An eligible node came into a domain; `revives` when it is the first there. */
  entered(slot: number, domain: number, revives: boolean): void;
  /** It left; `ends` when it was the last. */
  left(slot: number, domain: number, ends: boolean): void;
}

/**
 * The values of one topology key over the nodes that count: which domain each node is in. One for all selectors whose
 * constraints judge the nodes alike; it tells their tallies when a node comes, goes, or changes its mind.
 */
export class Topology {
  /** How many domains have at least one eligible node. */
  domains = 0;
  readonly #membership: (slot: number) => Membership | undefined;
  readonly #domainByValue = new Map<string, number>();
  /** Eligible nodes by domain. */
  readonly #nodes: number[] = [];
  #domainOf: Int32Array;
  #flags: Uint8Array;
  #tallies: readonly DomainCounts[] = [];

  constructor(slots: number, membership: (slot: number) => Membership | undefined) {
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

  isEligible(slot: number): boolean {
    return (this.#flags[slot]! & ELIGIBLE) !== 0;
  }

  /** Domains seen so far, with and without nodes. */
  get domainCount(): number {
    return this.#nodes.length;
  }

  isLive(domain: number): boolean {
    return this.#nodes[domain]! > 0;
  }

  join(tally: DomainCounts): void {
    this.#tallies = [...this.#tallies, tally];
  }

  /** Looks at the node in a slot again; its pods must be counted already. */
  nodeChanged(slot: number): void {
    if (slot >= this.#domainOf.length) this.#grow(slot);
    const membership = this.#membership(slot);
    const domain = membership ? this.#domain(membership.value ?? '') : -1;
    const flags = membership ? flagsOf(membership) : 0;
    if (domain === this.#domainOf[slot] && flags === this.#flags[slot]) return;
    if (this.isEligible(slot)) this.#leave(slot);
    this.#domainOf[slot] = domain;
    this.#flags[slot] = flags;
    if (this.isEligible(slot)) this.#enter(slot);
  }

  #enter(slot: number): void {
    const domain = this.#domainOf[slot]!;
    const revives = this.#nodes[domain]!++ === 0;
    if (revives) this.domains++;
    for (const tally of this.#tallies) tally.entered(slot, domain, revives);
  }

  #leave(slot: number): void {
    const domain = this.#domainOf[slot]!;
    const ends = --this.#nodes[domain]! === 0;
    if (ends) this.domains--;
    for (const tally of this.#tallies) tally.left(slot, domain, ends);
  }

  #domain(value: string): number {
    const known = this.#domainByValue.get(value);
    if (known !== undefined) return known;
    const domain = this.#nodes.length;
    this.#domainByValue.set(value, domain);
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

function flagsOf({ value, eligible }: Membership): number {
  return (value === undefined ? 0 : LABELLED) | (eligible ? ELIGIBLE : 0);
}

/**
 * The matching pods of one counter, summed by the domains of one topology. Kept by what changes; knows its least count
 * without looking at all domains.
 */
export class DomainTally implements DomainCounts {
  readonly topology: Topology;
  readonly counter: PodCounter;
  /** Pods by domain; absent is none. */
  readonly #counts: number[] = [];
  /** How many live domains have this count. */
  readonly #histogram: number[] = [];
  #least = 0;
  #total = 0;

  constructor(counter: PodCounter, topology: Topology) {
    this.counter = counter;
    this.topology = topology;
    this.#histogram[0] = topology.domains;
    counter.each((slot, count) => {
      if (topology.isEligible(slot)) this.#shift(topology.domainOf(slot), count);
    });
    topology.join(this);
  }

  /** Whether the node has the topology label. */
  hasLabel(slot: number): boolean {
    return this.topology.hasLabel(slot);
  }

  /** The node's domain; -1 when the slot is empty. */
  domainOf(slot: number): number {
    return this.topology.domainOf(slot);
  }

  /** How many domains have at least one eligible node. */
  get domains(): number {
    return this.topology.domains;
  }

  /** Matching pods in a domain. */
  countIn(domain: number): number {
    return this.#counts[domain] ?? 0;
  }

  /** Matching pods in all domains together. */
  get total(): number {
    return this.#total;
  }

  /** The least count of all domains; 0 when there are none. */
  get least(): number {
    if (this.topology.domains === 0) return 0;
    while (!this.#histogram[this.#least]) this.#least++;
    return this.#least;
  }

  /** The number of matching pods on a node changed. */
  add(slot: number, delta: number): void {
    if (this.topology.isEligible(slot)) this.#shift(this.topology.domainOf(slot), delta);
  }

  entered(slot: number, domain: number, revives: boolean): void {
    if (revives) this.#note(this.countIn(domain), 1);
    this.#shift(domain, this.counter.at(slot));
  }

  left(slot: number, domain: number, ends: boolean): void {
    const count = this.counter.at(slot);
    if (!ends) {
      this.#shift(domain, -count);
      return;
    }
    this.#note(this.countIn(domain), -1);
    this.#counts[domain] = this.countIn(domain) - count;
    this.#total -= count;
  }

  #shift(domain: number, delta: number): void {
    if (delta === 0) return;
    this.#total += delta;
    const before = this.countIn(domain);
    while (this.#counts.length < domain) this.#counts.push(0);
    this.#counts[domain] = before + delta;
    this.#note(before, -1);
    this.#note(before + delta, 1);
  }

  #note(count: number, delta: 1 | -1): void {
    this.#histogram[count] = (this.#histogram[count] ?? 0) + delta;
    if (delta > 0 && count < this.#least) this.#least = count;
  }
}
